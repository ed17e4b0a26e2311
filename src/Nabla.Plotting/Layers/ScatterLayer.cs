namespace Nabla.Plotting.Layers;

/// <summary>Points, each with a text beside it, or inside it where it fits.</summary>
internal sealed class ScatterLayer(double[] xs, double[] ys, string name, string[]? labels, double size) : Layer(name)
{
    public override void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis)
        => new LineLayer(xs, ys, "", false).Extend(ref x, ref y, xAxis, yAxis);

    public override void Draw(Plot plot)
    {
        List<(double X, double Y, string Label)> points = [];
        for (int i = 0; i < xs.Length; i++)
        {
            double x = plot.X.ToPixel(xs[i]);
            double y = plot.Y.ToPixel(ys[i]);
            if (plot.X.Shows(x) && plot.Y.Shows(y))
            {
                points.Add((x, y, labels?[i] ?? ""));
                plot.Svg.Circle($"{Color} dot", x, y, size);
                plot.Ink.Add(x - size, y - size, x + size, y + size);
            }
        }

        foreach (var (x, y, label) in points.Where(point => point.Label.Length > 0))
        {
            if (Style.TextWidth(label) < 1.7 * size)
            {
                plot.Svg.Text("wb", x, y + 4, label);
            }
            else
            {
                plot.DrawLabel(x, y, size, label);
            }
        }
    }

    public override void DrawSample(SvgWriter svg, double x, double y)
        => svg.Circle($"{Color} dot", x + 11, y, Math.Min(size, 5));
}
