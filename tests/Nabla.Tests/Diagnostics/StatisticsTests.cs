using Nabla.Diagnostics;

namespace Nabla.Tests.Diagnostics;

/// <summary>Numbers gathered batch by batch are those of all at once.</summary>
public class StatisticsTests
{
    [Fact]
    public void Mean_and_deviation_of_batches_are_those_of_all_numbers_together()
    {
        float[] values = Tensor.Randn(new RandomGenerator(3), 1000).ToArray();
        ValueStatistics statistics = new();
        statistics.Add([]);
        statistics.Add(values.AsSpan(0, 1));
        statistics.Add(values.AsSpan(1, 600));
        statistics.Add(values.AsSpan(601));

        double mean = values.Average(value => (double)value);
        Assert.Equal(1000, statistics.Count);
        Assert.Equal(mean, statistics.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / 999), statistics.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_counted_and_left_out()
    {
        ValueStatistics statistics = new();
        statistics.Add([1, float.NaN, 3, float.PositiveInfinity]);

        Assert.Equal((2, 2), (statistics.Count, statistics.NonFiniteCount));
        Assert.Equal((2, Math.Sqrt(2)), (statistics.Mean, statistics.StandardDeviation));
        Assert.Equal(2, statistics.Histogram.Count);
    }

    [Fact]
    public void A_histogram_does_not_depend_on_how_the_numbers_came()
    {
        float[] values = [.. Tensor.Randn(new RandomGenerator(4), 500).ToArray(), 0, -1000, 64, 64];
        Histogram whole = new();
        whole.Add(values);
        Histogram single = new();
        foreach (float value in values)
        {
            single.Add([value]);
        }

        Assert.Equal(whole.Density(), single.Density());
    }

    [Fact]
    public void A_density_has_the_area_1_and_its_numbers_where_they_are()
    {
        Histogram histogram = new();
        histogram.Add([0.5f, 0.5f, 0.5f, -0.25f]);

        IReadOnlyList<(double Value, double Density)> curve = histogram.Density(1000);

        double width = curve[1].Value - curve[0].Value;
        Assert.Equal(1, curve.Sum(point => point.Density * width), 1e-12);
        Assert.Equal(0.75, curve[^1].Density * width, 1e-12);
        Assert.Equal(0.5, curve[^1].Value, width);
        Assert.Equal(-0.25, curve[0].Value, width);
        Assert.All(curve.Skip(1).SkipLast(1), point => Assert.Equal(0, point.Density));
    }

    [Fact]
    public void Zeros_alone_have_no_shape_and_stay_in_the_middle_when_others_come()
    {
        Histogram histogram = new();
        histogram.Add([0, 0]);
        Assert.Empty(histogram.Density());

        histogram.Add([3, -3]);

        IReadOnlyList<(double Value, double Density)> curve = histogram.Density(2000);
        Assert.Equal(0, curve.MaxBy(point => point.Density).Value, 0.01);
    }
}
