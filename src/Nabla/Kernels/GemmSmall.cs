namespace Nabla.Kernels;

/// <summary>
/// Products whose operands fit the cache that each core has to itself, as in a step of a small network: packing them costs as much
/// as it saves, so tiles read A where it lies, and B too unless its rows are not contiguous. Sums are those of
/// <see cref="GemmBlocks{V}"/>, to the same bits.
/// </summary>
internal static unsafe class GemmSmall<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>The most floats in A, 1.5 MB, which passes by once for each panel of B: it is read ahead of its use.</summary>
    private const int MaxLeft = 384 * 1024;

    /// <summary>The most floats in B, 256 KB, of which a panel is read for each tile.</summary>
    private const int MaxRight = 64 * 1024;

    /// <summary>With at least so many rows each, parts of a panel may go to several threads, which all pack it.</summary>
    private const int RowsInGroup = 64;

    /// <summary>The number of work items to aim at.</summary>
    private const int WantedItems = 16;

    /// <summary>Returns whether this is the quickest way.</summary>
    public static bool Suits(Matrix a, Matrix b, Matrix c)
        => c.ColumnStride == 1 && (long)a.Rows * a.Columns <= MaxLeft && (long)b.Rows * b.Columns <= MaxRight;

    /// <summary>Sets c to start + a b. No dimension is 0.</summary>
    public static void Multiply(Matrix a, Matrix b, Matrix c, Matrix start, bool parallel)
    {
        int panels = (c.Columns + GemmTile<V>.MaxColumns - 1) / GemmTile<V>.MaxColumns;
        int groups = Math.Clamp(c.Rows / RowsInGroup, 1, (WantedItems + panels - 1) / panels);
        Body body = new(a, b, c, start, groups);
        if (parallel)
        {
            long cost = (long)c.Rows * a.Columns * GemmTile<V>.MaxColumns / Gemm.OperationsPerItemCost;
            ParallelFor.Run(panels * groups, cost / groups, body);
        }
        else
        {
            body.Run(0, panels * groups);
        }
    }

    /// <summary>Computes panels of columns of C, each in groups of rows.</summary>
    private readonly struct Body(Matrix a, Matrix b, Matrix c, Matrix start, int groups) : IParallelBody
    {
        public void Run(int first, int end)
        {
            int width = GemmTile<V>.MaxColumns;
            int depth = GemmBlocks<V>.BlockDepth(a.Columns);
            float* packed = Scratch.Own((nint)depth * width);
            float* edge = stackalloc float[GemmTile<V>.MaxRows * GemmTile<V>.MaxColumns];
            for (int item = first; item < end;)
            {
                // The groups of a panel that fall to this thread are done as one.
                (int panel, int group) = Math.DivRem(item, groups);
                int endGroup = Math.Min(groups, group + end - item);
                item += endGroup - group;
                int column = panel * width;
                int columns = Math.Min(width, c.Columns - column);
                int row = (int)((long)c.Rows * group / groups);
                int rows = (int)((long)c.Rows * endGroup / groups) - row;
                for (int step = 0; step < a.Columns; step += depth)
                {
                    int steps = Math.Min(depth, a.Columns - step);
                    Matrix left = a.Block(row, step, rows, steps);
                    Matrix right = b.Block(step, column, steps, columns);
                    if (b.ColumnStride != 1 || columns % V.Count != 0)
                    {
                        int padded = (columns + V.Count - 1) / V.Count * V.Count;
                        GemmPacking.Pack(right.Data, b.ColumnStride, b.RowStride, columns, padded, steps, packed);
                        right = new Matrix(packed, steps, columns, padded, 1);
                    }

                    Matrix target = c.Block(row, column, rows, columns);
                    Panel(left, right, target, step > 0 ? target : start.Block(row, column, rows, columns), edge);
                }
            }
        }

        private static void Panel(Matrix left, Matrix right, Matrix target, Matrix from, float* edge)
        {
            bool wide = right.Columns > V.Count;
            int width = wide ? 2 * V.Count : V.Count;
            bool whole = right.Columns == width;
            int tiles = (left.Rows + GemmTile<V>.MaxRows - 1) / GemmTile<V>.MaxRows;
            int row = 0;
            for (int index = 1; index <= tiles; index++)
            {
                int rows = (left.Rows * index / tiles) - row;
                Matrix tile = target.Block(row, 0, rows, target.Columns);
                Matrix begin = from.Block(row, 0, rows, target.Columns);
                GemmTile<V>.Select(rows, wide)(
                    right.Rows,
                    left.At(row, 0),
                    left.RowStride,
                    left.ColumnStride,
                    right.Data,
                    right.RowStride,
                    whole ? tile.Data : edge,
                    whole ? tile.RowStride : width,
                    whole ? begin.Data : null,
                    begin.RowStride);
                if (!whole)
                {
                    GemmEdge<V>.Copy(edge, width, tile, begin);
                }

                row += rows;
            }
        }
    }
}
