namespace Nabla.Language;

/// <summary>A question in tokens: how does a text go on? One of some endings is right.</summary>
/// <param name="Name">What messages call it, such as the line that it stands in.</param>
/// <param name="Context">The text before the endings; at least one token.</param>
/// <param name="Endings">The endings, each of at least one token.</param>
/// <param name="Answer">Which ending is right.</param>
public sealed record ChoiceQuestion(string Name, int[] Context, IReadOnlyList<int[]> Endings, int Answer)
{
    /// <summary>Gets T, the tokens of the context and the longest ending.</summary>
    public int Length => Context.Length + LongestEnding;

    /// <summary>Gets the tokens of the longest ending.</summary>
    internal int LongestEnding => Endings.Max(ending => ending.Length);

    /// <summary>
    /// Returns the question as the rows that a model reads, one for each of its E endings, with T tokens each: the context, an
    /// ending, and zeros behind those that are shorter.
    /// </summary>
    /// <returns>The tokens, [E, T], and a mask, [E, T], that is 1 where a token belongs to the ending.</returns>
    public (IndexTensor Tokens, IndexTensor Mask) ToRows()
    {
        (int length, int context) = (Length, Context.Length);
        int[] tokens = new int[Endings.Count * length];
        int[] mask = new int[tokens.Length];
        for (int row = 0; row < Endings.Count; row++)
        {
            Context.CopyTo(tokens, row * length);
            Endings[row].CopyTo(tokens, (row * length) + context);
            mask.AsSpan((row * length) + context, Endings[row].Length).Fill(1);
        }

        return (IndexTensor.From(tokens, Endings.Count, length), IndexTensor.From(mask, Endings.Count, length));
    }
}
