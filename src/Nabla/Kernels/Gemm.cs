namespace Nabla.Kernels;

/// <summary>
/// Products of single precision matrices in any layout. Which way is taken, and in what order the terms of an element are
/// added, depends on the shapes and strides alone: every number of threads gives the same bits.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>How many multiplications and additions cost as much as one memory-bound operation on an element.</summary>
    public const int OperationsPerItemCost = 16;

    /// <summary>The most rows of a product that are had as dot products.</summary>
    public const int MaxDotRows = 16;

    /// <summary>What a product costs before it has done anything.</summary>
    private const long CallCost = 256;

    /// <summary>
    /// Dot products need a depth of so much to be worth adding up their lanes. The number of rows has no say in it, so that a
    /// text is written to the same bits alone and beside others.
    /// </summary>
    private const int DotDepth = 128;


    /// <summary>A batch of fewer products than this would leave threads idle at its end,</summary>
    private const int FewBatches = 16;

    /// <summary>and products of more than this cost, about a millisecond, gain by being cut up themselves.</summary>
    private const long LargeProduct = 4 * 1024 * 1024;

    /// <summary>Sets c to a b, or adds a b to c, on all threads.</summary>
    /// <param name="a">The left operand, [m, k].</param>
    /// <param name="b">The right operand, [k, n].</param>
    /// <param name="c">The result, [m, n]; must not overlap the operands. Without accumulate it may hold anything.</param>
    /// <param name="accumulate">Whether to add to what c holds.</param>
    public static void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate)
        => Multiply(a, b, c, accumulate ? c : default, parallel: true);

    /// <summary>Sets c to start + a b, on all threads.</summary>
    /// <param name="a">The left operand, [m, k].</param>
    /// <param name="b">The right operand, [k, n].</param>
    /// <param name="c">The result, [m, n]; must not overlap the operands. It may hold anything.</param>
    /// <param name="start">What the product is added to, [m, n]; where all rows are the same, with a stride of 0 between them.</param>
    public static void Multiply(Matrix a, Matrix b, Matrix c, Matrix start)
        => Multiply(a, b, c, start, parallel: true);

    /// <summary>Does the same on the calling thread alone, for use inside parallel loops.</summary>
    /// <inheritdoc cref="Multiply(Matrix, Matrix, Matrix, bool)"/>
    public static void MultiplySerial(Matrix a, Matrix b, Matrix c, bool accumulate)
        => Multiply(a, b, c, accumulate ? c : default, parallel: false);

    /// <summary>Multiplies so many pairs of matrices, each the given distance after the one before.</summary>
    /// <param name="batchCount">The number of products.</param>
    /// <param name="a">The first left operand, [m, k].</param>
    /// <param name="aBatchStride">From one left operand to the next, in floats; 0 uses one for all.</param>
    /// <param name="b">The first right operand, [k, n].</param>
    /// <param name="bBatchStride">From one right operand to the next, in floats; 0 uses one for all.</param>
    /// <param name="c">The first result, [m, n].</param>
    /// <param name="cBatchStride">From one result to the next, in floats; not 0.</param>
    /// <param name="accumulate">Whether to add to what the results hold.</param>
    public static void MultiplyBatch(
        int batchCount,
        Matrix a,
        nint aBatchStride,
        Matrix b,
        nint bBatchStride,
        Matrix c,
        nint cBatchStride,
        bool accumulate)
    {
        long cost = (long)a.Rows * a.Columns * b.Columns / OperationsPerItemCost;
        if (batchCount < FewBatches && cost > LargeProduct)
        {
            for (int i = 0; i < batchCount; i++)
            {
                Multiply(a.Moved(i * aBatchStride), b.Moved(i * bBatchStride), c.Moved(i * cBatchStride), accumulate);
            }

            return;
        }

        ParallelFor.Run(batchCount, cost + CallCost, new Batch(a, aBatchStride, b, bBatchStride, c, cBatchStride, accumulate));
    }

    private static void Multiply(Matrix a, Matrix b, Matrix c, Matrix start, bool parallel)
    {
        if (c.Rows == 0 || c.Columns == 0)
        {
            return;
        }

        if (a.Columns == 0)
        {
            c.Copy(start);
            return;
        }

        if (Turning(a, b, c))
        {
            (a, b, c, start) = (b.Transposed, a.Transposed, c.Transposed, start.Transposed);
        }

        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Multiply<V512>(a, b, c, start, parallel);
                break;
            case SimdTier.Vector256:
                Multiply<V256>(a, b, c, start, parallel);
                break;
            case SimdTier.Vector128:
                Multiply<V128>(a, b, c, start, parallel);
                break;
            default:
                Multiply<V1>(a, b, c, start, parallel);
                break;
        }
    }

    /// <summary>Returns whether the same product is quicker as cᵀ = bᵀ aᵀ.</summary>
    private static bool Turning(Matrix a, Matrix b, Matrix c)
    {
        if (c.Columns < c.Rows && (c.Columns == 1 || AreDots(a.Transposed, c.Transposed)))
        {
            return true;
        }

        return c.ColumnStride != 1 && c.RowStride == 1 && !AreDots(b, c);
    }

    /// <summary>Returns whether c is best had as dot products: it has few rows, and b long contiguous columns.</summary>
    private static bool AreDots(Matrix b, Matrix c)
        => b.RowStride == 1 && c.Rows <= MaxDotRows && b.Rows >= DotDepth;

    private static void Multiply<V>(Matrix a, Matrix b, Matrix c, Matrix start, bool parallel)
        where V : unmanaged, IVector<V>
    {
        bool areDots = AreDots(b, c);
        bool areTiny = (long)c.Rows * c.Columns * a.Columns <= GemmTiny.MaxWork;
        if (start.HasData && start.Data != c.Data && (areDots || areTiny || start.ColumnStride != 1))
        {
            c.Copy(start);
            start = c;
        }

        if (areDots)
        {
            DotColumns<Float32> columns = new((Float32*)b.Data, b.Rows, b.Columns, b.ColumnStride);
            GemmDot<V, Float32>.Multiply(a, columns, c, start.HasData, parallel);
        }
        else if (areTiny)
        {
            GemmTiny.Multiply(a, b, c, start.HasData);
        }
        else if (GemmSmall<V>.Suits(a, b, c))
        {
            GemmSmall<V>.Multiply(a, b, c, start, parallel);
        }
        else
        {
            GemmBlocks<V>.Multiply(a, b, c, start, parallel);
        }
    }

    /// <summary>Products of a batch, each on one thread.</summary>
    private readonly struct Batch(
        Matrix a, nint aStride, Matrix b, nint bStride, Matrix c, nint cStride, bool accumulate) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                MultiplySerial(a.Moved(i * aStride), b.Moved(i * bStride), c.Moved(i * cStride), accumulate);
            }
        }
    }
}
