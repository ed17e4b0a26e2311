using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>What the page tells about a token, and about those that it was merged from.</summary>
internal static class TokenFacts
{
    /// <summary>
    /// <c>{"id":["bytes in hex", left, right, special]}</c> for each id of a text and all of their parts, the last three only
    /// where they say something. It may stand in a script element: it holds digits and nothing else.
    /// </summary>
    public static string Json(ITokenizer tokenizer, ReadOnlySpan<TokenSpan> spans)
    {
        MergeHistory history = MergeHistory.Of(tokenizer);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            HashSet<int> seen = [];
            Stack<int> open = [];
            json.WriteStartObject();
            foreach (TokenSpan span in spans)
            {
                open.Push(span.Id);
                while (open.TryPop(out int id))
                {
                    if (seen.Add(id))
                    {
                        BytePair? parts = tokenizer.IsSpecial(id) ? null : history.PartsOf(id);
                        Write(json, tokenizer, id, parts);
                        if (parts is (int left, int right))
                        {
                            open.Push(right);
                            open.Push(left);
                        }
                    }
                }
            }

            json.WriteEndObject();
        }

        return Encoding.ASCII.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Utf8JsonWriter json, ITokenizer tokenizer, int id, BytePair? parts)
    {
        json.WriteStartArray(id.ToString(CultureInfo.InvariantCulture));
        json.WriteStringValue(Convert.ToHexStringLower(tokenizer.TokenBytes(id)));
        if (parts is (int left, int right))
        {
            json.WriteNumberValue(left);
            json.WriteNumberValue(right);
        }
        else if (tokenizer.IsSpecial(id))
        {
            json.WriteNullValue();
            json.WriteNullValue();
            json.WriteNumberValue(1);
        }

        json.WriteEndArray();
    }
}
