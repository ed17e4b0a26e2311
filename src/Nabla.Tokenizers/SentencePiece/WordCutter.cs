namespace Nabla.Tokenizers;

/// <summary>
/// Where a normalised text can be cut so that no piece lies across: before each row of spaces, if no piece has a space after
/// another character; after each row, if none has another character after a space; else nowhere.
/// </summary>
internal readonly struct WordCutter
{
    private readonly bool _beforeSpaces = true;
    private readonly bool _afterSpaces = true;

    /// <summary>Looks through the pieces of a model.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="counts">Which of the pieces that text can become are to be kept whole.</param>
    public WordCutter(PieceTable pieces, Predicate<int> counts)
    {
        foreach (var id in pieces.Ordinary)
        {
            if (counts(id) && PieceText.TryNormalized(pieces.Model, id, out byte[] text))
            {
                for (var position = 1; position < text.Length; position++)
                {
                    _beforeSpaces &= text[position] != (byte)' ' || text[position - 1] == (byte)' ';
                    _afterSpaces &= text[position] == (byte)' ' || text[position - 1] != (byte)' ';
                }
            }
        }
    }

    /// <summary>The length of the first word of a text that is not empty, its spaces included.</summary>
    public int WordLength(ReadOnlySpan<byte> text)
    {
        if (_beforeSpaces)
        {
            var start = Spaces(text);
            var length = text[start..].IndexOf((byte)' ');
            return length < 0 ? text.Length : start + length;
        }

        var space = _afterSpaces ? text.IndexOf((byte)' ') : -1;
        return space < 0 ? text.Length : space + Spaces(text[space..]);
    }

    private static int Spaces(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (count < text.Length && text[count] == (byte)' ')
        {
            count++;
        }

        return count;
    }
}
