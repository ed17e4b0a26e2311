using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>Keeps one side of a diagonal of every matrix: what Tril and Triu have in common.</summary>
internal sealed unsafe class TriangleOp(Tensor x, int diagonal, bool lower) : Op(x)
{
    /// <summary>Copies one side of a diagonal into a new tensor and sets the other to zero.</summary>
    public static Tensor Apply(Tensor x, int diagonal, bool lower, string operation)
    {
        if (x.Rank < 2)
        {
            throw new ShapeException($"{operation}: the tensor is {x.Shape}; a triangle needs at least two dimensions.");
        }

        Tensor y = Tensor.Zeros(x.Shape);
        AddTriangle(x.Detach().Contiguous(), y, diagonal, lower);
        return Tensor.Records(x) ? y.ProducedBy(new TriangleOp(x, diagonal, lower)) : y;
    }

    public override void Backward(Tensor dy) => AddTriangle(dy, GradientOf(x), diagonal, lower);

    private static void AddTriangle(Tensor from, Tensor to, int diagonal, bool lower)
    {
        (int rows, int columns) = (from.Shape[^2], from.Shape[^1]);
        int all = columns == 0 ? 0 : from.Count / columns;
        ParallelFor.Run(all, columns, new TriangleKernel(from.Pointer, to.Pointer, rows, columns, diagonal, lower));
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }
}

file readonly unsafe struct TriangleKernel(float* from, float* to, int rows, int columns, int diagonal, bool lower)
    : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            // In row r the diagonal is at column r + diagonal, which may lie outside the matrix, and far: hence long.
            long onDiagonal = (long)(row % rows) + diagonal;
            int first = lower ? 0 : (int)Math.Clamp(onDiagonal, 0, columns);
            int last = lower ? (int)Math.Clamp(onDiagonal + 1, 0, columns) : columns;
            nint place = ((nint)row * columns) + first;
            Rows.AddTo(to + place, from + place, last - first);
        }
    }
}
