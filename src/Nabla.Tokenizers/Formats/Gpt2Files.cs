using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>
/// GPT-2's pair of files: <c>encoder.json</c> (<c>vocab.json</c> in Hugging Face's older folders), an object from token to
/// id, and <c>vocab.bpe</c> (<c>merges.txt</c>), a line for each merge under a line with the version. Both are written in the
/// letters of <see cref="ByteAlphabet"/>. A token that no merge makes is a special one.
/// </summary>
public static class Gpt2Files
{
    private static readonly (string Merges, string Entries)[] _names = [("vocab.bpe", "encoder.json"), ("merges.txt", "vocab.json")];

    /// <summary>Reads a tokenizer from either file; the other is found beside it by its usual name.</summary>
    /// <exception cref="TokenizerException">A file is missing, cannot be read, or is not of this format.</exception>
    public static RegexTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = Path.GetFileName(path);
        foreach ((string merges, string entries) in _names)
        {
            if (name == merges)
            {
                return Load(path, Beside(path, entries));
            }

            if (name == entries)
            {
                return Load(Beside(path, merges), path);
            }
        }

        throw new TokenizerException($"{path}: a tokenizer like GPT-2's is two files: name them vocab.bpe and encoder.json, in one "
            + "folder.");
    }

    /// <summary>Reads a tokenizer from both files.</summary>
    /// <exception cref="TokenizerException">A file cannot be read, or is not of this format.</exception>
    public static RegexTokenizer Load(string mergesPath, string entriesPath)
    {
        byte[] merges = WholeFile.ReadBytes(mergesPath);
        return WholeFile.Read(entriesPath, entries => Parse(merges, entries, $"{Path.GetFileName(mergesPath)}, "));
    }

    /// <summary>Writes both files; <see cref="Load(string, string)"/> makes the same tokenizer of them.</summary>
    /// <exception cref="TokenizerException">
    /// A file cannot be written, the text is not split as GPT-2's is, or a token is neither special nor made by a merge.
    /// </exception>
    public static void Save(string mergesPath, string entriesPath, RegexTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        Gpt2Writer.Check(mergesPath, tokenizer);
        WholeFile.Write(mergesPath, stream => Gpt2Writer.WriteMerges(stream, tokenizer.Vocabulary));
        WholeFile.Write(entriesPath, stream => Gpt2Writer.WriteEntries(stream, tokenizer));
    }

    internal static RegexTokenizer Parse(ReadOnlySpan<byte> merges, ReadOnlyMemory<byte> entries, string mergesName = "")
    {
        AlphabetVocabulary vocabulary = JsonContent.Read(entries, root => root.ValueKind == JsonValueKind.Object
            ? AlphabetVocabulary.Read(root, "the vocabulary")
            : throw new TokenizerException("the JSON must be an object from token to id."));
        ReadMerges(merges, vocabulary, mergesName);

        int[] special = [.. Enumerable.Range(0, vocabulary.Tokens.Size)
            .Where(id => !vocabulary.Tokens[id].IsEmpty && !vocabulary.IsMade(id))];
        var texts = special.Select(id => KeyValuePair.Create(ByteAlphabet.Encode(vocabulary.Tokens[id]), id))
            .Concat(vocabulary.Foreign.Select(entry => KeyValuePair.Create(entry.Value, entry.Key)));
        (TokenStore tokens, var pairs) = vocabulary.Without(special);
        return new RegexTokenizer(BytePairVocabulary.Create(tokens, pairs), TextSplitter.Gpt2, new SpecialTokens(texts));
    }

    private static void ReadMerges(ReadOnlySpan<byte> content, AlphabetVocabulary vocabulary, string name)
    {
        char[] characters = [];
        var lines = new TextLines(content);
        while (lines.Next())
        {
            if (lines.Line.IsEmpty || (lines.Number == 1 && lines.Line.StartsWith("#version"u8)))
            {
                continue;
            }

            if (characters.Length < lines.Line.Length)
            {
                characters = new char[lines.Line.Length];
            }

            ReadOnlySpan<char> line = characters.AsSpan(0, Encoding.UTF8.GetChars(lines.Line, characters));
            var space = line.IndexOf(' ');
            var wrong = space <= 0 || space == line.Length - 1
                ? "it must be two tokens with a space between."
                : vocabulary.AddMerge(line[..space], line[(space + 1)..]);
            if (wrong is not null)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture, $"{name}line {lines.Number}: {wrong}"));
            }
        }
    }

    private static string Beside(string path, string name)
    {
        var other = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        return File.Exists(other)
            ? other
            : throw new TokenizerException($"{path}: {name} is not beside it: this tokenizer is made of both files.");
    }
}
