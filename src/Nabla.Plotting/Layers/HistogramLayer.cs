using System.Text;

namespace Nabla.Plotting.Layers;

/// <summary>How many of the values lie in each of equally wide bins.</summary>
internal sealed class HistogramLayer(double[] values, int bins, string name) : Layer(name)
{
    public override void Extend(ref Extent x, ref Extent y, Axis xAxis, Axis yAxis)
    {
        if (Count(values, bins, xAxis.Logarithmic) is not var (edges, counts))
        {
            return;
        }

        x.Add(edges[0], xAxis.Logarithmic);
        x.Add(edges[^1], xAxis.Logarithmic);
        y.Add(yAxis.Logarithmic ? 0.8 : 0, yAxis.Logarithmic);
        y.Add(counts.Max(), yAxis.Logarithmic);
        y.StartsAtEdge = true;
    }

    public override void Draw(Plot plot)
    {
        if (Count(values, bins, plot.X.Logarithmic) is not var (edges, counts))
        {
            return;
        }

        double floor = plot.Y.Logarithmic ? plot.Bottom : plot.Y.Clamp(plot.Y.ToPixel(0));
        StringBuilder path = new();
        for (int i = 0; i < counts.Length; i++)
        {
            double left = plot.X.Clamp(plot.X.ToPixel(edges[i]));
            double right = plot.X.Clamp(plot.X.ToPixel(edges[i + 1]));
            double top = counts[i] == 0 ? floor : plot.Y.Clamp(plot.Y.ToPixel(counts[i]));
            path.Append(i == 0 ? $"M{SvgWriter.Point(left, floor)}V" : "V").Append(SvgWriter.Number(top));
            path.Append('H').Append(SvgWriter.Number(right));
            plot.Ink.Add(left, top, right, floor);
        }

        plot.Svg.Path($"{Color} bars", $"{path}V{SvgWriter.Number(floor)}z");
    }

    public override void DrawSample(SvgWriter svg, double x, double y) => svg.Rect($"{Color} bars", x + 5, y - 5, 12, 10);

    /// <summary>Returns the bins' edges, one more than bins, and their counts; null if no value can be drawn.</summary>
    /// <remarks>A value on an edge belongs to the bin on its right, the largest value to the last bin.</remarks>
    internal static (double[] Edges, int[] Counts)? Count(double[] values, int bins, bool logarithmic)
    {
        Extent extent = Extent.Empty;
        foreach (double value in values)
        {
            extent.Add(value, logarithmic);
        }

        if (extent.IsEmpty)
        {
            return null;
        }

        double low = logarithmic ? Math.Log10(extent.Minimum) : extent.Minimum;
        double high = logarithmic ? Math.Log10(extent.Maximum) : extent.Maximum;
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        int[] counts = new int[bins];
        foreach (double value in values.Where(value => value >= extent.Minimum && value <= extent.Maximum))
        {
            double position = ((logarithmic ? Math.Log10(value) : value) - low) / (high - low) * bins;
            counts[Math.Clamp((int)position, 0, bins - 1)]++;
        }

        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + ((high - low) * i / bins))];
        return (logarithmic ? [.. edges.Select(edge => Math.Pow(10, edge))] : edges, counts);
    }
}
