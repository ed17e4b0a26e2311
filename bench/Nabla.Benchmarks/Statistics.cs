namespace Nabla.Benchmarks;

/// <summary>What is said of several measurements of the same thing.</summary>
internal static class Statistics
{
    /// <summary>Returns the number in the middle, or the mean of the two there.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
