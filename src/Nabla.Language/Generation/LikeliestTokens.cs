namespace Nabla.Language;

/// <summary>
/// Finds the likeliest tokens, so many or as many as reach a share of the probability, without sorting the vocabulary: weights
/// are counted by their leading bits, and only those that share these with the last token taken are put in order.
/// </summary>
/// <param name="topK">The number of tokens; 0 for all.</param>
/// <param name="topP">The share of what these have together that must be reached; 1 for all.</param>
internal sealed class LikeliestTokens(int topK, float topP)
{
    // The bits of positive floats are in the order of the floats. Of weights up to 1 they begin with 8 bits of exponent; 6 of
    // the mantissa make groups of weights within 1.6 per cent.
    private const int Shift = 17;
    private const int Groups = (0x3F800000 >> Shift) + 1;

    private readonly int[] _counts = new int[Groups];
    private readonly double[] _sums = new double[Groups];
    private readonly List<long> _group = [];
    private int[] _ids = [];
    private float[] _kept = [];
    private int _count;

    /// <summary>Gets the tokens chosen, in the order of their ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    /// <summary>Gets their weights.</summary>
    public ReadOnlySpan<float> Weights => _kept.AsSpan(0, _count);

    /// <summary>Chooses among the tokens; of equal ones those with lower ids.</summary>
    /// <param name="weights">The weight of each token, from 0 to 1, the largest of which is 1.</param>
    public void Choose(ReadOnlySpan<float> weights)
    {
        Count(weights);
        (long last, double sum) = topK > 0 && topK < weights.Length
            ? Reach(weights, 0, topK, double.PositiveInfinity)
            : (0, _sums.Sum());
        if (topP < 1)
        {
            last = Math.Max(last, Reach(weights, last, weights.Length, topP * sum).Last);
        }

        Keep(weights, last);
    }

    // Larger for a larger weight, and of equal weights for the lower id.
    private static long Rank(float weight, int id) => ((long)BitConverter.SingleToInt32Bits(weight) << 32) | (uint)~id;

    private static int Group(float weight) => BitConverter.SingleToInt32Bits(weight) >> Shift;

    private void Count(ReadOnlySpan<float> weights)
    {
        Array.Clear(_counts);
        Array.Clear(_sums);
        foreach (float weight in weights)
        {
            int group = Group(weight);
            _counts[group]++;
            _sums[group] += weight;
        }
    }

    /// <summary>
    /// Takes tokens, the likeliest first, until there are so many or their weights add up to so much; returns the rank of the
    /// last one and the sum.
    /// </summary>
    private (long Last, double Sum) Reach(ReadOnlySpan<float> weights, long least, int most, double enough)
    {
        int taken = 0;
        double sum = 0;
        int group = Groups - 1;
        while (group > 0 && taken + _counts[group] < most && sum + _sums[group] < enough)
        {
            taken += _counts[group];
            sum += _sums[group--];
        }

        _group.Clear();
        for (int id = 0; id < weights.Length; id++)
        {
            if (Group(weights[id]) == group && Rank(weights[id], id) >= least)
            {
                _group.Add(Rank(weights[id], id));
            }
        }

        _group.Sort();
        long last = long.MaxValue;
        for (int i = _group.Count - 1; i >= 0 && taken < most && sum < enough; i--)
        {
            last = _group[i];
            taken++;
            sum += BitConverter.Int32BitsToSingle((int)(last >> 32));
        }

        return (last, sum);
    }

    private void Keep(ReadOnlySpan<float> weights, long last)
    {
        if (_ids.Length < weights.Length)
        {
            (_ids, _kept) = (new int[weights.Length], new float[weights.Length]);
        }

        _count = 0;
        for (int id = 0; id < weights.Length; id++)
        {
            if (Rank(weights[id], id) >= last)
            {
                (_ids[_count], _kept[_count]) = (id, weights[id]);
                _count++;
            }
        }
    }
}
