using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>In which file format a tokenizer is kept.</summary>
internal enum TokenizerFormat
{
    /// <summary>Hugging Face's tokenizer.json.</summary>
    HuggingFace,

    /// <summary>OpenAI's ranks.</summary>
    Tiktoken,

    /// <summary>minbpe's text files.</summary>
    Minbpe,

    /// <summary>SentencePiece's model.</summary>
    SentencePiece,

    /// <summary>GPT-2's vocab.bpe and encoder.json.</summary>
    Gpt2,

    /// <summary>This library's own, for a tokenizer of characters.</summary>
    Characters,
}

/// <summary>Writes a tokenizer in the format that a user names, by a word or by the ending of a file.</summary>
internal static class TokenizerFormats
{
    /// <summary>The words for the formats.</summary>
    public static readonly IReadOnlyList<(string Word, TokenizerFormat Value)> Choices =
    [
        ("huggingface", TokenizerFormat.HuggingFace),
        ("tiktoken", TokenizerFormat.Tiktoken),
        ("minbpe", TokenizerFormat.Minbpe),
        ("sentencepiece", TokenizerFormat.SentencePiece),
        ("gpt2", TokenizerFormat.Gpt2),
    ];

    /// <summary>What each ending of a file stands for, for help pages.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Endings { get; } =
    [
        (".json", "Hugging Face's tokenizer.json: all of a byte-pair tokenizer in one file"),
        (".model", "minbpe's text or SentencePiece's model, as the tokenizer is; a .vocab to read is put beside it"),
        (".tiktoken", "OpenAI's ranks: tokens alone, without pattern and special tokens"),
        (".bpe", "GPT-2's merges, with encoder.json beside them"),
    ];

    /// <summary>The format of a file by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pieces">Whether the tokenizer is a SentencePiece model.</param>
    /// <param name="characters">Whether it is one of characters.</param>
    /// <exception cref="UsageException">The ending stands for none.</exception>
    public static TokenizerFormat ByEnding(string path, bool pieces, bool characters = false)
        => Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => characters ? TokenizerFormat.Characters : TokenizerFormat.HuggingFace,
            ".model" => pieces ? TokenizerFormat.SentencePiece : TokenizerFormat.Minbpe,
            ".tiktoken" => TokenizerFormat.Tiktoken,
            ".bpe" => TokenizerFormat.Gpt2,
            ".txt" when Path.GetFileName(path) == "merges.txt" => TokenizerFormat.Gpt2,
            _ => throw new UsageException($"{path}: the ending does not tell the format: give one of "
                + $"{string.Join(", ", Endings.Select(ending => ending.Name))}, or --format."),
        };

    /// <summary>Writes a tokenizer; each file is replaced whole or not at all.</summary>
    /// <returns>The files that were written.</returns>
    /// <exception cref="TokenizerException">The format cannot hold the tokenizer, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Save(ITokenizer tokenizer, string path, TokenizerFormat format)
    {
        switch (format, tokenizer)
        {
            case (TokenizerFormat.Characters, CharacterTokenizer characters):
                characters.Save(path);
                return [path];
            case (TokenizerFormat.SentencePiece, SentencePieceTokenizer pieces):
                pieces.Save(path);
                pieces.Model.SaveVocabulary(Beside(path));
                return [path, Beside(path)];
            case (TokenizerFormat.Minbpe, BasicTokenizer basic):
                MinbpeFile.Save(path, basic);
                MinbpeFile.SaveVocabulary(Beside(path), basic);
                return [path, Beside(path)];
            case (TokenizerFormat.Minbpe, RegexTokenizer regex):
                MinbpeFile.Save(path, regex);
                MinbpeFile.SaveVocabulary(Beside(path), regex);
                return [path, Beside(path)];
            case (TokenizerFormat.HuggingFace, RegexTokenizer or BasicTokenizer):
                HuggingFaceFile.Save(path, WithSplitter(tokenizer));
                return [path];
            case (TokenizerFormat.Tiktoken, RegexTokenizer or BasicTokenizer):
                TiktokenFile.Save(path, WithSplitter(tokenizer).Vocabulary);
                return [path];
            case (TokenizerFormat.Gpt2, RegexTokenizer regex):
                Gpt2Files.Save(path, Entries(path), regex);
                return [path, Entries(path)];
            default:
                throw new TokenizerException(
                    $"{WordOf(format)} cannot hold {TokenizerKind.Describe(tokenizer)}: write it as {Fitting(tokenizer)}.");
        }
    }

    // The two are found by their names, so they must have them.
    private static string Entries(string path) => Path.GetFileName(path) switch
    {
        "vocab.bpe" => Path.Combine(Path.GetDirectoryName(path) ?? "", "encoder.json"),
        "merges.txt" => Path.Combine(Path.GetDirectoryName(path) ?? "", "vocab.json"),
        _ => throw new UsageException($"{path}: GPT-2's two files are found by their names: write --out vocab.bpe, or merges.txt."),
    };

    private static RegexTokenizer WithSplitter(ITokenizer tokenizer) => tokenizer as RegexTokenizer
        ?? new RegexTokenizer(((BasicTokenizer)tokenizer).Vocabulary, TextSplitter.None);

    private static string Beside(string path) => Path.ChangeExtension(path, ".vocab");

    private static string WordOf(TokenizerFormat format)
        => Choices.FirstOrDefault(choice => choice.Value == format).Word ?? "that format";

    private static string Fitting(ITokenizer tokenizer) => tokenizer switch
    {
        SentencePieceTokenizer => "sentencepiece, in a .model file",
        CharacterTokenizer => "its own format, in a .json file without --format",
        _ => "huggingface, in a .json file",
    };
}
