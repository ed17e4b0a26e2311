using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Shows two tokenizers side by side on a text.</summary>
internal sealed class Comparison
{
    private const int ContextLength = 12;
    private const int LongestLine = 50;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private readonly string _text;
    private readonly TokenizedText _first;
    private readonly TokenizedText _second;
    private readonly IReadOnlyList<SplitDifference> _differences;
    private readonly List<int> _lineStarts = [0];

    public Comparison(string text, TokenizedText first, TokenizedText second)
    {
        (_text, _first, _second) = (text, first, second);
        _differences = SplitDifference.Between(first.Tokenizer, first.Tokens, second.Tokenizer, second.Tokens);
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    private double DifferingShare => _text.Length == 0
        ? 0
        : (double)_differences.Sum(difference => (long)difference.End - difference.Start) / _text.Length;

    private double Ratio => _first.Tokens.Length == 0 ? 1 : (double)_second.Tokens.Length / _first.Tokens.Length;

    /// <summary>Writes counts, differences and lines as columns.</summary>
    public void Write(TextWriter output, int mostDifferences, bool lines)
    {
        (TokenCounts first, TokenCounts second) = (Counts(_first), Counts(_second));
        Columns.Write(output,
        [
            ["", _first.Name, _second.Name],
            ["tokens", Number(first.Tokens), Number(second.Tokens)],
            ["bytes a token", $"{first.BytesPerToken.ToString("F2", _culture)}", $"{second.BytesPerToken.ToString("F2", _culture)}"],
            ["vocabulary", Number(_first.Tokenizer.VocabularySize), Number(_second.Tokenizer.VocabularySize)],
        ]);
        output.WriteLine();
        output.WriteLine(string.Create(_culture, $"tokens of {_second.Name} for one of {_first.Name}: {Ratio:F3}"));
        output.WriteLine(string.Create(_culture,
            $"places split differently: {_differences.Count:N0}, {100 * DifferingShare:F1}% of the text"));
        if (_differences.Count > 0 && mostDifferences > 0)
        {
            output.WriteLine();
            Columns.Write(output,
            [
                ["line", "text", _first.Name, _second.Name],
                .. _differences.Take(mostDifferences).Select(difference => new[]
                {
                    Number(LineOf(difference.Start) + 1), Context(difference), Split(_first, difference.First),
                    Split(_second, difference.Second),
                }),
            ]);
        }

        if (lines)
        {
            WriteLines(output);
        }
    }

    /// <summary>Writes the same as one JSON object.</summary>
    public void WriteJson(TextWriter output, int mostDifferences, bool lines)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            WriteJson(json, "first", _first);
            WriteJson(json, "second", _second);
            json.WriteNumber("ratio", Ratio);
            json.WriteNumber("differingShare", DifferingShare);
            json.WriteNumber("differenceCount", _differences.Count);
            json.WriteStartArray("differences");
            foreach (SplitDifference difference in _differences.Take(mostDifferences))
            {
                json.WriteStartObject();
                json.WriteNumber("start", difference.Start);
                json.WriteNumber("end", difference.End);
                WriteIds(json, "first", _first.Tokens.AsSpan(difference.First));
                WriteIds(json, "second", _second.Tokens.AsSpan(difference.Second));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (lines)
            {
                WriteNumbers(json, "firstByLine", ByLine(_first));
                WriteNumbers(json, "secondByLine", ByLine(_second));
            }

            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static string Number(long value) => value.ToString("N0", _culture);

    private static string Split(TokenizedText view, Range tokens) => string.Join('|', view.Tokens[tokens]
        .Select(token => TokenText.Quote(view.Tokenizer.TokenBytes(token.Id))[1..^1]));

    private static void WriteIds(Utf8JsonWriter json, string name, ReadOnlySpan<TokenRange> tokens)
    {
        json.WriteStartArray(name);
        foreach (TokenRange token in tokens)
        {
            json.WriteNumberValue(token.Id);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, int[] numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private void WriteJson(Utf8JsonWriter json, string name, TokenizedText view)
    {
        json.WriteStartObject(name);
        json.WriteString("name", view.Name);
        json.WriteNumber("tokens", view.Tokens.Length);
        json.WriteNumber("bytesPerToken", Counts(view).BytesPerToken);
        json.WriteNumber("vocabulary", view.Tokenizer.VocabularySize);
        json.WriteEndObject();
    }

    private void WriteLines(TextWriter output)
    {
        (int[] first, int[] second) = (ByLine(_first), ByLine(_second));
        output.WriteLine();
        Columns.Write(output,
        [
            ["line", _first.Name, _second.Name, "text"],
            .. _lineStarts.Select((_, line) => new[] { Number(line + 1), Number(first[line]), Number(second[line]), LineText(line) }),
        ]);
    }

    private TokenCounts Counts(TokenizedText view) => TokenCounts.Of(_text, view.Tokens.Length);

    // A token counts for the line that it begins in.
    private int[] ByLine(TokenizedText view)
    {
        int[] counts = new int[_lineStarts.Count];
        int line = 0;
        foreach (TokenRange token in view.Tokens)
        {
            while (line + 1 < _lineStarts.Count && _lineStarts[line + 1] <= token.Start)
            {
                line++;
            }

            counts[line]++;
        }

        return counts;
    }

    private int LineOf(int position)
    {
        int found = _lineStarts.BinarySearch(position);
        return found >= 0 ? found : ~found - 1;
    }

    private string LineText(int line)
    {
        int end = line + 1 < _lineStarts.Count ? _lineStarts[line + 1] : _text.Length;
        string text = _text[_lineStarts[line]..end].TrimEnd('\n');
        return TokenText.Quote(text.Length > LongestLine ? text[..Whole(LongestLine, text)] + "..." : text)[1..^1];
    }

    private string Context(SplitDifference difference)
    {
        int before = Whole(Math.Max(_lineStarts[LineOf(difference.Start)], difference.Start - ContextLength), _text);
        int lineEnd = _text.IndexOf('\n', difference.End);
        int after = Whole(Math.Min(lineEnd < 0 ? _text.Length : lineEnd, difference.End + ContextLength), _text);
        return $"{Shown(before, difference.Start)}[{Shown(difference.Start, difference.End)}]{Shown(difference.End, after)}";
    }

    private string Shown(int start, int end) => TokenText.Quote(_text[start..end])[1..^1];

    // A place that is not inside a surrogate pair.
    private static int Whole(int position, string text)
        => position > 0 && position < text.Length && char.IsLowSurrogate(text[position]) ? position - 1 : position;
}
