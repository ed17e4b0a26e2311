using Nabla.Plotting.Layers;

namespace Nabla.Plotting;

/// <summary>Where the parts of a chart lie: plot, ticks, labels and legend.</summary>
internal sealed class ChartLayout
{
    private const double YLabelCenter = 16;

    private readonly Chart _chart;
    private readonly IReadOnlyList<Tick> _xTicks;
    private readonly IReadOnlyList<Tick> _yTicks;

    private ChartLayout(Chart chart, IReadOnlyList<Layer> layers, bool legendAbove)
    {
        _chart = chart;
        (Extent xs, Extent ys) = Extents(chart, layers);
        double width = chart.Width;
        double top = chart.Title.Length > 0 ? 36 : 14;
        double bottom = chart.Height - (chart.X.Label.Length > 0 ? 46 : 28);

        // The ticks' labels say how much room is left for the plot, and the room how many ticks there are.
        Scale y = chart.Y.Fit(ys, bottom, top, "Y");
        _yTicks = YTicks(y);
        double left = Left(chart, _yTicks);
        Legend = legendAbove ? Legend.Above(layers, left, top, width - 16) : new Legend();
        if (legendAbove)
        {
            y = y with { End = top + Legend.HeightAbove };
            _yTicks = YTicks(y);
            left = Left(chart, _yTicks);
        }

        double right = width - 16;
        Scale x = chart.X.Fit(xs, left, right, "X");
        _xTicks = FewEnough(x);
        if (_xTicks.Count > 0)
        {
            double over = x.ToPixel(_xTicks[^1].Value) + (Style.TextWidth(_xTicks[^1].Label) / 2) - (width - 4);
            x = over > 0 ? x with { End = right - over } : x;
        }

        Plot = new Plot(x, y, width, chart.Height);
        foreach (Layer layer in layers.Where(layer => !layer.IsBackground))
        {
            layer.Draw(Plot);
        }
    }

    public Plot Plot { get; }

    public Legend Legend { get; private set; }

    /// <summary>Lays a chart out: the legend in a corner of the plot if one is empty, else above the plot.</summary>
    public static ChartLayout For(Chart chart, IReadOnlyList<Layer> layers)
    {
        ChartLayout layout = new(chart, layers, legendAbove: false);
        if (Legend.InCorner(layers, layout.Plot) is { } legend)
        {
            layout.Legend = legend;
            return layout;
        }

        ChartLayout above = new(chart, layers, legendAbove: true);
        if (above.Plot.Bottom - above.Plot.Top >= 0.5 * (layout.Plot.Bottom - layout.Plot.Top))
        {
            return above;
        }

        // On a small chart with many names it covers something rather than leave no room for the plot.
        layout.Legend = Legend.InCorner(layers, layout.Plot, covering: true)!;
        return layout;
    }

    /// <summary>Draws what lies below the layers: surfaces, grid, axes and their labels.</summary>
    public void DrawBelow(SvgWriter svg, IReadOnlyList<Layer> layers)
    {
        Plot below = new(Plot.X, Plot.Y, _chart.Width, _chart.Height);
        foreach (Layer layer in layers.Where(layer => layer.IsBackground))
        {
            layer.Draw(below);
        }

        svg.Append(below.Svg);
        DrawGrid(svg, "minor", tick => tick.Label.Length == 0);
        DrawGrid(svg, "grid", tick => tick.Label.Length > 0);
        string corner = $"V{SvgWriter.Number(Plot.Bottom)}H{SvgWriter.Number(Plot.Right)}";
        svg.Path("axis", $"M{SvgWriter.Point(Plot.Left, Plot.Top)}{corner}");
        foreach (Tick tick in _xTicks.Where(tick => tick.Label.Length > 0))
        {
            svg.Text("tick", Plot.X.ToPixel(tick.Value), Plot.Bottom + 17, tick.Label);
        }

        foreach (Tick tick in _yTicks.Where(tick => tick.Label.Length > 0))
        {
            svg.Text("tick end", Plot.Left - 7, Plot.Y.ToPixel(tick.Value) + 4, tick.Label);
        }

        if (_chart.X.Label.Length > 0)
        {
            (string label, double middle) = Style.Fitted(_chart.X.Label, (Plot.Left + Plot.Right) / 2, _chart.Width);
            svg.Text("", middle, Plot.Bottom + 37, label);
        }

        if (_chart.Y.Label.Length > 0)
        {
            (string label, double middle) = Style.Fitted(_chart.Y.Label, (Plot.Top + Plot.Bottom) / 2, _chart.Height);
            svg.TextUpwards("", YLabelCenter, middle, label);
        }
    }

    private static (Extent X, Extent Y) Extents(Chart chart, IReadOnlyList<Layer> layers)
    {
        Extent x = Extent.Empty;
        Extent y = Extent.Empty;
        foreach (Layer layer in layers.OrderBy(layer => layer.IsBackground))
        {
            layer.Extend(ref x, ref y, chart.X, chart.Y);
        }

        return (x, y);
    }

    private static IReadOnlyList<Tick> YTicks(Scale y) => Ticks.Of(y, Math.Max(2, (int)((y.Start - y.End) / 42)));

    private static double Left(Chart chart, IReadOnlyList<Tick> ticks) => Math.Min(
        chart.Width / 2.0,
        Math.Max(18, ticks.Max(tick => Style.TextWidth(tick.Label)) + 12 + (chart.Y.Label.Length > 0 ? 22 : 6)));

    // As many ticks as have room beside each other.
    private static IReadOnlyList<Tick> FewEnough(Scale x)
    {
        double width = x.End - x.Start;
        for (int most = Math.Max(2, (int)(width / 60)); ; most--)
        {
            IReadOnlyList<Tick> ticks = Ticks.Of(x, most);
            Tick[] labelled = [.. ticks.Where(tick => tick.Label.Length > 0)];
            bool fits = labelled.Zip(labelled.Skip(1)).All(pair => x.ToPixel(pair.Second.Value) - x.ToPixel(pair.First.Value)
                > ((Style.TextWidth(pair.First.Label) + Style.TextWidth(pair.Second.Label)) / 2) + 8);
            if (fits || most == 2)
            {
                return ticks;
            }
        }
    }

    private void DrawGrid(SvgWriter svg, string style, Func<Tick, bool> drawn)
    {
        string across = string.Concat(_yTicks.Where(drawn).Select(tick =>
            $"M{SvgWriter.Point(Plot.Left, Plot.Y.ToPixel(tick.Value))}H{SvgWriter.Number(Plot.Right)}"));
        string upright = string.Concat(_xTicks.Where(drawn).Select(tick =>
            $"M{SvgWriter.Point(Plot.X.ToPixel(tick.Value), Plot.Top)}V{SvgWriter.Number(Plot.Bottom)}"));
        if (across.Length + upright.Length > 0)
        {
            svg.Path(style, across + upright);
        }
    }
}
