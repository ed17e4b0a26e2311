using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Nabla.Cli.Views.Tokens;

/// <summary>What is said of a tokenizer that has been trained.</summary>
/// <param name="VocabularySize">Its tokens, special ones included.</param>
/// <param name="Asked">The size that was asked for, special ones included.</param>
/// <param name="Bytes">The bytes of the training text.</param>
/// <param name="Tokens">Its tokens by the new vocabulary.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Files">The files that were written.</param>
internal sealed record TokenizerSummary(
    int VocabularySize, int Asked, long Bytes, long Tokens, TimeSpan Time, IReadOnlyList<string> Files)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private double BytesPerToken => Tokens == 0 ? 0 : (double)Bytes / Tokens;

    /// <summary>Writes what was learned to the error stream, and the names of the files to the output.</summary>
    public void Show(Terminal terminal)
    {
        if (VocabularySize < Asked)
        {
            terminal.Error.WriteLine(string.Create(_culture,
                $"warning: the text has no more to merge: {VocabularySize:N0} tokens, not {Asked:N0}"));
        }

        Columns.Write(terminal.Error,
        [
            ["tokens", string.Create(_culture, $"{VocabularySize:N0}")],
            ["text", string.Create(_culture, $"{Bytes:N0} bytes in {Tokens:N0} tokens: {BytesPerToken:F2} bytes a token")],
            ["time", string.Create(_culture, $"{Time.TotalSeconds:F1} s")],
        ]);
        foreach (string file in Files)
        {
            terminal.Output.WriteLine(file);
        }
    }

    /// <summary>Writes it as one JSON object to the output.</summary>
    public void WriteJson(Terminal terminal)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteNumber("vocabulary", VocabularySize);
            json.WriteNumber("bytes", Bytes);
            json.WriteNumber("tokens", Tokens);
            json.WriteNumber("bytesPerToken", BytesPerToken);
            json.WriteNumber("seconds", Time.TotalSeconds);
            json.WriteStartArray("files");
            foreach (string file in Files)
            {
                json.WriteStringValue(file);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        terminal.Output.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }
}
