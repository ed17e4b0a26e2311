using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>
/// All that a SentencePiece <c>.model</c> file holds: the pieces, how they were trained, and how text is normalised before it
/// is cut. Immutable.
/// </summary>
public sealed record SentencePieceModel
{
    /// <summary>The pieces; a piece's index is its id.</summary>
    public ImmutableArray<SentencePieceEntry> Pieces { get; init; } = [];

    /// <summary>What the training was told.</summary>
    public SentencePieceTrainingOptions Training { get; init; } = new();

    /// <summary>What is done to text before it is cut.</summary>
    public SentencePieceNormalization Normalization => Training.Normalization;

    /// <summary>What is done to decoded text; null for nothing, as in nearly all models.</summary>
    public SentencePieceNormalization? Denormalization { get; init; }

    /// <summary>Parts of a file that this library has no use for, the self-test samples among them, kept as they were.</summary>
    internal ImmutableArray<byte> Unknown { get; init; } = [];

    /// <summary>Reads a <c>.model</c> file.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is not a whole and sound model.</exception>
    public static SentencePieceModel Load(string path) => WholeFile.Read(path, SentencePieceModelFile.Parse);

    /// <summary>Reads a model from the bytes of a <c>.model</c> file.</summary>
    /// <exception cref="TokenizerException">The bytes are not a whole and sound model.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> bytes) => SentencePieceModelFile.Parse(bytes.ToArray());

    /// <summary>The bytes of the <c>.model</c> file, which any SentencePiece reads.</summary>
    public byte[] ToBytes() => SentencePieceModelFile.Write(this);

    /// <summary>Writes the <c>.model</c> file, which is replaced whole or not at all.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public void Save(string path) => WholeFile.Write(path, stream => stream.Write(ToBytes()));

    /// <summary>
    /// Writes the <c>.vocab</c> file, for people to read: one line for each piece, its text, a tab and its score. It is replaced
    /// whole or not at all.
    /// </summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public void SaveVocabulary(string path) => SentencePieceVocabularyFile.Save(path, this);

    /// <summary>Reads a <c>.vocab</c> file: the pieces and their scores, all as normal pieces, since it says no more.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or a line is not a piece, a tab and a score.</exception>
    public static ImmutableArray<SentencePieceEntry> LoadVocabulary(string path) => SentencePieceVocabularyFile.Load(path);
}
