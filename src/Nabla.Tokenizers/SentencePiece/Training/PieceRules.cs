namespace Nabla.Tokenizers;

/// <summary>Which strings of characters may become a piece: the constraints of a training's options.</summary>
internal sealed class PieceRules(SentencePieceTrainingOptions options)
{
    /// <summary>How SentencePiece writes a space.</summary>
    public const int Space = 0x2581;

    /// <summary>What SentencePiece uses for characters that are not covered; a line of text that has it is left out.</summary>
    public const int Uncovered = 0x2585;

    /// <summary>What stands between parts that no piece may join.</summary>
    public const int Boundary = '\t';

    private const int NoScript = -1;

    /// <summary>Whether a string of characters may be a piece. A space is <see cref="Space"/>.</summary>
    public bool Allow(ReadOnlySpan<int> characters)
    {
        if (characters.IsEmpty || characters.Length > options.MaxSentencePieceLength)
        {
            return false;
        }

        var onlySpaces = !characters.ContainsAnyExcept(Space);
        var script = NoScript;
        for (var index = 0; index < characters.Length; index++)
        {
            var character = characters[index];
            if (character is Uncovered or 0 or Boundary or ' ')
            {
                return false;
            }

            if (character == Space)
            {
                if (!(options.AllowWhitespaceOnlyPieces && onlySpaces) && !AllowsSpace(index, characters.Length))
                {
                    return false;
                }
            }
            else if (!AllowsBeside(character, characters.Length, ref script))
            {
                return false;
            }
        }

        return true;
    }

    // A space stands at the beginning of a piece, or at its end if it is to. Where words are not split, it may be inside too.
    private bool AllowsSpace(int index, int length)
    {
        var end = length - 1;
        return options.TreatWhitespaceAsSuffix
            ? options.SplitByWhitespace ? index == end : index == end || index > 0
            : options.SplitByWhitespace ? index == 0 : index == 0 || index < end;
    }

    private bool AllowsBeside(int character, int length, ref int script)
    {
        var isDigit = character is (>= '0' and <= '9') or (>= 0xFF10 and <= 0xFF19);
        var own = UnicodeScripts.Of(character) is var found and not UnicodeScripts.Inherited ? found : script;
        own = isDigit && !options.SplitByNumber ? NoScript : own;
        if (isDigit && options.SplitDigits && length > 1)
        {
            return false;
        }

        var fits = !options.SplitByUnicodeScript || own == NoScript || script == NoScript || own == script;
        script = own;
        return fits;
    }
}
