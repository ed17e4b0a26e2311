namespace Nabla.Tokenizers;

/// <summary>Finds the stretch of text of each token, for tokenizers whose tokens' bytes join to the text's UTF-8.</summary>
internal static class ByteRanges
{
    public static TokenRange[] Of(ITokenizer tokenizer, ReadOnlySpan<int> ids, ReadOnlySpan<char> text)
    {
        var ranges = new TokenRange[ids.Length];
        // The character at `unit` covers the bytes from `first` to `next`, exclusive.
        int unit = 0, first = 0;
        int next = NextByte(text, unit, first);
        int position = 0;
        for (var index = 0; index < ids.Length; index++)
        {
            var end = position + tokenizer.TokenBytes(ids[index]).Length;
            Advance(text, ref unit, ref first, ref next, position);
            var start = unit;
            Advance(text, ref unit, ref first, ref next, end);
            ranges[index] = new TokenRange(ids[index], start, end > first ? unit + Units(text, unit) : unit);
            position = end;
        }

        return ranges;
    }

    private static void Advance(ReadOnlySpan<char> text, ref int unit, ref int first, ref int next, int position)
    {
        while (next <= position && unit < text.Length)
        {
            unit += Units(text, unit);
            first = next;
            next = NextByte(text, unit, first);
        }
    }

    private static int Units(ReadOnlySpan<char> text, int unit) =>
        unit >= text.Length ? 0 : char.IsHighSurrogate(text[unit]) ? 2 : 1;

    private static int NextByte(ReadOnlySpan<char> text, int unit, int first) => first + (unit >= text.Length ? 0 : text[unit] switch
    {
        < '\u0080' => 1,
        < '\u0800' => 2,
        _ => char.IsHighSurrogate(text[unit]) ? 4 : 3,
    });
}
