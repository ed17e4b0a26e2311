using System.Text;

namespace Nabla.Plotting.Layers;

/// <summary>A function of both coordinates as filled bands between levels.</summary>
/// <remarks>
/// Bands lie on each other as sheets of translucent colour: each level is drawn once, neighbouring bands meet without a seam,
/// and the same file serves light and dark paper.
/// </remarks>
internal sealed class ContourLayer(Func<double, double, double> function, double[]? levels) : Layer("")
{
    private const double PixelsPerSquare = 5;

    public override bool IsSeries => false;

    public override bool IsBackground => true;

    public override void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis)
    {
        // The surface has no limits of its own: it fills what the axes or the other layers say.
        if ((x.IsEmpty && (xAxis.Minimum ?? xAxis.Maximum) is null) || (y.IsEmpty && (yAxis.Minimum ?? yAxis.Maximum) is null))
        {
            throw new InvalidOperationException(
                "Contour: nothing says over which range; set Minimum and Maximum of X and of Y, or add points.");
        }
    }

    public override void Draw(Plot plot)
    {
        double[,] values = Sample(plot, out double minimum, out double maximum);
        double[] chosen = levels ?? [.. Ticks.Linear(minimum, maximum, 10).Select(tick => tick.Value)];
        bool diverging = chosen is [0] or [< 0, .., > 0] || (chosen is [<= 0, .., >= 0] && minimum < 0);
        double[] rising = diverging ? [.. chosen.Where(level => level >= 0)] : chosen;
        double[] falling = diverging ? [.. chosen.Where(level => level <= 0).Reverse()] : [];
        int sheets = Math.Max(rising.Length, falling.Length);
        DrawSheets(plot, rising, sheets, diverging ? "plus band" : "level band", level => Outlines(plot, values, level));
        if (falling.Length > 0)
        {
            // What is below a level is all but what is above it: the even-odd rule takes one outline out of the other.
            string known = Outlines(plot, Known(values), 1);
            DrawSheets(plot, falling, sheets, "minus band", level => known + Outlines(plot, values, level));
        }
    }

    private double[,] Sample(Plot plot, out double minimum, out double maximum)
    {
        int columns = (int)Math.Ceiling((plot.Right - plot.Left) / PixelsPerSquare);
        int rows = (int)Math.Ceiling((plot.Bottom - plot.Top) / PixelsPerSquare);
        double[,] values = new double[columns + 1, rows + 1];
        Extent extent = Extent.Empty;
        for (int j = 0; j <= rows; j++)
        {
            double y = plot.Y.FromFraction(1 - ((double)j / rows));
            for (int i = 0; i <= columns; i++)
            {
                values[i, j] = function(plot.X.FromFraction((double)i / columns), y);
                extent.Add(values[i, j], false);
            }
        }

        if (extent.IsEmpty)
        {
            throw new InvalidOperationException("Contour: the function has no finite value over the range of the axes.");
        }

        (minimum, maximum) = (extent.Minimum, extent.Maximum);
        return values;
    }

    private static void DrawSheets(Plot plot, double[] levels, int sheets, string style, Func<double, string> region)
    {
        double darkest = Math.Min(0.65, 0.22 + (0.12 * sheets));
        double covered = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            // So much that with the sheets below the colours rise in equal steps.
            double wanted = darkest * (i + 1) / sheets;
            double opacity = 1 - ((1 - wanted) / (1 - covered));
            covered = wanted;
            string path = region(levels[i]);
            if (path.Length > 0)
            {
                plot.Svg.Path(style, path, $"fill-rule=\"evenodd\" opacity=\"{SvgWriter.Number(opacity)}\"");
            }
        }
    }

    private static string Outlines(Plot plot, double[,] values, double level)
    {
        StringBuilder path = new();
        foreach (var outline in MarchingSquares.Outlines(values, level))
        {
            List<(double X, double Y)> pixels = [.. outline.Select(point => (
                plot.Left + (point.X / (values.GetLength(0) - 1) * (plot.Right - plot.Left)),
                plot.Top + (point.Y / (values.GetLength(1) - 1) * (plot.Bottom - plot.Top))))];
            IEnumerable<string> corners = Polyline.Simplify(pixels).Select(point => SvgWriter.Point(point.X, point.Y));
            path.Append('M').AppendJoin('L', corners).Append('z');
        }

        return path.ToString();
    }

    // One where the function has a value, NaN where it has none.
    private static double[,] Known(double[,] values)
    {
        double[,] known = (double[,])values.Clone();
        for (int i = 0; i < known.GetLength(0); i++)
        {
            for (int j = 0; j < known.GetLength(1); j++)
            {
                known[i, j] = double.IsNaN(known[i, j]) ? double.NaN : 1;
            }
        }

        return known;
    }
}
