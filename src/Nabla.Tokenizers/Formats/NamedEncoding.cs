using System.Security.Cryptography;

namespace Nabla.Tokenizers;

/// <summary>
/// A tokenizer that OpenAI has published: where its files are, what they must contain, and what is not in them, the split
/// pattern and the special tokens.
/// </summary>
/// <remarks>As in <c>openai_public.py</c> of tiktoken (github.com/openai/tiktoken).</remarks>
public sealed class NamedEncoding
{
    private const string EndOfText = "<|endoftext|>";
    private const string Host = "https://openaipublic.blob.core.windows.net/";

    private NamedEncoding(string name, TextSplitter splitter, (string Text, int Id)[] specialTokens, EncodingFile[] files)
    {
        Name = name;
        Splitter = splitter;
        SpecialTokens = new SpecialTokens(specialTokens.Select(token => KeyValuePair.Create(token.Text, token.Id)));
        Files = files;
    }

    /// <summary>GPT-2: 50,257 tokens, from <c>vocab.bpe</c> and <c>encoder.json</c>.</summary>
    public static NamedEncoding Gpt2 { get; } = new("gpt2", TextSplitter.Gpt2, [(EndOfText, 50256)],
    [
        File("gpt-2/encodings/main/vocab.bpe", 456_318, "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"),
        File("gpt-2/encodings/main/encoder.json", 1_042_301, "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783"),
    ]);

    /// <summary>GPT-3: the same ids as <see cref="Gpt2"/>, from a file of ranks.</summary>
    public static NamedEncoding R50kBase { get; } = new("r50k_base", TextSplitter.Gpt2, [(EndOfText, 50256)],
        [Ranks("r50k_base", 835_554, "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930")]);

    /// <summary>Codex: <see cref="R50kBase"/> and 24 runs of spaces, after the end of text.</summary>
    public static NamedEncoding P50kBase { get; } = new("p50k_base", TextSplitter.Gpt2, [(EndOfText, 50256)],
        [Ranks("p50k_base", 836_186, "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069")]);

    /// <summary>GPT-3.5 and GPT-4: 100,256 tokens and five special ones.</summary>
    public static NamedEncoding Cl100kBase { get; } = new("cl100k_base", TextSplitter.Cl100k,
        [(EndOfText, 100257), ("<|fim_prefix|>", 100258), ("<|fim_middle|>", 100259), ("<|fim_suffix|>", 100260), ("<|endofprompt|>", 100276)],
        [Ranks("cl100k_base", 1_681_126, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7")]);

    /// <summary>GPT-4o: 199,998 tokens and two special ones.</summary>
    public static NamedEncoding O200kBase { get; } = new("o200k_base", TextSplitter.O200k,
        [(EndOfText, 199999), ("<|endofprompt|>", 200018)],
        [Ranks("o200k_base", 3_613_922, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d")]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NamedEncoding> All { get; } = [Gpt2, R50kBase, P50kBase, Cl100kBase, O200kBase];

    /// <summary>The name, such as <c>cl100k_base</c>.</summary>
    public string Name { get; }

    /// <summary>The files that <see cref="Load"/> needs, in its order.</summary>
    public IReadOnlyList<EncodingFile> Files { get; }

    /// <summary>How text is cut into chunks.</summary>
    public TextSplitter Splitter { get; }

    /// <summary>The special tokens.</summary>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>The encoding of that name, or null.</summary>
    public static NamedEncoding? Find(string name) => All.FirstOrDefault(encoding => encoding.Name == name);

    /// <summary>Makes the tokenizer from its files.</summary>
    /// <param name="paths">Where the <see cref="Files"/> are, one for each.</param>
    /// <exception cref="ArgumentException">There are more or fewer paths than files.</exception>
    /// <exception cref="TokenizerException">A file cannot be read, or is not the published one to the last bit.</exception>
    public RegexTokenizer Load(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count != Files.Count)
        {
            throw new ArgumentException($"{Name} is made of {string.Join(" and ", Files.Select(file => file.FileName))}: "
                + "give one path for each.", nameof(paths));
        }

        byte[][] contents = [.. paths.Select(WholeFile.ReadBytes)];
        for (var index = 0; index < contents.Length; index++)
        {
            if (!Files[index].Is(contents[index]))
            {
                throw new TokenizerException($"{paths[index]}: this is not {Files[index].FileName} of {Name} as published (its "
                    + "SHA-256 is another): delete it and download it again.");
            }
        }

        BytePairVocabulary vocabulary = contents.Length == 2
            ? Gpt2Files.Parse(contents[0], contents[1]).Vocabulary
            : TiktokenFile.Parse(contents[0]);
        return new RegexTokenizer(vocabulary, Splitter, SpecialTokens);
    }

    /// <summary>The encoding that a file of ranks is, told by its content, or null.</summary>
    internal static NamedEncoding? OfRanks(ReadOnlySpan<byte> content, BytePairVocabulary vocabulary)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        if (OfRanks(digest) is { } encoding)
        {
            return encoding;
        }

        // Other line endings or another order of the lines do not make it another encoding.
        using var canonical = new MemoryStream();
        TiktokenFile.Write(canonical, vocabulary);
        canonical.Position = 0;
        return OfRanks(Convert.ToHexStringLower(SHA256.HashData(canonical)));
    }

    private static NamedEncoding? OfRanks(string digest) =>
        All.FirstOrDefault(encoding => encoding.Files is [{ } only] && only.Sha256 == digest);

    private static EncodingFile Ranks(string name, long length, string digest) => File($"encodings/{name}.tiktoken", length, digest);

    private static EncodingFile File(string address, long length, string digest) =>
        new(Path.GetFileName(address), new Uri(Host + address), length, digest);
}

/// <summary>A published file that is known to the last bit.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Address">Where it is downloaded from.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record EncodingFile(string FileName, Uri Address, long Length, string Sha256)
{
    /// <summary>Whether this is the file's content.</summary>
    public bool Is(ReadOnlySpan<byte> content) =>
        content.Length == Length && Convert.ToHexStringLower(SHA256.HashData(content)) == Sha256;
}
