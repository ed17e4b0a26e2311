using static Nabla.Tokenizers.CharacterClass;

namespace Nabla.Tokenizers;

/// <summary><see cref="SplitPatterns.O200k"/> as code: read it beside the pattern.</summary>
internal readonly struct O200kChunker : IChunker
{
    // Heads of words are `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, tails `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`. What has no case is either, and
    // this is what makes a regular expression go back and forth.
    private const CharacterClass Either = Caseless | Mark;
    private const CharacterClass Head = Upper | Either;

    public static int End(ReadOnlySpan<byte> utf8, int start)
    {
        // The first two alternatives, with `[^\r\n\p{L}\p{N}]?` taken if there is something to take.
        CharacterClass first = Utf8Scan.At(utf8, start, out var second);
        var end = Word(utf8, (first & (Symbol | Blank)) != 0 ? second : start, first);
        if (end > start)
        {
            // `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`
            return Contraction.EndInAnyCase(utf8, end);
        }

        // `\p{N}{1,3}`
        if (first == Number)
        {
            return Utf8Scan.UpToThreeNumbers(utf8, start);
        }

        // ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
        var body = utf8[start] == ' ' ? start + 1 : start;
        if (Utf8Scan.Is(utf8, body, Symbol))
        {
            end = Utf8Scan.Run(utf8, body, Symbol);
            while (end < utf8.Length && utf8[end] is (byte)'\r' or (byte)'\n' or (byte)'/')
            {
                end++;
            }

            return end;
        }

        // `\s*[\r\n]+|\s+(?!\S)|\s+`
        return WhiteSpaceRun.EndAfterLines(utf8, start);
    }

    /// <summary>The end of <c>Head*Tail+</c> or else of <c>Head+Tail*</c>, or -1.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="start">Where the heads begin: behind the optional first character if it was taken.</param>
    /// <param name="first">The class of the chunk's first character.</param>
    private static int Word(ReadOnlySpan<byte> utf8, int start, CharacterClass first)
    {
        var heads = start;
        var lastEither = -1;
        CharacterClass head;
        while (((head = Utf8Scan.At(utf8, heads, out var next)) & Head) != 0)
        {
            heads = next;
            lastEither = (head & Either) != 0 ? next : lastEither;
        }

        // `Head*Tail+`, all heads taken.
        if (head == Lower)
        {
            return Utf8Scan.Tails(utf8, heads);
        }

        // No tail follows, so `Head*` gives back until a head is found that is a tail as well; behind it are only capitals.
        if (lastEither >= 0)
        {
            return lastEither;
        }

        // Now it gives back the optional first character, which can only be of use if it is a mark.
        if (first == Mark)
        {
            return start;
        }

        // `Head+Tail*`: capitals only.
        return heads > start ? heads : -1;
    }
}
