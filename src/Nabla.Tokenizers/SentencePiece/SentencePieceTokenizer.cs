using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// A SentencePiece model at work (Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226): the same ids and the same text
/// as SentencePiece's own library, for byte-pair and unigram models. Where the other tokenizers turn text into bytes first and
/// merge those, this one merges characters, and only what no piece can write becomes bytes, or unknown.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    private readonly PieceTable _pieces;
    private readonly TextNormalizer _normalizer;
    private readonly TextNormalizer? _denormalizer;
    private readonly IPieceEncoder _encoder;

    /// <summary>Makes the tokenizer of a model.</summary>
    /// <exception cref="TokenizerException">The model contradicts itself, or is neither byte-pair nor unigram.</exception>
    public SentencePieceTokenizer(SentencePieceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _pieces = new PieceTable(model);
        var spaceAsSuffix = model.Training.TreatWhitespaceAsSuffix;
        DoubleArray? symbols = PieceTries.OfUserSymbols(_pieces, normalized: false);
        _normalizer = new TextNormalizer(model.Normalization, spaceAsSuffix, symbols);
        _denormalizer = model.Denormalization is { PrecompiledCharsMap.IsEmpty: false } rules
            ? new TextNormalizer(rules with { EscapeWhitespaces = false }, spaceAsSuffix: false, symbols: null)
            : null;
        _encoder = model.Training.ModelType switch
        {
            SentencePieceModelType.Bpe => new BpePieceEncoder(_pieces),
            SentencePieceModelType.Unigram => new UnigramPieceEncoder(_pieces),
            _ => throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"the SentencePiece model is of type {model.Training.ModelType}: only byte-pair and unigram ones can be used.")),
        };
    }

    /// <summary>All that the model file holds.</summary>
    public SentencePieceModel Model => _pieces.Model;

    /// <summary>The pieces; a piece's index is its id.</summary>
    public ImmutableArray<SentencePieceEntry> Pieces => Model.Pieces;

    /// <inheritdoc/>
    public int VocabularySize => _pieces.Count;

    /// <inheritdoc/>
    public int? EndOfTextId => ControlId(Model.Training.EndPiece);

    /// <summary>The token that begins a text, or null where there is none. Encoding does not add it.</summary>
    public int? BeginOfTextId => ControlId(Model.Training.BeginPiece);

    /// <inheritdoc/>
    public bool DropsLeadingSpace => Model.Normalization.AddDummyPrefix || Model.Normalization.RemoveExtraWhitespaces;

    /// <inheritdoc/>
    public string FileExtension => ".model";

    /// <summary>Reads a <c>.model</c> file.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is not a sound byte-pair or unigram model.</exception>
    public static SentencePieceTokenizer Load(string path) =>
        WholeFile.Read(path, bytes => new SentencePieceTokenizer(SentencePieceModelFile.Parse(bytes)));

    /// <summary>The text of a piece, as the model has it: <c>▁</c> for a space, <c>&lt;0x41&gt;</c> for a byte.</summary>
    /// <exception cref="TokenizerException">The id is outside the vocabulary.</exception>
    public string PieceOf(int id) => Pieces[Checked(id)].Text;

    /// <summary>The id of a piece, or null if there is none of that text.</summary>
    public int? IdOf(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return _pieces.Find(piece) is var id and >= 0 ? id : null;
    }

    /// <inheritdoc/>
    /// <remarks>Only half of a surrogate pair is refused: what the vocabulary cannot write becomes bytes, or unknown.</remarks>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var sink = new PieceSink(_pieces, stackalloc int[256], stretches: null);
        try
        {
            Encode(text, ref sink);
            return sink.Ids.ToArray();
        }
        finally
        {
            sink.Dispose();
        }
    }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> text)
    {
        var sink = new PieceSink(_pieces, stackalloc int[256], stretches: null);
        try
        {
            Encode(text, ref sink);
            return sink.Ids.Length;
        }
        finally
        {
            sink.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Ranges are of the text as it was given, before it was normalised. A token of the space that was put in front has an
    /// empty range.
    /// </remarks>
    public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var normalized = new NormalizedText(text.Length + 16, withOrigins: true);
        List<(int Start, int End)> stretches = [];
        var sink = new PieceSink(_pieces, stackalloc int[256], stretches);
        try
        {
            _normalizer.Normalize(utf8.AsSpan(0, ToUtf8(text, utf8)), ref normalized);
            _encoder.Encode(normalized.Bytes, ref sink);
            return OriginalRanges.Of(sink.Ids, stretches, normalized.Origins, text, Model);
        }
        finally
        {
            sink.Dispose();
            normalized.Dispose();
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// As SentencePiece decodes: bytes that are not UTF-8 become one U+FFFD each, and the space in front is dropped once, or, if
    /// the model removes extra spaces, from every piece until there is text.
    /// </remarks>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(16, ids.Length * 4));
        PieceDecoding.Decode(_pieces, ids, text);
        if (_denormalizer is null)
        {
            return Encoding.UTF8.GetString(text.WrittenSpan);
        }

        var denormalized = new NormalizedText(text.WrittenCount + 16, withOrigins: false);
        _denormalizer.Normalize(text.WrittenSpan, ref denormalized);
        var result = Encoding.UTF8.GetString(denormalized.Bytes);
        denormalized.Dispose();
        return result;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TokenBytes(int id) => _pieces.BytesOf(Checked(id));

    /// <inheritdoc/>
    public bool IsSpecial(int id) =>
        (uint)id < (uint)VocabularySize && _pieces.KindOf(id) is SentencePieceKind.Control or SentencePieceKind.Unknown;

    /// <summary>Writes the <c>.model</c> file, which any SentencePiece reads. It is replaced whole or not at all.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public void Save(string path) => Model.Save(path);

    private void Encode(ReadOnlySpan<char> text, ref PieceSink sink)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var normalized = new NormalizedText(text.Length + 16, withOrigins: false);
        try
        {
            _normalizer.Normalize(utf8.AsSpan(0, ToUtf8(text, utf8)), ref normalized);
            _encoder.Encode(normalized.Bytes, ref sink);
        }
        finally
        {
            normalized.Dispose();
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private static int ToUtf8(ReadOnlySpan<char> text, Span<byte> utf8)
    {
        if (Utf8.FromUtf16(text, utf8, out var read, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"the text has half of a surrogate pair, U+{(int)text[read]:X4}, at position {read}: it is not valid Unicode."));
        }

        return written;
    }

    private int Checked(int id) =>
        (uint)id < (uint)VocabularySize ? id : throw TokenDecoding.OutsideVocabulary(id, VocabularySize);

    private int? ControlId(string piece) =>
        _pieces.Find(piece) is var id and >= 0 && _pieces.KindOf(id) == SentencePieceKind.Control ? id : null;
}
