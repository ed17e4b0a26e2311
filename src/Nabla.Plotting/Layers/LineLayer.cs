using System.Text;

namespace Nabla.Plotting.Layers;

/// <summary>A line through points. It breaks where a point cannot be drawn, and ends at the edge of the plot.</summary>
internal sealed class LineLayer(double[] xs, double[] ys, string name, bool dashed) : Layer(name)
{
    public override void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis)
    {
        for (int i = 0; i < xs.Length; i++)
        {
            // A point that is not drawn, for its other coordinate, does not count.
            if (xAxis.Shows(xs[i]) && yAxis.Shows(ys[i]))
            {
                x.Add(xs[i], xAxis.Logarithmic);
                y.Add(ys[i], yAxis.Logarithmic);
            }
        }
    }

    public override void Draw(Plot plot)
    {
        StringBuilder path = new();
        List<(double X, double Y)> single = [];
        foreach (List<(double X, double Y)> piece in Pieces(plot))
        {
            if (piece.Count == 1)
            {
                single.Add(piece[0]);
                continue;
            }

            Append(path, Polyline.Thin(piece), plot);
        }

        if (path.Length > 0)
        {
            // Where the pen goes up and down in every column of pixels a thin line shows more.
            bool dense = xs.Length > 3 * (plot.Right - plot.Left);
            plot.Svg.Path(dense ? $"{Color} line dense" : $"{Color} line", path.ToString(), Style.Dashes(Series, dashed));
        }

        foreach (var (x, y) in single.Where(point => plot.X.Shows(point.X) && plot.Y.Shows(point.Y)))
        {
            plot.Svg.Circle(Color, x, y, 3);
            plot.Ink.Add(x - 3, y - 3, x + 3, y + 3);
        }
    }

    public override void DrawSample(SvgWriter svg, double x, double y)
        => svg.Path($"{Color} line", $"M{SvgWriter.Point(x, y)}h22", Style.Dashes(Series, dashed));

    private IEnumerable<List<(double X, double Y)>> Pieces(Plot plot)
    {
        List<(double X, double Y)> piece = [];
        for (int i = 0; i < xs.Length; i++)
        {
            double x = plot.X.ToPixel(xs[i]);
            double y = plot.Y.ToPixel(ys[i]);
            if (!double.IsNaN(x) && !double.IsNaN(y))
            {
                piece.Add((x, y));
            }
            else if (piece.Count > 0)
            {
                yield return piece;
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    private static void Append(StringBuilder path, List<(double X, double Y)> points, Plot plot)
    {
        string last = "";
        for (int i = 1; i < points.Count; i++)
        {
            if (Polyline.Clip(points[i - 1], points[i], plot) is not var (x0, y0, x1, y1))
            {
                continue;
            }

            string from = SvgWriter.Point(x0, y0);
            string to = SvgWriter.Point(x1, y1);
            if (from != last)
            {
                path.Append('M').Append(from);
            }

            if (to != from)
            {
                path.Append('L').Append(to);
            }

            last = to;
            plot.Ink.AddLine(x0, y0, x1, y1);
        }
    }
}
