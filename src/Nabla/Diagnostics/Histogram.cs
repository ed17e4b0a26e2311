namespace Nabla.Diagnostics;

/// <summary>
/// Counts of numbers in bins of equal width around zero. The range need not be known before: where a number lies outside, the
/// bins are joined two by two, which loses no count, so a histogram can be filled batch by batch in memory that does not grow.
/// </summary>
public sealed class Histogram
{
    // So many that half of them, joined once too often by a single far number, still show a shape. Divisible by four to be joined.
    private const int Bins = 1024;

    private readonly long[] _counts = new long[Bins];

    // Powers of two, so that joined bins have the very edges that wider ones would have had.
    private double _range;

    /// <summary>Gets how many numbers were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts numbers.</summary>
    /// <param name="values">The numbers; those that are not finite are passed over.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            float size = MathF.Abs(value);
            largest = size > largest && float.IsFinite(size) ? size : largest;
        }

        Reach(largest);
        double scale = _range > 0 ? Bins / 2 / _range : 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                _counts[Math.Min((int)((value * scale) + (Bins / 2)), Bins - 1)]++;
                Count++;
            }
        }
    }

    /// <summary>
    /// Returns how dense the numbers lie, as points of a curve: the middle of a bin, and the share of the numbers in it divided by
    /// its width, so that the area below is 1.
    /// </summary>
    /// <param name="points">The number of bins that the numbers are shown in, at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="points"/> is below 1.</exception>
    public IReadOnlyList<(double Value, double Density)> Density(int points = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        int first = Array.FindIndex(_counts, count => count > 0);
        if (first < 0 || _range == 0)
        {
            return [];
        }

        int end = Array.FindLastIndex(_counts, count => count > 0) + 1;
        int joined = (end - first + points - 1) / points;
        double width = 2 * _range / Bins;
        List<(double, double)> curve = [];
        for (int bin = first; bin < end; bin += joined)
        {
            long count = 0;
            for (int i = bin; i < Math.Min(bin + joined, Bins); i++)
            {
                count += _counts[i];
            }

            curve.Add((((bin + (joined / 2.0)) * width) - _range, count / (Count * joined * width)));
        }

        return curve;
    }

    private void Reach(float largest)
    {
        if (largest == 0)
        {
            return;
        }

        if (_range == 0)
        {
            // All numbers so far are zeros, which lie in the middle whatever the range.
            _range = Math.ScaleB(1, Math.ILogB(largest) + 1);
        }

        while (largest > _range)
        {
            Join();
            _range *= 2;
        }
    }

    private void Join()
    {
        long[] wide = new long[Bins];
        for (int bin = 0; bin < Bins; bin++)
        {
            wide[(Bins / 4) + (bin / 2)] += _counts[bin];
        }

        wide.CopyTo(_counts, 0);
    }
}
