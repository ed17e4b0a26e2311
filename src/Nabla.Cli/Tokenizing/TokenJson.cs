using System.Text.Encodings.Web;
using System.Text.Json;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>Writes the tokens of a text as one line of JSON.</summary>
internal static class TokenJson
{
    // The output is no part of a page, so text may stay as it is.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes <c>{"count":N,"tokens":[{"id":..,"start":..,"end":..,"text":"..","bytes":".."}]}</c>, places in UTF-16 code
    /// units.
    /// </summary>
    /// <param name="output">Where to write.</param>
    /// <param name="encoding">The tokenizer.</param>
    /// <param name="text">The text.</param>
    public static void Write(TextWriter output, TextEncoding encoding, string text)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, _options))
        {
            json.WriteStartObject();
            TokenRange[] tokens = encoding.EncodeWithRanges(text);
            json.WriteNumber("count", tokens.Length);
            json.WriteStartArray("tokens");
            foreach (TokenRange token in tokens)
            {
                json.WriteStartObject();
                json.WriteNumber("id", token.Id);
                json.WriteNumber("start", token.Start);
                json.WriteNumber("end", token.End);
                json.WriteString("text", text.AsSpan(token.Start, token.End - token.Start));
                json.WriteString("bytes", Convert.ToHexStringLower(encoding.Tokenizer.TokenBytes(token.Id)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }
}
