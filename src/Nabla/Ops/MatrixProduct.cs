using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>Products of tensors whose last two dimensions are matrices, the others batches that broadcast.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Returns the shape of a product.</summary>
    public static Shape ResultShape(Tensor a, Tensor b)
    {
        Shape batches = Shape.Broadcast(Batches(a), Batches(b), nameof(Tensor.MatMul));
        return batches.Insert(batches.Rank, a.Shape[-2]).Insert(batches.Rank + 1, b.Shape[-1]);
    }

    /// <summary>Does <c>y = a b</c>, or <c>y += a b</c>; y is contiguous.</summary>
    public static void Run(Tensor a, Tensor b, Tensor y, bool accumulate)
    {
        if (b.Rank == 2 && Stacked(a, ofColumns: false) is Matrix tall)
        {
            Gemm.Multiply(tall, Of(b), Matrix.RowMajor(y.Pointer, tall.Rows, y.Shape[-1]), accumulate);
        }
        else
        {
            Shape batches = Batches(y);
            StridedPlan plan = new(batches, Broadcasting.BatchStrides(a, batches), Broadcasting.BatchStrides(b, batches), y.Strides);
            for (int outer = 0; outer < plan.OuterCount; outer++)
            {
                plan.Offsets(outer, out nint offsetA, out nint offsetB, out nint offsetY);
                Gemm.MultiplyBatch(
                    plan.InnerCount,
                    Of(a, a.Pointer + offsetA),
                    plan.InnerA,
                    Of(b, b.Pointer + offsetB),
                    plan.InnerB,
                    Of(y, y.Pointer + offsetY),
                    plan.InnerC,
                    accumulate);
            }
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(y);
    }

    /// <summary>Does <c>y = a b</c>, or <c>y += a b</c>, for plain matrices; y is contiguous.</summary>
    public static void Run(Matrix a, Matrix b, Tensor y, bool accumulate)
    {
        Gemm.Multiply(a, b, Matrix.RowMajor(y.Pointer, a.Rows, b.Columns), accumulate);
        GC.KeepAlive(y);
    }

    /// <summary>Does <c>y = a b + bias</c> for plain matrices; y is contiguous, and the bias is added to each of its rows.</summary>
    public static void Run(Matrix a, Matrix b, Tensor y, Tensor? bias)
    {
        Matrix rows = bias is null ? default : new Matrix(bias.Pointer, a.Rows, b.Columns, 0, bias.Stride(0));
        Gemm.Multiply(a, b, Matrix.RowMajor(y.Pointer, a.Rows, b.Columns), rows);
        GC.KeepAlive(bias);
        GC.KeepAlive(y);
    }

    /// <summary>Returns a view, off the tape, with the last two dimensions exchanged.</summary>
    public static Tensor Turned(Tensor x)
    {
        Span<int> order = stackalloc int[x.Rank];
        for (int dim = 0; dim < x.Rank; dim++)
        {
            order[dim] = dim;
        }

        (order[^1], order[^2]) = (order[^2], order[^1]);
        return x.Reordered(order);
    }

    /// <summary>
    /// Returns all batches of a tensor as one matrix, stacked along rows or along columns; null where their distance in memory
    /// does not allow it.
    /// </summary>
    public static Matrix? Stacked(Tensor x, bool ofColumns)
    {
        int stackedDim = ofColumns ? x.Rank - 1 : x.Rank - 2;
        int size = x.Shape[stackedDim];
        int expected = x.Stride(stackedDim) * size;
        int count = size;
        for (int dim = x.Rank - 3; dim >= 0; dim--)
        {
            int batches = x.Shape[dim];
            if (batches != 1 && x.Stride(dim) != expected)
            {
                return null;
            }

            expected *= batches;
            count *= batches;
        }

        return new Matrix(
            x.Pointer, ofColumns ? x.Shape[-2] : count, ofColumns ? count : x.Shape[-1], x.Stride(-2), x.Stride(-1));
    }

    /// <summary>Returns a contiguous tensor as one matrix, whose rows lie along the last dimension.</summary>
    public static Matrix Rows(Tensor x)
    {
        int rows = 1;
        for (int dim = 0; dim < x.Rank - 1; dim++)
        {
            rows *= x.Shape[dim];
        }

        return Matrix.RowMajor(x.Pointer, rows, x.Shape[-1]);
    }

    /// <summary>Returns a tensor of two dimensions as a matrix.</summary>
    public static Matrix Of(Tensor x) => Of(x, x.Pointer);

    private static Matrix Of(Tensor x, float* data) => new(data, x.Shape[-2], x.Shape[-1], x.Stride(-2), x.Stride(-1));

    private static Shape Batches(Tensor x) => new(x.Shape.AsSpan()[..^2]);
}
