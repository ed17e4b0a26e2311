namespace Nabla.Plotting.Tests;

public sealed class ContourTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.83)]
    public void A_disc_has_its_area(double radius)
    {
        double[,] values = Grid(81, (x, y) => radius - Math.Sqrt((x * x) + (y * y)));
        double area = Math.Abs(Geometry.Area(Assert.Single(MarchingSquares.Outlines(values, 0)))) / (40 * 40);
        Assert.Equal(Math.PI * radius * radius, area, 0.002);
    }

    [Fact]
    public void A_ring_is_two_outlines_one_the_other_way_round()
    {
        double[,] values = Grid(81, (x, y) => 0.2 - Math.Abs(0.6 - Math.Sqrt((x * x) + (y * y))));
        var outlines = MarchingSquares.Outlines(values, 0);
        Assert.Equal(2, outlines.Count);
        Assert.Equal(Math.PI * ((0.8 * 0.8) - (0.4 * 0.4)), Math.Abs(outlines.Sum(Geometry.Area)) / (40 * 40), 0.005);
    }

    [Fact]
    public void A_region_at_the_edge_of_the_grid_is_closed_by_the_edge()
    {
        double[,] values = Grid(21, (x, _) => x);
        var outline = Assert.Single(MarchingSquares.Outlines(values, 0.5));
        Assert.Equal(5.0 * 20, Math.Abs(Geometry.Area(outline)), 1e-9);
        Assert.Equal(20.0 * 20, Math.Abs(Geometry.Area(Assert.Single(MarchingSquares.Outlines(values, -7)))), 1e-9);
        Assert.Empty(MarchingSquares.Outlines(values, 7));
    }

    [Fact]
    public void A_saddle_is_joined_or_parted_by_its_middle()
    {
        double[,] joined = { { 2, 0 }, { 0, 2 } };
        double[,] parted = { { 1, -2 }, { -2, 1 } };
        Assert.Single(MarchingSquares.Outlines(joined, 0.5));
        Assert.Equal(2, MarchingSquares.Outlines(parted, 0.5).Count);
    }

    [Fact]
    public void What_has_no_value_belongs_to_no_region()
    {
        double[,] values = Grid(21, (x, y) => x > 0 ? double.NaN : 1);
        Assert.Equal(10.0 * 20, Math.Abs(Geometry.Area(Assert.Single(MarchingSquares.Outlines(values, 0)))), 1e-9);
    }

    [Fact]
    public void Bands_below_and_above_zero_share_their_edge_and_cover_the_plot()
    {
        Chart chart = new Chart { X = { Minimum = -1, Maximum = 1 }, Y = { Minimum = -1, Maximum = 1 } }
            .Contour((x, y) => x + (0.3 * y) + 0.5, [0]);
        double above = Area(chart, "plus");
        double below = Area(chart, "minus");
        (double X, double Y)[] axis = [.. Geometry.Points(Assert.Single(Geometry.Elements(chart, "axis")))];
        double plot = (axis[2].X - axis[0].X) * (axis[1].Y - axis[0].Y);
        Assert.Equal(plot, above + below, 1.0);
        Assert.Equal(0.75, above / plot, 0.01);
    }

    [Theory]
    [InlineData("minus", "plus", new[] { -1.0, 0, 1 }, 5.0)] // levels on both sides of zero, though the function is not
    [InlineData("minus", "plus", new[] { 0.0 }, 5.0)]
    [InlineData("level", "level", new[] { 0.0, 1, 2 }, 0.0)]
    [InlineData("minus", "plus", new[] { 0.0, 1, 2 }, -1.0)]
    [InlineData("level", "level", new[] { -2.0, -1 }, -3.0)]
    public void There_are_two_colours_if_zero_is_between_the_levels(string below, string above, double[] levels, double offset)
    {
        Chart chart = new Chart { X = { Minimum = 0, Maximum = 4 }, Y = { Minimum = 0, Maximum = 1 } }
            .Contour((x, _) => x + offset, levels);
        string[] styles = [.. Geometry.Elements(chart, "band").Select(band => band.Attribute("class")!.Value.Split(' ')[0])];
        Assert.NotEmpty(styles);
        Assert.All(styles, style => Assert.True(style == below || style == above, style));
        Assert.Contains(above, styles);
    }

    [Fact]
    public void A_straight_edge_takes_few_bytes()
    {
        Chart chart = new Chart { X = { Minimum = -1, Maximum = 1 }, Y = { Minimum = -1, Maximum = 1 } }
            .Contour((x, y) => x + y, [-1, 0, 1]);
        Assert.NotEmpty(Geometry.Elements(chart, "band"));
        Assert.All(Geometry.Elements(chart, "band"), band => Assert.InRange(band.Attribute("d")!.Value.Length, 10, 150));
    }

    [Fact]
    public void Without_levels_they_are_round_values()
    {
        Chart chart = new Chart { X = { Minimum = 0, Maximum = 1 }, Y = { Minimum = 0, Maximum = 1 } }
            .Contour((x, y) => 10 * x * y);
        Assert.InRange(Geometry.Elements(chart, "level").Length, 5, 11);
    }

    [Fact]
    public void Is_taken_at_equal_distances_on_the_page_when_an_axis_is_logarithmic()
    {
        Chart chart = new Chart { X = { Minimum = 1, Maximum = 10_000, Logarithmic = true }, Y = { Minimum = 0, Maximum = 1 } }
            .Contour((x, _) => x, [100]);
        (double X, double Y)[] axis = [.. Geometry.Points(Assert.Single(Geometry.Elements(chart, "axis")))];
        double edge = Geometry.Points(Assert.Single(Geometry.Elements(chart, "level"))).Min(point => point.X);
        Assert.Equal((axis[0].X + axis[2].X) / 2, edge, 3.0);
    }

    // Over -1 to 1 in both directions.
    private static double[,] Grid(int size, Func<double, double, double> function)
    {
        double[,] values = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                values[i, j] = function((2.0 * i / (size - 1)) - 1, (2.0 * j / (size - 1)) - 1);
            }
        }

        return values;
    }

    // By the even-odd rule: an outline within another takes its area away.
    private static double Area(Chart chart, string style)
    {
        var pieces = Geometry.Pieces(Assert.Single(Geometry.Elements(chart, style)).Attribute("d")!.Value);
        double[] areas = [.. pieces.Select(piece => Math.Abs(Geometry.Area(piece))).OrderDescending()];
        return areas[0] - areas.Skip(1).Sum();
    }
}
