using Nabla.Plotting.Layers;

namespace Nabla.Plotting.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Counts_each_value_in_one_bin_the_largest_in_the_last()
    {
        double[] values = [0, 0.5, 1, 1.5, 2, 4, double.NaN, double.PositiveInfinity];
        var (edges, counts) = HistogramLayer.Count(values, 4, logarithmic: false)!.Value;
        Assert.Equal([0.0, 1, 2, 3, 4], edges);
        Assert.Equal([2, 2, 1, 1], counts);
    }

    [Fact]
    public void On_a_logarithmic_axis_bins_are_equal_factors()
    {
        var (edges, counts) = HistogramLayer.Count([1, 5, 10, 50, 100, 0, -3], 2, logarithmic: true)!.Value;
        Assert.Equal([1.0, 10, 100], edges.Select(edge => Math.Round(edge, 9)));
        Assert.Equal([2, 3], counts);
    }

    [Fact]
    public void Of_equal_values_is_one_bar_around_them()
    {
        var (edges, counts) = HistogramLayer.Count([7, 7, 7], 3, logarithmic: false)!.Value;
        Assert.Equal((6.5, 7.5), (edges[0], edges[^1]));
        Assert.Equal([0, 3, 0], counts);
    }

    [Fact]
    public void Of_no_values_is_nothing()
        => Assert.Empty(Geometry.Elements(new Chart().Histogram([double.NaN]), "bars"));

    [Fact]
    public void Bars_stand_on_the_axis_and_are_as_high_as_their_counts()
    {
        Chart chart = new Chart { Y = { Maximum = 4 } }.Histogram([0, 0, 0, 0, 1, 1, 2], 2);
        (double X, double Y)[] bars = [.. Geometry.Points(Assert.Single(Geometry.Elements(chart, "bars")))];
        (double X, double Y)[] axis = [.. Geometry.Points(Assert.Single(Geometry.Elements(chart, "axis")))];

        double height = axis[1].Y - axis[0].Y;
        Assert.Equal(axis[1].Y, bars[0].Y);
        Assert.Equal(axis[0].Y, bars[1].Y); // four of four
        Assert.Equal(axis[1].Y - (0.75 * height), bars[3].Y, 0.02);
    }
}
