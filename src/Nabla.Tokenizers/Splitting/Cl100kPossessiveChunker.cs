namespace Nabla.Tokenizers;

/// <summary>
/// <see cref="SplitPatterns.Cl100kPossessive"/> as code. It is <see cref="Cl100kChunker"/> but for <c>\s++$</c>, which takes
/// all white space at the end of the text before the other alternatives can cut it behind a new line.
/// </summary>
internal readonly struct Cl100kPossessiveChunker : IChunker
{
    public static int End(ReadOnlySpan<byte> utf8, int start)
    {
        var end = Cl100kChunker.EndBeforeWhiteSpace(utf8, start);
        if (end > start)
        {
            return end;
        }

        end = Utf8Scan.Run(utf8, start, CharacterClass.Space);
        return end == utf8.Length ? end : WhiteSpaceRun.EndAfterLines(utf8, start);
    }
}
