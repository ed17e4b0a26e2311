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
        Suggested = Steepest(smoothed, reach);
        Lowest = smoothed.Length == 0 ? null : smoothed.MinBy(point => point.Smoothed).Rate;
    }

    /// <summary>Gets the rates that were tried, rising; the search ends early where the loss explodes.</summary>
    public IReadOnlyList<TriedRate> Tried { get; }

    /// <summary>Gets the rate at which the loss fell fastest, a rate to train with; null where it never fell.</summary>
    public float? Suggested { get; }

    /// <summary>Gets the rate at which the loss was lowest, the most to be tried; null where nothing was tried.</summary>
    public float? Lowest { get; }

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
