using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.Cli.Tokenizing;

namespace Nabla.Cli.Views.Tokens;

/// <summary>What is said of a tokenizer that has been trained.</summary>
/// <param name="Trained">The tokenizer, and from how much.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Files">The files that were written.</param>
internal sealed record TokenizerSummary(TrainedTokenizer Trained, TimeSpan Time, IReadOnlyList<string> Files)
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private int Size => Trained.Tokenizer.VocabularySize;

    private double BytesPerToken => Trained.Tokens == 0 ? 0 : (double)Trained.Bytes / Trained.Tokens;

    /// <summary>Writes what was learned to the error stream, and the names of the files to the output.</summary>
    public void Show(Terminal terminal)
    {
        if (Size < Trained.Asked)
        {
            terminal.Error.WriteLine(string.Create(_culture,
                $"warning: the text has no more to merge: {Size:N0} tokens, not {Trained.Asked:N0}"));
        }

        Columns.Write(terminal.Error,
        [
            ["tokens", string.Create(_culture, $"{Size:N0}")],
            ["text", string.Create(_culture, $"{Trained.Bytes:N0} bytes in {Trained.Tokens:N0} tokens: {BytesPerToken:F2} bytes a token")],
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
            json.WriteNumber("vocabulary", Size);
            json.WriteNumber("bytes", Trained.Bytes);
            json.WriteNumber("tokens", Trained.Tokens);
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
