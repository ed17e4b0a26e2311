namespace Nabla.Plotting.Tests;

/// <summary>Layers of one name are one series.</summary>
public class SeriesTests
{
    [Fact]
    public void Lines_of_one_name_share_a_colour_and_a_line_in_the_legend()
    {
        string svg = new Chart()
            .Line([0, 1], [0, 1], "first").Line([0, 1], [1, 1], "first", dashed: true).Line([0, 1], [2, 2], "second").ToSvg();

        Assert.Equal(3, Count(svg, "class=\"c0 line\"")); // two lines, and the sample in the legend
        Assert.Equal(2, Count(svg, "class=\"c1 line\""));
        Assert.Equal(1, Count(svg, ">first<"));
    }

    [Fact]
    public void Lines_without_a_name_are_series_of_their_own()
    {
        string svg = new Chart().Line([0, 1], [0, 1]).Line([0, 1], [1, 1]).ToSvg();

        Assert.Equal((1, 1), (Count(svg, "class=\"c0 line\""), Count(svg, "class=\"c1 line\"")));
    }

    [Fact]
    public void When_the_colours_come_again_neither_kind_of_line_looks_like_one_before()
    {
        IEnumerable<string> looks = Enumerable.Range(0, 2 * Style.SeriesColors)
            .SelectMany(series => (bool[])[false, true], (series, dashed) => series % Style.SeriesColors + Style.Dashes(series, dashed));

        Assert.Equal(4 * Style.SeriesColors, looks.Distinct().Count());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
