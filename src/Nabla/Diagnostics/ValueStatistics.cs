namespace Nabla.Diagnostics;

/// <summary>What is to be known of many numbers, gathered batch by batch.</summary>
public sealed class ValueStatistics
{
    private double _squares;

    /// <summary>Gets how many finite numbers there were.</summary>
    public long Count { get; private set; }

    /// <summary>Gets how many of the numbers were infinite or NaN; all else leaves them out.</summary>
    public long NonFiniteCount { get; private set; }

    /// <summary>Gets the mean; 0 where there was no number.</summary>
    public double Mean { get; private set; }

    /// <summary>Gets the standard deviation, with n - 1 below the sum as in PyTorch; 0 where there were fewer than two numbers.</summary>
    public double StandardDeviation => Count > 1 ? Math.Sqrt(_squares / (Count - 1)) : 0;

    /// <summary>Gets how often which values occurred.</summary>
    public Histogram Histogram { get; } = new();

    /// <summary>Takes in a batch.</summary>
    /// <param name="values">The numbers.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        long count = 0;
        double sum = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                count++;
                sum += value;
            }
        }

        NonFiniteCount += values.Length - count;
        Histogram.Add(values);
        if (count == 0)
        {
            return;
        }

        double mean = sum / count;
        double squares = 0;
        foreach (float value in values)
        {
            squares += float.IsFinite(value) ? (value - mean) * (value - mean) : 0;
        }

        // Two groups have the squares of both, and those of how far their means are apart.
        double distance = mean - Mean;
        long together = Count + count;
        _squares += squares + (distance * distance * Count * count / together);
        Mean += distance * count / together;
        Count = together;
    }
}
