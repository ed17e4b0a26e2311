namespace Nabla.Kernels;

/// <summary>
/// Sums over any set of dimensions. The dimensions are brought into one of two forms that run fast, both in a fixed order:
/// rows (the summed elements lie together) or columns (whole rows are added up).
/// </summary>
internal static unsafe class Reduction
{
    /// <summary>
    /// Does <c>y = sum(x)</c>, or <c>y += sum(x)</c>, over the dimensions marked in <paramref name="reduced"/>.
    /// </summary>
    /// <param name="x">The tensor to sum.</param>
    /// <param name="reduced">For each dimension of x, whether it is summed over.</param>
    /// <param name="y">Contiguous, with as many elements as the other dimensions of x have together.</param>
    /// <param name="add">Whether to add to y rather than overwrite it.</param>
    public static void Sum(Tensor x, ReadOnlySpan<bool> reduced, Tensor y, bool add)
    {
        Arrange(x, reduced, out Tensor arranged, out int outer, out int middle, out int inner);
        if (x.Count == 0)
        {
            if (!add)
            {
                y.Clear();
            }
        }
        else if (inner == 1)
        {
            ParallelFor.Run(outer, middle, new RowSums(arranged.Pointer, y.Pointer, middle, add));
        }
        else
        {
            ParallelFor.Run(outer * inner, middle, new ColumnSums(arranged.Pointer, y.Pointer, middle, inner, add));
        }

        GC.KeepAlive(arranged);
        GC.KeepAlive(y);
    }

    /// <summary>
    /// Returns x, or a copy of it with the dimensions in another order, as a contiguous [outer, middle, inner] of which the
    /// middle is what is reduced; outer and inner in row-major order are what is left.
    /// </summary>
    public static void Arrange(Tensor x, ReadOnlySpan<bool> reduced, out Tensor arranged, out int outer, out int middle, out int inner)
    {
        (outer, middle, inner) = (1, 1, 1);
        bool together = true;
        for (int dim = 0; dim < x.Rank; dim++)
        {
            int size = x.Shape[dim];
            if (reduced[dim])
            {
                together &= inner == 1 || size == 1;
                middle *= size;
            }
            else if (middle == 1)
            {
                outer *= size;
            }
            else
            {
                inner *= size;
            }
        }

        if (together)
        {
            arranged = x.IsContiguous ? x : x.Detach().Contiguous();
            return;
        }

        Span<int> order = stackalloc int[x.Rank];
        int next = 0;
        foreach (bool wanted in (ReadOnlySpan<bool>)[false, true])
        {
            for (int dim = 0; dim < x.Rank; dim++)
            {
                if (reduced[dim] == wanted)
                {
                    order[next++] = dim;
                }
            }
        }

        arranged = x.Detach().Permute(order).Contiguous();
        (outer, inner) = (outer * inner, 1);
    }

    private readonly struct RowSums(float* x, float* y, int columns, bool add) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                float sum = Rows.Sum(x + ((nint)row * columns), columns);
                y[row] = add ? y[row] + sum : sum;
            }
        }
    }

    // Items are single columns, so that a chunk is a run of neighbouring columns; within one, whole runs of rows are added.
    private readonly struct ColumnSums(float* x, float* y, int middle, int inner, bool add) : IParallelBody
    {
        public void Run(int start, int end)
        {
            while (start < end)
            {
                (int block, int column) = Math.DivRem(start, inner);
                int width = Math.Min(end - start, inner - column);
                float* source = x + ((nint)block * middle * inner) + column;
                float* target = y + start;
                if (!add)
                {
                    new Span<float>(target, width).Clear();
                }

                for (int row = 0; row < middle; row++)
                {
                    Rows.AddTo(target, source + ((nint)row * inner), width);
                }

                start += width;
            }
        }
    }
}
