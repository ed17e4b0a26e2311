using Nabla.Plotting.Layers;

namespace Nabla.Plotting;

/// <summary>The names of a chart's series beside samples of how they are drawn.</summary>
internal sealed class Legend
{
    private const double Row = 18;
    private const double Sample = 30;

    private readonly List<(Layer Layer, double X, double Y)> _entries = [];
    private (double X, double Y, double Width, double Height)? _box;
    private double _right;

    /// <summary>Gets how much room the legend takes above the plot.</summary>
    public double HeightAbove { get; private init; }

    /// <summary>
    /// Returns the legend as a column in the first empty corner of the plot, or if it may cover what is drawn, in the first; null
    /// if there is none.
    /// </summary>
    public static Legend? InCorner(IReadOnlyList<Layer> layers, Plot plot, bool covering = false)
    {
        Layer[] named = Named(layers);
        if (named.Length == 0)
        {
            return new Legend();
        }

        const double Gap = 8;
        double width = Sample + named.Max(layer => Style.TextWidth(layer.Name)) + 14;
        double height = (named.Length * Row) + 8;
        foreach (bool atTop in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (bool atRight in (ReadOnlySpan<bool>)[true, false])
            {
                double x = atRight ? plot.Right - Gap - width : plot.Left + Gap;
                double y = atTop ? plot.Top + Gap : plot.Bottom - Gap - height;
                if (covering || (x >= plot.Left && y >= plot.Top && plot.Ink.IsFree(x - 4, y - 4, x + width + 4, y + height + 4)))
                {
                    Legend legend = new() { _box = (x, y, width, height), _right = x + width };
                    legend._entries.AddRange(named.Select((layer, i) => (layer, x + 8, y + 4 + ((i + 0.5) * Row))));
                    return legend;
                }
            }
        }

        return null;
    }

    /// <summary>Returns the legend as rows above the plot.</summary>
    public static Legend Above(IReadOnlyList<Layer> layers, double left, double top, double right)
    {
        List<(Layer Layer, double X, double Y)> entries = [];
        double x = left;
        double y = top + (Row / 2) - 2;
        foreach (Layer layer in Named(layers))
        {
            double width = Math.Min(Sample + Style.TextWidth(layer.Name) + 16, right - left);
            if (x + width > right && x > left)
            {
                (x, y) = (left, y + Row);
            }

            entries.Add((layer, x, y));
            x += width;
        }

        Legend legend = new() { HeightAbove = y + (Row / 2) + 6 - top, _right = right };
        legend._entries.AddRange(entries);
        return legend;
    }

    public void Draw(SvgWriter svg)
    {
        if (_box is var (left, top, width, height))
        {
            svg.Rect("box", left, top, width, height, "rx=\"4\"");
        }

        foreach (var (layer, x, y) in _entries)
        {
            layer.DrawSample(svg, x, y);
            svg.Text("start", x + Sample, y + 4, Style.Shortened(layer.Name, _right - x - Sample));
        }
    }

    // Layers of one name are one series, and the first of them shows how it looks.
    private static Layer[] Named(IReadOnlyList<Layer> layers)
        => [.. layers.Where(layer => layer.IsSeries && layer.Name.Length > 0).DistinctBy(layer => layer.Name)];
}
