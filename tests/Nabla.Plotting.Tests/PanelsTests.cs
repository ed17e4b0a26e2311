namespace Nabla.Plotting.Tests;

public sealed class PanelsTests
{
    [Fact]
    public void Figures_stand_in_rows_and_columns_without_covering_each_other()
    {
        Figure[] figures =
            [new Chart(width: 200, height: 150), new Chart(width: 300, height: 100), new HeatMap(2, 2, (row, _) => row)];
        Panels panels = new(figures, columns: 2);

        string[] places = [.. Geometry.Elements(panels, "").Where(element => element.Name.LocalName == "g")
            .Select(element => element.Attribute("transform")?.Value ?? "")];
        Assert.Equal(["", "translate(208 0)", "translate(50 158)"], places);
        Assert.Equal(508, panels.Width);
        Assert.Equal(150 + 8 + figures[2].Height, panels.Height);
    }

    [Fact]
    public void A_panel_draws_what_the_figure_alone_draws()
    {
        Chart chart = new Chart("alone").Line(Math.Tanh, -2, 2, "tanh");
        string drawing = chart.ToSvg().Split("<rect class=\"paper\"")[1].Split("/>\n", 2)[1].Split("</svg>")[0];
        Assert.Contains(drawing, new Panels([chart, chart]).ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Panels_may_hold_panels()
        => Assert.Equal(4 * 200 + (3 * 8), new Panels([Pair(), Pair()]).Width);

    [Fact]
    public void No_figure_is_said_in_one_line()
        => Assert.StartsWith("Panels: there is no figure.",
            Assert.Throws<ArgumentException>(() => new Panels([])).Message, StringComparison.Ordinal);

    private static Panels Pair() => new([new Chart(width: 200), new Chart(width: 200)]);
}
