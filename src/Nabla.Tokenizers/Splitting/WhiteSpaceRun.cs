namespace Nabla.Tokenizers;

/// <summary>The last alternatives of the patterns, which are about white space.</summary>
internal static class WhiteSpaceRun
{
    /// <summary>
    /// The end of <c>\s+(?!\S)|\s+</c>. Before the end of the text the first takes the whole run; before anything else it
    /// has to leave one character, so that a space goes with the word behind it; a single character is left to the second.
    /// </summary>
    public static int End(ReadOnlySpan<byte> utf8, int start)
    {
        var last = start;
        var end = start;
        while ((Utf8Scan.At(utf8, end, out var next) & CharacterClass.Space) != 0)
        {
            last = end;
            end = next;
        }

        return end == utf8.Length || last == start ? end : last;
    }

    /// <summary>
    /// The end of <c>\s*[\r\n]+|\s+(?!\S)|\s+</c>. The first goes up to the last new line of the run, if there is one.
    /// </summary>
    public static int EndAfterLines(ReadOnlySpan<byte> utf8, int start)
    {
        var last = start;
        var end = start;
        var lines = start;
        CharacterClass space;
        while (((space = Utf8Scan.At(utf8, end, out var next)) & CharacterClass.Space) != 0)
        {
            last = end;
            end = next;
            lines = space == CharacterClass.NewLine ? end : lines;
        }

        return lines > start ? lines : end == utf8.Length || last == start ? end : last;
    }
}
