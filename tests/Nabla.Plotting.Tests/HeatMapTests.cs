using System.Text.RegularExpressions;

namespace Nabla.Plotting.Tests;

public sealed class HeatMapTests
{
    [Fact]
    public void Cells_are_deeper_the_larger_their_number_and_grey_without_one()
    {
        HeatMap map = new(1, 4, (_, column) => column == 3 ? double.NaN : column) { CellSize = 20 };
        var cells = Geometry.Elements(map, "plus cell")
            .ToDictionary(cell => Geometry.Points(cell).First().X, cell => Geometry.Number(cell, "opacity"));
        Assert.Equal(new Dictionary<double, double> { [30] = 0.5, [50] = 1 }, cells); // the first is paper
        Assert.Equal(70, Geometry.Points(Assert.Single(Geometry.Elements(map, "none"))).First().X);
    }

    [Fact]
    public void Around_zero_there_are_two_colours_of_one_scale()
    {
        HeatMap map = new(1, 4, (_, column) => (column * 2) - 2) { Diverging = true };
        Assert.Equal(0.5, Geometry.Number(Assert.Single(Geometry.Elements(map, "minus cell")), "opacity"));
        Assert.Equal([0.5, 1], Geometry.Elements(map, "plus cell").Select(cell => Geometry.Number(cell, "opacity")));
    }

    [Fact]
    public void Equal_neighbours_are_one_rectangle()
        => Assert.InRange(new HeatMap(100, 100, (row, _) => row) { CellSize = 4 }.ToSvg().Length, 1000, 15_000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Text_is_legible_on_every_colour_of_the_scale_on_light_paper_and_on_dark(bool dark)
    {
        string[] parts = Style.Sheet.Split("@media");
        string[] scopes = dark ? [parts[1], parts[0]] : [parts[0]];
        for (int percent = -100; percent <= 100; percent++)
        {
            double part = percent / 100.0;
            double[] paper = Color("paper");
            double[] full = Color(part < 0 ? "minus" : "plus");
            double[] cell = [.. paper.Zip(full, (from, to) => from + (Math.Abs(part) * (to - from)))];
            string style = ColorScale.TextStyle(part);
            double[] text = style.Length == 0 ? (dark ? [230, 237, 243] : [31, 35, 40]) : Color(style);
            Assert.True(Contrast(cell, text) >= 4.5, $"{percent}% with text '{style}': {Contrast(cell, text)}");
        }

        double[] Color(string style)
        {
            string scope = scopes.First(scope => Rule(style).IsMatch(scope));
            string hex = Rule(style).Match(scope).Groups[1].Value;
            hex = hex.Length == 3 ? string.Concat(hex.Select(digit => $"{digit}{digit}")) : hex;
            return [.. Convert.FromHexString(hex).Select(channel => (double)channel)];
        }
    }

    [Fact]
    public void Lines_of_text_stand_in_the_middle_of_their_cell()
    {
        HeatMap map = new(1, 1, (_, _) => 1) { CellText = (_, _) => "em\n531", CellSize = 60 };
        double[] baselines = [.. Geometry.Elements(map, "").Where(element => element.Name.LocalName == "text")
            .Select(element => Geometry.Number(element, "y"))];
        Assert.Equal(2, baselines.Length);
        Assert.Equal(40 + 4.5, baselines.Average(), 1.5);
    }

    [Fact]
    public void A_wrong_argument_is_said_in_one_line()
    {
        Assert.StartsWith("HeatMap: none of the 2 x 3 values is a finite number.",
            Assert.Throws<ArgumentException>(() => new HeatMap(2, 3, (_, _) => double.NaN)).Message, StringComparison.Ordinal);
        Assert.Equal("HeatMap: 2 rows, but 1 labels for them; there must be one for each.",
            Assert.Throws<InvalidOperationException>(() => new HeatMap(2, 3, (_, _) => 1) { RowLabels = ["a"] }.ToSvg()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeatMap(0, 3, (_, _) => 1));
    }

    // Relative luminance and contrast by WCAG 2.1.
    private static double Contrast(double[] first, double[] second)
    {
        double[] luminances = [Luminance(first), Luminance(second)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    private static double Luminance(double[] color) => color.Zip([0.2126, 0.7152, 0.0722], (channel, weight) =>
        weight * (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : Math.Pow(((channel / 255) + 0.055) / 1.055, 2.4))).Sum();

    private static Regex Rule(string style) => new($@"\.{style}(?:,[^{{]*)?\{{[^}}]*fill:#([0-9a-f]{{3,6}})");
}
