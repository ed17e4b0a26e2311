namespace Nabla.Tokenizers;

/// <summary>A stretch of text that two tokenizers cut differently, from one place where both cut to the next.</summary>
/// <param name="Start">Where the stretch begins, in UTF-16 code units.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="First">The tokens of the first tokenizer in it, by their places among its tokens.</param>
/// <param name="Second">The tokens of the second.</param>
public readonly record struct SplitDifference(int Start, int End, Range First, Range Second)
{
    /// <summary>The stretches of a text that two tokenizers cut differently, in order.</summary>
    /// <param name="first">A tokenizer.</param>
    /// <param name="firstTokens">What it made of a text.</param>
    /// <param name="second">Another.</param>
    /// <param name="secondTokens">What that made of the same text.</param>
    public static IReadOnlyList<SplitDifference> Between(
        ITokenizer first, ReadOnlySpan<TokenRange> firstTokens, ITokenizer second, ReadOnlySpan<TokenRange> secondTokens)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var differences = new List<SplitDifference>();
        (int i, int j) = (0, 0);
        while (i < firstTokens.Length || j < secondTokens.Length)
        {
            (int a, int b) = (i, j);
            i = NextCut(firstTokens, i);
            j = NextCut(secondTokens, j);
            while (Place(firstTokens, i) is var left && Place(secondTokens, j) is var right && left != right)
            {
                if (left < right)
                {
                    i = NextCut(firstTokens, i);
                }
                else
                {
                    j = NextCut(secondTokens, j);
                }
            }

            if (!IsSame(first, firstTokens[a..i], second, secondTokens[b..j]))
            {
                differences.Add(new SplitDifference(
                    Math.Min(StartAt(firstTokens, a), StartAt(secondTokens, b)),
                    Math.Max(EndBefore(firstTokens, i), EndBefore(secondTokens, j)),
                    a..i,
                    b..j));
            }
        }

        return differences;
    }

    // A cut lies between two tokens that do not share a character.
    private static int NextCut(ReadOnlySpan<TokenRange> tokens, int at)
    {
        for (at++; at < tokens.Length && tokens[at].Start < tokens[at - 1].End; at++)
        {
        }

        return Math.Min(at, tokens.Length);
    }

    private static int Place(ReadOnlySpan<TokenRange> tokens, int cut) => cut < tokens.Length ? tokens[cut].Start : int.MaxValue;

    private static int StartAt(ReadOnlySpan<TokenRange> tokens, int at) => at < tokens.Length ? tokens[at].Start : int.MaxValue;

    private static int EndBefore(ReadOnlySpan<TokenRange> tokens, int cut) => cut > 0 ? tokens[cut - 1].End : 0;

    // Within a character the places do not tell, so there the bytes are compared.
    private static bool IsSame(
        ITokenizer first, ReadOnlySpan<TokenRange> firstTokens, ITokenizer second, ReadOnlySpan<TokenRange> secondTokens)
    {
        if (firstTokens.Length != secondTokens.Length)
        {
            return false;
        }

        for (var index = 0; firstTokens.Length > 1 && index < firstTokens.Length; index++)
        {
            if (!first.TokenBytes(firstTokens[index].Id).SequenceEqual(second.TokenBytes(secondTokens[index].Id)))
            {
                return false;
            }
        }

        return true;
    }
}
