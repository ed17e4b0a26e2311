namespace Nabla.Diagnostics;

/// <summary>What a <see cref="LearningRateFinder"/> found.</summary>
public sealed class LearningRateSearch
{
    internal LearningRateSearch(IReadOnlyList<(float Rate, float Loss)> tried, int steps)
    {
        int reach = Math.Max(steps / 20, 1);
        TriedRate[] smoothed = new TriedRate[tried.Count];
        for (int i = 0; i < smoothed.Length; i++)
        {
            // As many on one side as on the other, also at the ends, so that the curve is not shifted.
            int around = Math.Min(reach, Math.Min(i, smoothed.Length - 1 - i));
            double mean = tried.Skip(i - around).Take((2 * around) + 1).Average(point => (double)point.Loss);
            smoothed[i] = new TriedRate(tried[i].Rate, tried[i].Loss, mean);
        }

        Tried = smoothed;
        Suggested = Falls(smoothed, reach) ? Steepest(smoothed, reach) : null;
        Lowest = smoothed.Length == 0 ? null : smoothed.MinBy(point => point.Smoothed).Rate;
    }

    /// <summary>Gets the rates that were tried, rising; the search ends early where the loss explodes.</summary>
    public IReadOnlyList<TriedRate> Tried { get; }

    /// <summary>
    /// Gets the rate at which the loss fell fastest, a rate to train with; null where it fell no further than it jumps from batch to
    /// batch, as after a training that is done.
    /// </summary>
    public float? Suggested { get; }

    /// <summary>Gets the rate at which the loss was lowest, the most to be tried; null where nothing was tried.</summary>
    public float? Lowest { get; }

    private static bool Falls(TriedRate[] points, int reach)
    {
        if (points.Length == 0)
        {
            return false;
        }

        // Of what comes after the lowest, the loss explodes, and says nothing of how it jumps.
        int lowest = Array.IndexOf(points, points.MinBy(point => point.Smoothed));
        double fall = points.Take((2 * reach) + 1).Average(point => point.Loss) - points[lowest].Smoothed;
        double jumps = Math.Sqrt(points.Take(lowest + 1).Average(point => Math.Pow(point.Loss - point.Smoothed, 2)));
        return fall > 2 * jumps;
    }

    // The rates are evenly spaced on a logarithmic axis, so a difference of losses is a slope there.
    private static float? Steepest(TriedRate[] points, int reach)
    {
        (float? rate, double steepest) = (null, 0.0);
        for (int i = reach; i < points.Length - reach; i++)
        {
            double slope = points[i + reach].Smoothed - points[i - reach].Smoothed;
            if (slope < steepest)
            {
                (rate, steepest) = (points[i].Rate, slope);
            }
        }

        return rate;
    }
}
