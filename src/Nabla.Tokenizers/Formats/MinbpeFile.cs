using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The text files of minbpe: a <c>.model</c> with the split pattern, the special tokens and the merges, and a <c>.vocab</c>
/// that shows each token to people. Only tokenizers whose ids are those of a training fit: bytes 0 to 255, and merge n
/// makes 256 + n.
/// </summary>
/// <remarks>Format of github.com/karpathy/minbpe, version 1; see docs/formats.md.</remarks>
public static class MinbpeFile
{
    private const string Header = "minbpe v1";

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a <c>.model</c>: a <see cref="BasicTokenizer"/> if it has neither pattern nor special tokens.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is not of this format.</exception>
    public static ITokenizer Load(string path) => WholeFile.Read(path, content => Parse(content));

    /// <summary>Writes a <c>.model</c>.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public static void Save(string path, BasicTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        Save(path, tokenizer.Vocabulary, "", []);
    }

    /// <summary>Writes a <c>.model</c>.</summary>
    /// <exception cref="TokenizerException">
    /// The file cannot be written; or the tokenizer does not fit the format: its bytes are shuffled, as in OpenAI's, its merges
    /// are not numbered from 256, or its pattern or a special token has a white space that the format would lose.
    /// </exception>
    public static void Save(string path, RegexTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var pattern = tokenizer.Splitter.Pattern ?? "";
        if (pattern != pattern.Trim() || pattern.AsSpan().ContainsAny('\n', '\r'))
        {
            throw Unfit(path, "its pattern begins or ends with white space, or has a line break; write a space as [ ]");
        }

        KeyValuePair<string, int>[] special = [.. tokenizer.SpecialTokens.Ids.OrderBy(token => token.Value)];
        if (special.FirstOrDefault(token => token.Key.Any(char.IsWhiteSpace)).Key is { } spaced)
        {
            throw Unfit(path, $"special token {Quoted.Text(spaced)} has white space in it; write a tokenizer.json");
        }

        Save(path, tokenizer.Vocabulary, pattern, special);
    }

    /// <summary>Writes a <c>.vocab</c>: every token as text, with the two that it is made of. It cannot be read back.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public static void SaveVocabulary(string path, BasicTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        WholeFile.Write(path, stream => MinbpeVocabulary.Write(stream, tokenizer.Vocabulary, SpecialTokens.None));
    }

    /// <inheritdoc cref="SaveVocabulary(string, BasicTokenizer)"/>
    public static void SaveVocabulary(string path, RegexTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        WholeFile.Write(path, stream => MinbpeVocabulary.Write(stream, tokenizer.Vocabulary, tokenizer.SpecialTokens));
    }

    internal static ITokenizer Parse(ReadOnlySpan<byte> content)
    {
        var lines = new TextLines(content);
        if (!lines.Next() || !lines.Line.SequenceEqual("minbpe v1"u8))
        {
            throw new TokenizerException($"line 1: it must be \"{Header}\": other versions are not supported.");
        }

        var pattern = lines.Next() ? Text(lines, lines.Line) : throw Short();
        if (!lines.Next())
        {
            throw Short();
        }

        var count = Number(lines, lines.Line, VocabularyLimits.MaxId, "the number of special tokens");
        var special = new List<KeyValuePair<string, int>>();
        while (special.Count < count)
        {
            special.Add(lines.Next() ? Special(lines) : throw Short());
        }

        var merges = new List<BytePair>();
        while (lines.Next())
        {
            var space = lines.Line.IndexOf((byte)' ');
            var highest = BytePairVocabulary.ByteCount + merges.Count - 1;
            if (space < 0)
            {
                throw lines.Error("it must be a merge: two ids with a space between.");
            }

            merges.Add(new BytePair(
                Number(lines, lines.Line[..space], highest, "an id that exists before this merge"),
                Number(lines, lines.Line[(space + 1)..], highest, "an id that exists before this merge")));
        }

        if (pattern.Length == 0 && special.Count == 0)
        {
            return new BasicTokenizer(merges);
        }

        return new RegexTokenizer(
            BytePairVocabulary.FromMerges(merges), pattern.Length == 0 ? TextSplitter.None : Splitter(pattern), new SpecialTokens(special));
    }

    private static void Save(string path, BytePairVocabulary vocabulary, string pattern, KeyValuePair<string, int>[] special)
    {
        for (var value = 0; value < BytePairVocabulary.ByteCount; value++)
        {
            if (vocabulary.ByteIds[value] != value)
            {
                throw Unfit(path, string.Create(CultureInfo.InvariantCulture,
                    $"its bytes are shuffled (0x{value:X2} has id {vocabulary.ByteIds[value]}), as those of OpenAI's encodings are; write "
                    + $"a tokenizer.json"));
            }
        }

        var next = BytePairVocabulary.ByteCount;
        foreach (BytePair merge in vocabulary.Merges)
        {
            if (vocabulary.MergedId(merge) != next++)
            {
                throw Unfit(path, string.Create(CultureInfo.InvariantCulture,
                    $"merge {merge} should make id {next - 1} and makes {vocabulary.MergedId(merge)}; write a tokenizer.json"));
            }
        }

        if (vocabulary.Size != next)
        {
            throw Unfit(path, "it has tokens that no merge makes; write a tokenizer.json");
        }

        WholeFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, _strict, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(Header);
            writer.WriteLine(pattern);
            writer.WriteLine(special.Length.ToString(CultureInfo.InvariantCulture));
            foreach ((string text, int id) in special)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text} {id}"));
            }

            foreach ((int left, int right) in vocabulary.Merges)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{left} {right}"));
            }
        });
    }

    private static KeyValuePair<string, int> Special(TextLines lines)
    {
        var space = lines.Line.LastIndexOf((byte)' ');
        return space <= 0
            ? throw lines.Error("it must be a special token: its text, a space, and its id.")
            : KeyValuePair.Create(
                Text(lines, lines.Line[..space]),
                Number(lines, lines.Line[(space + 1)..], VocabularyLimits.MaxId, "the id of a special token"));
    }

    private static TextSplitter Splitter(string pattern)
    {
        try
        {
            return TextSplitter.FromPattern(pattern);
        }
        catch (TokenizerException exception)
        {
            throw new TokenizerException($"line 2: {exception.Message}", exception);
        }
    }

    private static string Text(TextLines lines, ReadOnlySpan<byte> part)
    {
        try
        {
            return _strict.GetString(part);
        }
        catch (DecoderFallbackException exception)
        {
            throw new TokenizerException($"{lines.Error("it is not valid UTF-8.").Message}", exception);
        }
    }

    private static int Number(TextLines lines, ReadOnlySpan<byte> digits, int highest, string what) =>
        digits is [>= (byte)'0' and <= (byte)'9', ..] && Utf8Parser.TryParse(digits, out int number, out var read)
            && read == digits.Length && number <= highest
            ? number
            : throw lines.Error(string.Create(CultureInfo.InvariantCulture, $"there must be {what}, from 0 to {highest}."));

    private static TokenizerException Short() => new("the file ends before its merges: it is cut short.");

    private static TokenizerException Unfit(string path, string why) =>
        new($"cannot write {path}: minbpe's format cannot hold this tokenizer, since {why}.");
}
