namespace Nabla.Plotting;

/// <summary>Finds the outlines of the region where a function, known on a grid, is at least a level.</summary>
internal static class MarchingSquares
{
    /// <summary>Returns closed outlines in units of the grid's squares; by the even-odd rule they are the region.</summary>
    /// <param name="values">The function at the grid's nodes, <c>[columns, rows]</c>; NaN counts as below the level.</param>
    /// <param name="level">The level.</param>
    /// <remarks>
    /// Around the grid lies one more ring of nodes, in the place of the outermost and below every level, so every outline
    /// closes. A square whose opposite corners alone are inside is joined or parted as the mean of its corners says.
    /// </remarks>
    public static List<List<(double X, double Y)>> Outlines(double[,] values, double level)
    {
        int columns = values.GetLength(0);
        int rows = values.GetLength(1);
        int stride = columns + 2;
        int[] next = new int[2 * stride * (rows + 2)];
        Array.Fill(next, -1);
        Span<(int X, int Y)> corners = stackalloc (int, int)[4];
        Span<bool> inside = stackalloc bool[4];
        for (int y = -1; y < rows; y++)
        {
            for (int x = -1; x < columns; x++)
            {
                (corners[0], corners[1], corners[2], corners[3]) = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1));
                int crossings = 0;
                for (int k = 0; k < 4; k++)
                {
                    inside[k] = IsInside(corners[k]);
                    crossings += k > 0 && inside[k] != inside[k - 1] ? 1 : 0;
                }

                bool joined = crossings == 3
                    && values[x, y] + values[x + 1, y] + values[x + 1, y + 1] + values[x, y + 1] >= 4 * level;
                for (int k = 0; k < 4; k++)
                {
                    // Around the square, from a side that leads in to the next, or in a joined square the last, that leads out.
                    if (!inside[k] && inside[(k + 1) % 4])
                    {
                        int way = joined ? 3 : 1;
                        int leave = (k + way) % 4;
                        while (!(inside[leave] && !inside[(leave + 1) % 4]))
                        {
                            leave = (leave + way) % 4;
                        }

                        next[Side(corners, k)] = Side(corners, leave);
                    }
                }
            }
        }

        List<List<(double X, double Y)>> outlines = [];
        for (int first = 0; first < next.Length; first++)
        {
            List<(double X, double Y)> outline = [];
            for (int side = first; next[side] >= 0;)
            {
                outline.Add(Crossing(side));
                (side, next[side]) = (next[side], -1);
            }

            if (outline.Count > 2)
            {
                outlines.Add(outline);
            }
        }

        return outlines;

        bool IsInside((int X, int Y) node) => Exists(node) && values[node.X, node.Y] >= level;

        bool Exists((int X, int Y) node) => node.X >= 0 && node.Y >= 0 && node.X < columns && node.Y < rows;

        // The side between two neighbouring nodes, by the one that is left or above: even to the right of it, odd below it.
        int Side(Span<(int X, int Y)> around, int k)
        {
            (int X, int Y) from = around[k];
            (int X, int Y) to = around[(k + 1) % 4];
            return (2 * (((Math.Min(from.Y, to.Y) + 1) * stride) + Math.Min(from.X, to.X) + 1)) + (from.X == to.X ? 1 : 0);
        }

        (double X, double Y) Crossing(int side)
        {
            (int X, int Y) from = ((side / 2 % stride) - 1, (side / 2 / stride) - 1);
            (int X, int Y) to = side % 2 == 0 ? (from.X + 1, from.Y) : (from.X, from.Y + 1);
            (var high, var low) = IsInside(from) ? (from, to) : (to, from);
            double below = Exists(low) ? values[low.X, low.Y] : double.NegativeInfinity;
            double above = values[high.X, high.Y];
            double part = double.IsFinite(below) && double.IsFinite(above) ? (above - level) / (above - below) : 0;
            return (high.X + (part * (low.X - high.X)), high.Y + (part * (low.Y - high.Y)));
        }
    }
}
