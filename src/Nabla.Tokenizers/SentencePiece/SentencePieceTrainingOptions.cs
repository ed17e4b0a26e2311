using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>
/// What a SentencePiece training is told, and a model file keeps. Names and defaults are SentencePiece's, with two exceptions:
/// <see cref="ModelType"/> is byte-pair encoding, since nothing else is trained here, and how text is normalised is a record
/// of its own, <see cref="SentencePieceNormalization"/>.
/// </summary>
public sealed record SentencePieceTrainingOptions
{
    /// <summary>The algorithm.</summary>
    public SentencePieceModelType ModelType { get; init; } = SentencePieceModelType.Bpe;

    /// <summary>What is done to text before it is cut, in training and in use.</summary>
    public SentencePieceNormalization Normalization { get; init; } = new();

    /// <summary>The number of pieces, all included: special ones, bytes, merges and characters.</summary>
    public int VocabularySize { get; init; } = 8000;

    /// <summary>
    /// The share of the text's characters that the vocabulary must hold, 0.98 to 1: the rarest that are not needed for it are
    /// left out, and become bytes or unknown.
    /// </summary>
    public float CharacterCoverage { get; init; } = 0.9995f;

    /// <summary>
    /// Characters that the vocabulary holds whatever their number, if a string of them is given.
    /// </summary>
    public string RequiredCharacters { get; init; } = "";

    /// <summary>Whether a character without a piece becomes the bytes of its UTF-8, each a piece of its own.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether no piece goes beyond a word: a space is only ever the first character of a piece.</summary>
    public bool SplitByWhitespace { get; init; } = true;

    /// <summary>Whether no piece has letters of two scripts, such as Latin and Greek; Han and Kana count as one.</summary>
    public bool SplitByUnicodeScript { get; init; } = true;

    /// <summary>Whether no piece has digits beside letters.</summary>
    public bool SplitByNumber { get; init; } = true;

    /// <summary>Whether each digit is a piece of its own.</summary>
    public bool SplitDigits { get; init; }

    /// <summary>Whether the space belongs to the word before it, at its end, instead of the word after it.</summary>
    public bool TreatWhitespaceAsSuffix { get; init; }

    /// <summary>Whether several spaces may become one piece.</summary>
    public bool AllowWhitespaceOnlyPieces { get; init; }

    /// <summary>The most characters that a piece may have, 1 to 512.</summary>
    public int MaxSentencePieceLength { get; init; } = 16;

    /// <summary>
    /// The most bytes of UTF-8 that a line may have. A longer one is skipped, not cut: the training reports how many were.
    /// </summary>
    public int MaxSentenceLength { get; init; } = 4192;

    /// <summary>The most lines that are used, more than 100; 0 for all.</summary>
    public long InputSentenceSize { get; init; }

    /// <summary>
    /// Whether the lines are a random sample if there are more than <see cref="InputSentenceSize"/>, rather than the first.
    /// </summary>
    public bool ShuffleInputSentence { get; init; } = true;

    /// <summary>Whether <see cref="VocabularySize"/> must be reached exactly; else the vocabulary may end smaller.</summary>
    public bool HardVocabularyLimit { get; init; } = true;

    /// <summary>Signs to the model, such as <c>&lt;sep&gt;</c>, each a piece that no text encodes to.</summary>
    public IReadOnlyList<string> ControlSymbols { get; init; } = [];

    /// <summary>Texts that are always one piece.</summary>
    public IReadOnlyList<string> UserDefinedSymbols { get; init; } = [];

    /// <summary>The id of the unknown piece; a model must have one.</summary>
    public int UnknownId { get; init; }

    /// <summary>The id of the piece that begins a text, or -1 for none.</summary>
    public int BeginId { get; init; } = 1;

    /// <summary>The id of the piece that ends a text, or -1 for none.</summary>
    public int EndId { get; init; } = 2;

    /// <summary>The id of the piece that fills up short texts, or -1 for none.</summary>
    public int PaddingId { get; init; } = -1;

    /// <summary>The unknown piece.</summary>
    public string UnknownPiece { get; init; } = "<unk>";

    /// <summary>The piece that begins a text.</summary>
    public string BeginPiece { get; init; } = "<s>";

    /// <summary>The piece that ends a text.</summary>
    public string EndPiece { get; init; } = "</s>";

    /// <summary>The piece that fills up short texts.</summary>
    public string PaddingPiece { get; init; } = "<pad>";

    /// <summary>What the unknown piece decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>The number of candidates to begin with in a unigram training. Not used here; a file tells it.</summary>
    public int SeedSentencePieceSize { get; init; } = 1_000_000;

    /// <summary>The share of pieces that each round of a unigram training keeps. Not used here; a file tells it.</summary>
    public float ShrinkingFactor { get; init; } = 0.75f;

    /// <summary>Fields of a file that this library has no use for, kept as they were.</summary>
    internal ImmutableArray<byte> Unknown { get; init; } = [];
}
