namespace Nabla.Cli.Plots;

/// <summary>Takes the noise out of a series without shifting it to one side.</summary>
internal static class MovingMean
{
    /// <summary>Returns for each value the mean of it and its neighbours on both sides, as many of them as there are.</summary>
    /// <param name="values">The series.</param>
    /// <param name="window">How many values a mean is taken of, at least 1.</param>
    public static double[] Of(ReadOnlySpan<float> values, int window)
    {
        double[] sums = new double[values.Length + 1];
        for (int i = 0; i < values.Length; i++)
        {
            sums[i + 1] = sums[i] + values[i];
        }

        double[] means = new double[values.Length];
        (int before, int after) = ((window - 1) / 2, window / 2);
        for (int i = 0; i < values.Length; i++)
        {
            int first = Math.Max(i - before, 0);
            int end = (int)Math.Min((long)i + after + 1, values.Length);
            means[i] = window == 1 ? values[i] : (sums[end] - sums[first]) / (end - first);
        }

        return means;
    }
}
