namespace Nabla.Plotting.Layers;

/// <summary>Geometry of lines in pixels.</summary>
internal static class Polyline
{
    /// <summary>
    /// Leaves of all successive points in one column of pixels the first, the lowest, the highest and the last: what is drawn
    /// looks the same, and a line of a million points takes no more bytes than one of a few thousand.
    /// </summary>
    public static List<(double X, double Y)> Thin(List<(double X, double Y)> points)
    {
        List<(double X, double Y)> thinned = [];
        int start = 0;
        for (int end = 1; end <= points.Count; end++)
        {
            if (end < points.Count && Math.Floor(points[end].X) == Math.Floor(points[start].X))
            {
                continue;
            }

            int lowest = start;
            int highest = start;
            for (int i = start; i < end; i++)
            {
                lowest = points[i].Y < points[lowest].Y ? i : lowest;
                highest = points[i].Y > points[highest].Y ? i : highest;
            }

            SortedSet<int> kept = [start, lowest, highest, end - 1];
            thinned.AddRange(kept.Select(i => points[i]));
            start = end;
        }

        return thinned;
    }

    /// <summary>Returns the part of a segment that lies within the plot, or null (Liang and Barsky, 1984).</summary>
    public static (double X0, double Y0, double X1, double Y1)? Clip(
        (double X, double Y) from, (double X, double Y) to, Plot plot)
    {
        double dx = to.X - from.X;
        double dy = to.Y - from.Y;
        double enter = 0;
        double leave = 1;
        ReadOnlySpan<(double Toward, double Distance)> edges =
        [
            (-dx, from.X - plot.Left), (dx, plot.Right - from.X), (-dy, from.Y - plot.Top), (dy, plot.Bottom - from.Y),
        ];
        foreach (var (toward, distance) in edges)
        {
            if (toward == 0 && distance < 0)
            {
                return null;
            }

            if (toward < 0)
            {
                enter = Math.Max(enter, distance / toward);
            }
            else if (toward > 0)
            {
                leave = Math.Min(leave, distance / toward);
            }
        }

        return enter > leave ? null : (
            plot.X.Clamp(from.X + (enter * dx)), plot.Y.Clamp(from.Y + (enter * dy)),
            plot.X.Clamp(from.X + (leave * dx)), plot.Y.Clamp(from.Y + (leave * dy)));
    }

    /// <summary>Leaves out what moves a closed outline by less than a tenth of a pixel (Douglas and Peucker, 1973).</summary>
    public static IEnumerable<(double X, double Y)> Simplify(List<(double X, double Y)> outline)
    {
        const double Tolerance = 0.1;
        List<(double X, double Y)> points = [.. outline, outline[0]];
        bool[] kept = new bool[points.Count];
        Stack<(int From, int To)> parts = new([(0, points.Count / 2), (points.Count / 2, points.Count - 1)]);
        kept[0] = kept[points.Count / 2] = true;
        while (parts.TryPop(out (int From, int To) part))
        {
            double farthest = Tolerance;
            int at = -1;
            for (int i = part.From + 1; i < part.To; i++)
            {
                double distance = Distance(points[i], points[part.From], points[part.To]);
                (farthest, at) = distance > farthest ? (distance, i) : (farthest, at);
            }

            if (at >= 0)
            {
                kept[at] = true;
                parts.Push((part.From, at));
                parts.Push((at, part.To));
            }
        }

        return points.Where((_, i) => kept[i]);
    }

    private static double Distance((double X, double Y) point, (double X, double Y) from, (double X, double Y) to)
    {
        double dx = to.X - from.X;
        double dy = to.Y - from.Y;
        double squared = (dx * dx) + (dy * dy);
        double along = squared == 0 ? 0 : Math.Clamp((((point.X - from.X) * dx) + ((point.Y - from.Y) * dy)) / squared, 0, 1);
        return double.Hypot(point.X - from.X - (along * dx), point.Y - from.Y - (along * dy));
    }
}
