using System.Buffers;

namespace Nabla.Tokenizers;

/// <summary>
/// The first half of a training: normalises each sentence, cuts it into words, and counts equal words once. Lines that are too
/// long, or hold the character that stands for uncovered ones, are left out whole.
/// </summary>
internal sealed class SentenceWords
{
    private readonly SentencePieceTrainingOptions _options;
    private readonly TextNormalizer _normalizer;
    private readonly DoubleArray _metaPieces;
    private readonly SearchValues<byte> _metaStarts;
    private byte[] _parts = new byte[256];

    public SentenceWords(SentencePieceTrainingOptions options, MetaPieces metaPieces)
    {
        _options = options;
        _normalizer = new TextNormalizer(options.Normalization, options.TreatWhitespaceAsSuffix, symbols: null);
        _metaPieces = metaPieces.ToTrie();
        _metaStarts = SearchValues.Create(
            [.. Enumerable.Range(1, 255).Select(value => (byte)value).Where(_metaPieces.BeginsWith)]);
    }

    /// <summary>The words, with a space as the byte 0x20, and how often each came.</summary>
    public ChunkCounts Counts { get; } = new();

    /// <summary>Whether a sentence is one that counts: not empty, not too long, and without the reserved character.</summary>
    public bool Accepts(ReadOnlySpan<byte> sentence) => !sentence.IsEmpty
        && sentence.Length <= _options.MaxSentenceLength
        && sentence.IndexOf("\u2585"u8) < 0;

    /// <summary>Counts the words of a sentence.</summary>
    public void Add(ReadOnlySpan<byte> sentence)
    {
        var normalized = new NormalizedText(sentence.Length + 16, withOrigins: false);
        _normalizer.Normalize(sentence, ref normalized);
        ReadOnlySpan<byte> text = WithoutMetaPieces(normalized.Bytes);
        while (!text.IsEmpty)
        {
            var length = WordLength(text);
            Counts.Add(text[..length], position: 0);
            text = text[length..];
        }

        normalized.Dispose();
    }

    // A piece that is told beforehand becomes a boundary, so that none is learned from parts of it.
    private ReadOnlySpan<byte> WithoutMetaPieces(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAny(_metaStarts);
        if (start < 0)
        {
            return text;
        }

        _parts = _parts.Length < text.Length ? new byte[text.Length * 2] : _parts;
        var count = 0;
        for (var position = 0; position < text.Length;)
        {
            var length = _metaPieces.LongestPrefix(text[position..]).Length;
            _parts[count] = length > 0 ? (byte)PieceRules.Boundary : text[position];
            count++;
            // A piece begins only where a character does, but no byte inside of a character begins one.
            position += Math.Max(1, length);
        }

        return _parts.AsSpan(0, count);
    }

    // Unlike in use, each space of a row is a word of its own here, unless there may be pieces of spaces only.
    private int WordLength(ReadOnlySpan<byte> text)
    {
        if (!_options.SplitByWhitespace)
        {
            return text.Length;
        }

        var rows = _options.AllowWhitespaceOnlyPieces;
        if (_options.TreatWhitespaceAsSuffix)
        {
            var space = text.IndexOf((byte)' ');
            return space < 0 ? text.Length : space + (rows ? Spaces(text[space..]) : 1);
        }

        var start = rows ? Spaces(text) : Math.Min(1, Spaces(text));
        var length = text[start..].IndexOf((byte)' ');
        return length < 0 ? text.Length : start + length;
    }

    private static int Spaces(ReadOnlySpan<byte> text)
    {
        var other = text.IndexOfAnyExcept((byte)' ');
        return other < 0 ? text.Length : other;
    }
}
