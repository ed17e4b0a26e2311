using System.Xml.Linq;

namespace Nabla.Plotting.Tests;

public sealed class ChartTests
{
    [Fact]
    public void A_line_ends_at_the_limits_of_the_axes()
    {
        Chart chart = new Chart { X = { Minimum = 0, Maximum = 1 }, Y = { Minimum = 0, Maximum = 1 } }
            .Line([-1e9, 1e9], [-1e9, 1e9]);

        var piece = Assert.Single(Line(chart));
        var axis = Axis(chart);
        Assert.Equal([(axis.Left, axis.Bottom), (axis.Right, axis.Top)], piece);
    }

    [Fact]
    public void A_line_that_leaves_the_plot_comes_back_as_another_piece()
    {
        Chart chart = new Chart { Y = { Minimum = 0, Maximum = 1 } }.Line([0, 1, 2, 3, 4], [0.5, 2, 2, 0.5, -3]);

        var pieces = Line(chart);
        var axis = Axis(chart);
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces.SelectMany(piece => piece), point => Assert.InRange(point.Y, axis.Top, axis.Bottom));
        Assert.Equal(axis.Top, pieces[0][^1].Y);
        Assert.Equal(axis.Top, pieces[1][0].Y);
        Assert.Equal(axis.Bottom, pieces[1][^1].Y);
    }

    [Fact]
    public void A_line_beside_the_plot_is_not_drawn()
        => Assert.Empty(Geometry.Elements(new Chart { Y = { Minimum = 0, Maximum = 1 } }.Line([0, 1, 2], [5, 9, 7]), "line"));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    public void A_line_breaks_at_what_cannot_be_drawn(double gap)
    {
        Chart chart = new Chart().Line([0, 1, 2, 3, 4, 5, 6], [1, 2, gap, 2, gap, 3, 4]);

        Assert.Equal(2, Line(chart).Count);
        Assert.Single(Geometry.Elements(chart, "c0"), element => element.Name.LocalName == "circle"); // alone between two gaps
    }

    [Fact]
    public void A_logarithmic_axis_has_decades_evenly_and_leaves_out_what_is_not_above_zero()
    {
        Chart chart = new Chart { X = { Logarithmic = true, Minimum = 1, Maximum = 1000 }, Y = { Logarithmic = true } }
            .Line([1, 10, 100, -5, 0, 1000], [1, 0.1, 0, 1, 1, 0.001]);

        var piece = Assert.Single(Line(chart));
        var axis = Axis(chart);
        Assert.Equal(axis.Left, piece[0].X);
        Assert.Equal((axis.Right - axis.Left) / 3, piece[1].X - piece[0].X, 0.02);
        Assert.Equal(["1", "10", "100", "1000", "0.001", "0.01", "0.1", "1"], Geometry.Texts(chart, "tick"));
    }

    [Fact]
    public void The_axes_reach_a_little_beyond_the_data()
    {
        Chart chart = new Chart().Line([10, 20], [-1, 1]);

        var piece = Assert.Single(Line(chart));
        var axis = Axis(chart);
        Assert.InRange(piece[0].X - axis.Left, 1, 40);
        Assert.InRange(axis.Right - piece[1].X, 1, 40);
        Assert.InRange(axis.Bottom - piece[0].Y, 1, 40);
        Assert.InRange(piece[1].Y - axis.Top, 1, 40);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(5.0)]
    [InlineData(-1e-9)]
    [InlineData(1e299)]
    public void A_constant_is_in_the_middle(double value)
    {
        Chart chart = new Chart().Line([1, 2, 3], [value, value, value]);

        var axis = Axis(chart);
        Assert.All(Line(chart)[0], point => Assert.Equal((axis.Top + axis.Bottom) / 2, point.Y, 0.02));
        Assert.True(Geometry.Texts(chart, "tick end").Distinct().Count() >= 2);
    }

    [Fact]
    public void A_single_point_is_drawn()
        => Assert.Single(Geometry.Elements(new Chart().Line([3], [4]), "c0"), element => element.Name.LocalName == "circle");

    [Fact]
    public void A_line_of_100_000_points_is_a_small_file_that_keeps_the_peaks()
    {
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => i == 51_234 ? 30 : Math.Sin(i * 0.7))];
        Chart chart = new Chart().Line(values);

        var axis = Axis(chart);
        Assert.InRange(chart.ToSvg().Length, 1000, 60_000);
        Assert.InRange(Line(chart)[0].Min(point => point.Y) - axis.Top, 0, 20);
    }

    [Fact]
    public void A_function_is_a_line()
    {
        Chart chart = new Chart().Line(Math.Tanh, -5, 5);
        Assert.Equal(401, Assert.Single(Line(chart)).Count, 100.0);
    }

    [Fact]
    public void The_legend_stands_in_an_empty_corner()
    {
        Chart falling = new Chart().Line([0, 1], [1, 0], "falls");
        Chart rising = new Chart().Line([0, 1], [0, 1], "rises");

        Assert.True(Geometry.Number(Geometry.Elements(falling, "box")[0], "x") > 300);
        Assert.True(Geometry.Number(Geometry.Elements(rising, "box")[0], "x") < 300);
        Assert.All([falling, rising], chart => Assert.True(Geometry.Number(Geometry.Elements(chart, "box")[0], "y") < 100));
    }

    [Fact]
    public void The_legend_stands_above_a_plot_without_an_empty_corner()
    {
        Chart chart = new Chart().Line([0, 0, 1, 1, 0], [0, 1, 1, 0, 0], "around").Line([0, 1], [0, 1], "across");

        Assert.Empty(Geometry.Elements(chart, "box"));
        XElement[] names = [.. Geometry.Elements(chart, "start").Where(element => element.Value is "around" or "across")];
        Assert.Equal(2, names.Length);
        Assert.All(names, name => Assert.True(Geometry.Number(name, "y") < Axis(chart).Top));
    }

    [Fact]
    public void Names_that_leave_no_room_for_the_plot_stand_on_it()
    {
        Chart chart = Enumerable.Range(0, 5)
            .Aggregate(new Chart(width: 200, height: 160), (chart, k) => chart.Line(Math.Sin, k, 9, $"the series {k}"));
        var axis = Axis(chart);
        Assert.True(axis.Bottom - axis.Top > 100);
        Assert.Single(Geometry.Elements(chart, "box"));
    }

    [Theory]
    [InlineData(120, 100)]
    [InlineData(300, 200)]
    public void Long_titles_and_labels_stay_within_the_chart(int width, int height)
    {
        string text = string.Join(' ', Enumerable.Repeat("long", 30));
        Chart chart = new Chart(text, width, height) { X = { Label = text }, Y = { Label = text } }.Line([1, 2], [3, 4]);
        string[] labels = [.. Geometry.Elements(chart, "").Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Equal(2, labels.Count(label => label.StartsWith("long", StringComparison.Ordinal) && label.EndsWith('…')));
        Assert.Contains(text, chart.ToSvg(), StringComparison.Ordinal); // whole for who listens
    }

    [Fact]
    public void Labels_of_points_do_not_cover_each_other_or_leave_the_plot()
    {
        Chart chart = new Chart()
            .Scatter([1, 1.2, 1.4, 1.6, 5], [1, 1, 1, 1, 5], labels: ["one", "two", "three", "four", "at the end"]);

        var axis = Axis(chart);
        var boxes = Geometry.Elements(chart, "halo").Select(label =>
        {
            double width = Style.TextWidth(label.Value);
            double x = Geometry.Number(label, "x");
            string style = label.Attribute("class")!.Value;
            double left = style.Contains("start", StringComparison.Ordinal) ? x
                : style.Contains("end", StringComparison.Ordinal) ? x - width
                : x - (width / 2);
            return (Left: left, Right: left + width, Baseline: Geometry.Number(label, "y"));
        }).ToArray();
        Assert.Equal(5, boxes.Length);
        Assert.All(boxes, box => Assert.InRange(box.Right, axis.Left, chart.Width));
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.All(boxes[..i], other => Assert.True(other.Left > boxes[i].Right || other.Right < boxes[i].Left
                || Math.Abs(other.Baseline - boxes[i].Baseline) > 9));
        }
    }

    [Fact]
    public void A_label_that_fits_stands_inside_its_point()
        => Assert.Equal(["a"], Geometry.Texts(new Chart().Scatter([1], [1], labels: ["a"], size: 9), "wb"));

    [Fact]
    public void The_name_of_a_line_across_the_plot_stays_within_the_plot()
    {
        Chart chart = new Chart { Y = { Minimum = 0, Maximum = 1 } }
            .Line([0, 10], [0.06, 0.06]).HorizontalLine(0.02, "low").HorizontalLine(0.99, "high");
        var axis = Axis(chart);
        XElement[] names = Geometry.Elements(chart, "note");
        Assert.Equal(["low", "high"], names.Select(name => name.Value));
        Assert.All(names, name => Assert.InRange(Geometry.Number(name, "y"), axis.Top + 9, axis.Bottom));
    }

    [Fact]
    public void Points_outside_the_limits_are_left_out()
        => Assert.Single(Geometry.Elements(new Chart { X = { Maximum = 2 } }.Scatter([1, 3, double.NaN], [1, 1, 1]), "dot"));

    [Fact]
    public void All_kinds_of_numbers_draw_the_same()
    {
        string expected = new Chart().Line([1.0, 2, 3], [4.0, 9, 6]).ToSvg();
        Assert.Equal(expected, new Chart().Line([1, 2, 3], [4f, 9, 6]).ToSvg());
        Assert.Equal(expected, new Chart().Line([1L, 2, 3], [(Half)4, (Half)9, (Half)6]).ToSvg());
        Assert.Equal(expected, new Chart().Line([(byte)1, (byte)2, (byte)3], [4m, 9, 6]).ToSvg());
    }

    [Fact]
    public void What_is_drawn_is_what_was_given_not_what_it_became()
    {
        double[] values = [1, 2, 3];
        Chart chart = new Chart().Line(values);
        string before = chart.ToSvg();
        values[0] = 100;
        Assert.Equal(before, chart.ToSvg());
    }

    [Fact]
    public void A_wrong_argument_is_said_in_one_line()
    {
        Says("Line: 3 x, but 2 y; there must be one for each point.", () => new Chart().Line([1, 2, 3], [1, 2]));
        Says("Scatter: 1 points, but 2 labels; there must be one for each point.",
            () => new Chart().Scatter([1], [1], labels: ["a", "b"]));
        Says("Line: from (1) must be less than to (1).", () => new Chart().Line(Math.Tanh, 1, 1));
        Says("Contour: levels must be finite and increase, but level 1 is 1 after 1.",
            () => new Chart().Contour((x, _) => x, [1, 1]));
        Says("HorizontalLine: NaN is no place on an axis; it must be finite.", () => new Chart().HorizontalLine(double.NaN));
        Says("Y: Minimum (2) must be less than Maximum (1).", () => new Chart { Y = { Minimum = 2, Maximum = 1 } }.ToSvg());
        Says("X.Minimum is 0: it must be a finite number above zero, since the axis is logarithmic.",
            () => new Chart { X = { Logarithmic = true, Minimum = 0 } }.ToSvg());
        Says("Contour: nothing says over which range; set Minimum and Maximum of X and of Y, or add points.",
            () => new Chart().Contour((x, _) => x).ToSvg());
        Says("Contour: the function has no finite value over the range of the axes.",
            () => new Chart().Contour((_, _) => double.NaN).Line([0, 1], [0, 1]).ToSvg());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chart().Histogram([1], bins: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chart().Scatter([1], [1], size: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chart(width: 10));
    }

    private static void Says(string message, Action action)
    {
        Exception exception = Assert.ThrowsAny<Exception>(action);
        Assert.Equal(message, exception.Message);
    }

    private static List<List<(double X, double Y)>> Line(Chart chart)
        => Geometry.Pieces(Geometry.Elements(chart, "c0 line")[0].Attribute("d")!.Value);

    private static (double Left, double Top, double Right, double Bottom) Axis(Chart chart)
    {
        (double X, double Y)[] corners = [.. Geometry.Points(Geometry.Elements(chart, "axis").Single())];
        return (corners[0].X, corners[0].Y, corners[2].X, corners[1].Y);
    }
}
