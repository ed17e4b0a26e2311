using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// What kernels do down the columns of a row-major matrix, as many neighbouring ones at a time as a vector has lanes, so that
/// what belongs to a column stays in registers. Each column is for itself: its bits depend on its length alone, not on the
/// width of the vector that it went through.
/// </summary>
internal static unsafe class Columns
{
    /// <summary>Columns in an item of the parallel loop: those of the widest vector.</summary>
    private const int StripWidth = 16;

    /// <summary>Rows that a lane adds up in single precision before they are added to a double.</summary>
    private const int BlockRows = 256;

    /// <summary>Runs a body over all columns.</summary>
    /// <param name="width">The number of columns.</param>
    /// <param name="cost">The rough number of element operations in one column.</param>
    /// <param name="body">The work.</param>
    public static void Run<TBody>(int width, long cost, in TBody body)
        where TBody : unmanaged, IColumnBody
        => ParallelFor.Run((width + StripWidth - 1) / StripWidth, StripWidth * cost, new Strips<TBody>(body, width));

    /// <summary>Returns the sum down V.Count columns of what is computed from their elements.</summary>
    /// <param name="elements">The values.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="width">The number of columns in a row.</param>
    /// <param name="column">The first of the columns.</param>
    public static V Sum<V, TElements>(TElements elements, int rows, int width, int column)
        where V : unmanaged, IVector<V>
        where TElements : struct, IColumnElements<V>
    {
        if (rows <= BlockRows)
        {
            return SumBlock<V, TElements>(elements, 0, rows, width, column);
        }

        float* lanes = stackalloc float[StripWidth];
        double* totals = stackalloc double[StripWidth];
        new Span<double>(totals, StripWidth).Clear();
        for (int start = 0; start < rows; start += BlockRows)
        {
            SumBlock<V, TElements>(elements, start, Math.Min(rows, start + BlockRows), width, column).Store(lanes);
            for (int lane = 0; lane < V.Count; lane++)
            {
                totals[lane] += lanes[lane];
            }
        }

        for (int lane = 0; lane < V.Count; lane++)
        {
            lanes[lane] = (float)totals[lane];
        }

        return V.Load(lanes);
    }

    /// <summary>Adds in four independent sums, because one sum could only take a step per latency of an addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SumBlock<V, TElements>(TElements elements, int start, int end, int width, int column)
        where V : unmanaged, IVector<V>
        where TElements : struct, IColumnElements<V>
    {
        V sum0 = V.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int row = start;
        nint index = ((nint)start * width) + column;
        for (; row <= end - 4; row += 4, index += 4 * (nint)width)
        {
            sum0 += elements.At(row, index);
            sum1 += elements.At(row + 1, index + width);
            sum2 += elements.At(row + 2, index + (2 * (nint)width));
            sum3 += elements.At(row + 3, index + (3 * (nint)width));
        }

        for (; row < end; row++, index += width)
        {
            sum0 += elements.At(row, index);
        }

        return (sum0 + sum1) + (sum2 + sum3);
    }

    private readonly struct Strips<TBody>(TBody body, int width) : IParallelBody
        where TBody : unmanaged, IColumnBody
    {
        public void Run(int start, int end)
        {
            TBody copy = body;
            int column = start * StripWidth;
            int last = Math.Min(width, end * StripWidth);
            if (Simd.Tier >= SimdTier.Vector512)
            {
                for (; column <= last - V512.Count; column += V512.Count)
                {
                    copy.Run<V512>(column);
                }
            }

            if (Simd.Tier >= SimdTier.Vector256)
            {
                for (; column <= last - V256.Count; column += V256.Count)
                {
                    copy.Run<V256>(column);
                }
            }

            if (Simd.Tier >= SimdTier.Vector128)
            {
                for (; column <= last - V128.Count; column += V128.Count)
                {
                    copy.Run<V128>(column);
                }
            }

            for (; column < last; column++)
            {
                copy.Run<V1>(column);
            }
        }
    }
}
