using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Tells what is in a tokenizer.</summary>
internal sealed class TokenizerReport(string name, ITokenizer tokenizer, VocabularySurvey survey, int examples)
{
    private const int BarLength = 40;
    private const int LastLength = 16;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        List<string[]> rows =
        [
            ["tokenizer", name],
            ["kind", TokenizerKind.Describe(tokenizer)],
            ["ids", Number(tokenizer.VocabularySize)],
            ["tokens of text", Number(survey.TextTokenCount)],
            ["special tokens", Number(survey.Special.Length)],
        ];
        if (survey.UnusedCount > 0)
        {
            rows.Add(["unused ids", Number(survey.UnusedCount)]);
        }

        if (Splitter is TextSplitter splitter)
        {
            rows.Add(["split pattern", SplitterChoice.Describe(splitter)]);
        }

        rows.Add(["not UTF-8 alone", $"{Number(survey.NotUtf8.Length)}, which hold a part of a character"]);
        rows.Add(["never used", $"{Number(survey.Unreachable.Length)}, to which their own text does not encode"]);
        Columns.Write(output, rows);
        WriteTokens(output, "special tokens", survey.Special);
        WriteTokens(output, "longest tokens", VocabularySurvey.Longest(tokenizer, examples));
        WriteTokens(output, "never used", survey.Unreachable);
        WriteMerges(output);
        WriteLengths(output);
    }

    /// <summary>Writes it as one JSON object, with the lists of ids whole.</summary>
    public void WriteJson(TextWriter output)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("tokenizer", name);
            json.WriteString("kind", TokenizerKind.Describe(tokenizer));
            json.WriteNumber("ids", tokenizer.VocabularySize);
            json.WriteNumber("textTokens", survey.TextTokenCount);
            json.WriteNumber("unusedIds", survey.UnusedCount);
            json.WriteString("pattern", Splitter?.Pattern);
            json.WriteStartObject("specialTokens");
            foreach (int id in survey.Special)
            {
                json.WriteNumber(TextOf(id), id);
            }

            json.WriteEndObject();
            WriteNumbers(json, "notUtf8", survey.NotUtf8);
            WriteNumbers(json, "unreachable", survey.Unreachable);
            WriteNumbers(json, "longest", VocabularySurvey.Longest(tokenizer, examples));
            WriteNumbers(json, "tokensByLength", survey.Lengths);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static string Number(long value) => value.ToString("N0", _culture);

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private TextSplitter? Splitter => (tokenizer as RegexTokenizer)?.Splitter;

    // A sign of SentencePiece has a name, but adds nothing to a text.
    private string TextOf(int id) => tokenizer is SentencePieceTokenizer pieces
        ? pieces.PieceOf(id)
        : Encoding.UTF8.GetString(tokenizer.TokenBytes(id));

    private void WriteTokens(TextWriter output, string title, IReadOnlyCollection<int> ids)
    {
        if (ids.Count == 0 || examples == 0)
        {
            return;
        }

        output.WriteLine();
        Columns.Write(output,
        [
            ["id", "bytes", ids.Count > examples ? $"{title}, the first {Number(examples)} of {Number(ids.Count)}" : title],
            .. ids.Take(examples).Select(id => new[]
            {
                id.ToString(_culture), Number(tokenizer.TokenBytes(id).Length), tokenizer.IsSpecial(id)
                    ? TextOf(id)
                    : TokenText.Quote(tokenizer.TokenBytes(id)),
            }),
        ]);
    }

    private void WriteMerges(TextWriter output)
    {
        MergeHistory history = MergeHistory.Of(tokenizer);
        int[] merged = [.. history.Merged.Take(examples)];
        if (merged.Length > 0)
        {
            output.WriteLine();
            Columns.Write(output,
            [
                ["id", "first merges"],
                .. merged.Select(id => history.PartsOf(id)!.Value is var (left, right)
                    ? new[] { id.ToString(_culture), $"{Quoted(left)} + {Quoted(right)} = {Quoted(id)}" }
                    : []),
            ]);
        }
    }

    private string Quoted(int id) => TokenText.Quote(tokenizer.TokenBytes(id));

    private void WriteLengths(TextWriter output)
    {
        int[] counts = new int[LastLength + 1];
        for (int length = 1; length < survey.Lengths.Length; length++)
        {
            counts[Math.Min(length, LastLength)] += survey.Lengths[length];
        }

        int most = Math.Max(1, counts.Max());
        output.WriteLine();
        Columns.Write(output,
        [
            ["bytes", "tokens", ""],
            .. Enumerable.Range(1, Math.Min(LastLength, survey.Lengths.Length - 1)).Select(length => new[]
            {
                length < LastLength ? length.ToString(_culture) : string.Create(_culture, $"{length}+"),
                Number(counts[length]),
                new string('▇', (int)Math.Ceiling((double)counts[length] * BarLength / most)),
            }),
        ]);
    }
}
