namespace Nabla.Language;

/// <summary>How likely a model finds each ending of a <see cref="ChoiceQuestion"/>.</summary>
/// <param name="Sums">For each ending the loss of its tokens together, in nats: minus the logarithm of its probability.</param>
/// <param name="Tokens">For each ending the number of its tokens.</param>
public sealed record ChoiceLosses(IReadOnlyList<double> Sums, IReadOnlyList<int> Tokens)
{
    /// <summary>Gets the ending that is likeliest as a whole, which favours short ones; of equal ones the first.</summary>
    public int BySum => IndexOfLeast(Sums);

    /// <summary>Gets the ending whose tokens are likeliest in the mean, as in the lecture; of equal ones the first.</summary>
    public int ByMean => IndexOfLeast([.. Sums.Zip(Tokens, (sum, tokens) => sum / tokens)]);

    private static int IndexOfLeast(IReadOnlyList<double> values)
    {
        int least = 0;
        for (int i = 1; i < values.Count; i++)
        {
            least = values[i] < values[least] ? i : least;
        }

        return least;
    }
}
