using System.Buffers;

namespace Nabla.Tokenizers;

/// <summary>
/// Where a normalised text can be cut so that no piece lies across: before each row of spaces, if no piece has a space after
/// another character; after each row, if none has another character after a space; and on both sides of an ASCII character that
/// no longer piece has, as a line feed usually is.
/// </summary>
internal sealed class WordCutter
{
    private const byte Space = (byte)' ';

    private readonly bool _beforeSpaces = true;
    private readonly bool _afterSpaces = true;
    private readonly bool[] _alone = new bool[256];
    private readonly SearchValues<byte> _stops;

    /// <summary>Looks through the pieces of a model.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="counts">Which of the pieces that text can become are to be kept whole.</param>
    public WordCutter(PieceTable pieces, Predicate<int> counts)
    {
        _alone.AsSpan(0, 0x80).Fill(true);
        _alone[Space] = false;
        foreach (var id in pieces.Ordinary)
        {
            if (counts(id) && PieceText.TryNormalized(pieces.Model, id, out byte[] text) && text.Length > 1)
            {
                foreach (var value in text)
                {
                    _alone[value] = false;
                }

                for (var position = 1; position < text.Length; position++)
                {
                    _beforeSpaces &= text[position] != Space || text[position - 1] == Space;
                    _afterSpaces &= text[position] == Space || text[position - 1] != Space;
                }
            }
        }

        IEnumerable<byte> stops = Enumerable.Range(0, 256).Select(value => (byte)value).Where(value => _alone[value]);
        _stops = SearchValues.Create([.. stops, .. _beforeSpaces || _afterSpaces ? [Space] : Array.Empty<byte>()]);
    }

    /// <summary>The length of the first word of a text that is not empty, its spaces included.</summary>
    public int WordLength(ReadOnlySpan<byte> text)
    {
        if (_alone[text[0]])
        {
            return 1;
        }

        var start = _beforeSpaces ? Spaces(text) : 0;
        var length = text[start..].IndexOfAny(_stops);
        return length < 0 ? text.Length
            : _beforeSpaces || text[length] != Space ? start + length
            : length + Spaces(text[length..]);
    }

    private static int Spaces(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (count < text.Length && text[count] == Space)
        {
            count++;
        }

        return count;
    }
}
