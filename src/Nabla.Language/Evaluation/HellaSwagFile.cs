using System.Globalization;
using System.Text.Json;
using Nabla.Language.Data;

namespace Nabla.Language;

/// <summary>Reads HellaSwag's files of JSON lines, as its authors publish them (https://github.com/rowanz/hellaswag).</summary>
public static class HellaSwagFile
{
    /// <summary>
    /// The share of the 10,042 validation questions that GPT-2 (124M) answers rightly by the mean, as the lecture scores them.
    /// </summary>
    public const double Gpt2Accuracy = 0.2955;

    private const int EndingCount = 4;

    /// <summary>Reads all questions; empty lines are passed over.</summary>
    /// <exception cref="DataFileException">The file is missing or empty, or a line of it is no question.</exception>
    public static IReadOnlyList<HellaSwagQuestion> Read(string path) => Parse(TextFile.Read(path), path);

    /// <summary>
    /// Returns every so-many-th question, so that as many processes can share the work: their scores add up to that of all.
    /// </summary>
    /// <param name="questions">All questions.</param>
    /// <param name="rank">Which share, from 0 on: the questions i with <c>i % world == rank</c>, as in the lecture.</param>
    /// <param name="world">The number of shares.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such share.</exception>
    public static IReadOnlyList<T> Share<T>(IReadOnlyList<T> questions, int rank, int world)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (rank < 0 || rank >= world)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), string.Create(CultureInfo.InvariantCulture,
                $"There is no share {rank} of {world}: shares are counted from 0 to one less than there are."));
        }

        return [.. questions.Where((_, index) => index % world == rank)];
    }

    /// <summary>Reads all questions of a text; messages name the file that it is of.</summary>
    /// <exception cref="DataFileException">The text is empty, or a line of it is no question.</exception>
    internal static IReadOnlyList<HellaSwagQuestion> Parse(string text, string path)
    {
        string[] lines = text.Split('\n');
        List<HellaSwagQuestion> questions = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
            {
                questions.Add(Parse(lines[i], path, i + 1));
            }
        }

        return questions.Count > 0
            ? questions
            : throw new DataFileException($"{path} has no question in it: take HellaSwag's hellaswag_val.jsonl.");
    }

    private static HellaSwagQuestion Parse(string line, string path, int number)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? throw Fault("is no JSON object")
                : Text(root, "ctx") is not string context ? throw Fault("has no text \"ctx\"")
                : Endings(root) is not string[] endings ? throw Fault("has no four texts \"endings\"")
                : Label(root) is not int label ? throw Fault("has no \"label\" from 0 to 3 (in the test set it is secret)")
                : new HellaSwagQuestion(number, context, endings, label);
        }
        catch (JsonException error)
        {
            throw Fault(FormattableString.Invariant($"is no JSON (byte {error.BytePositionInLine} of the line)"), error);
        }

        DataFileException Fault(string fault, Exception? cause = null)
            => new(FormattableString.Invariant($"{path}: line {number} {fault}: each line is one question of HellaSwag."), cause);
    }

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out JsonElement value) ? Text(value) : null;

    private static string? Text(JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string[]? Endings(JsonElement root)
        => root.TryGetProperty("endings", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().Select(Text).OfType<string>().ToArray() is { Length: EndingCount } endings
            && list.GetArrayLength() == EndingCount
                ? endings
                : null;

    // Some copies of the set have it as text.
    private static int? Label(JsonElement root)
    {
        if (!root.TryGetProperty("label", out JsonElement value))
        {
            return null;
        }

        int label = -1;
        bool isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetInt32(out label)
            : value.ValueKind == JsonValueKind.String
                && int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out label);
        return isNumber && label is >= 0 and < EndingCount ? label : null;
    }
}
