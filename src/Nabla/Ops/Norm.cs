using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the Euclidean norm of all elements, a scalar.</summary>
    public Tensor Norm() => Norm([]);

    /// <summary>Returns the Euclidean norm along one dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Norm(int dim, bool keepDim = false) => Norm([dim], keepDim);

    /// <summary>Returns the Euclidean norm along several dimensions, all of them where none is named.</summary>
    /// <param name="dims">The dimensions; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    /// <remarks>
    /// Forward: <c>y = sqrt(sum(x^2))</c>. Backward: <c>dx += x dy / y</c>, and nothing where y is 0. x and y are kept.
    /// </remarks>
    public unsafe Tensor Norm(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        Span<bool> reduced = stackalloc bool[Rank];
        Tensor y = new(ReducedShape(dims, keepDim, nameof(Norm), reduced));
        Tensor x = RowsAlong(reduced, out int rows, out int columns);
        ParallelFor.Run(rows, columns, new NormOfRows(x.Pointer, y.Pointer, columns));
        GC.KeepAlive(x);
        return Records(x) ? y.ProducedBy(new NormOp(x, y.Detach(), columns)) : y;
    }
}

file sealed unsafe class NormOp(Tensor x, Tensor y, int columns) : Op(x)
{
    private readonly Saved _x = new(x);
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        NormGradient body = new(_x.For(this).Pointer, _y.For(this).Pointer, dy.Pointer, dx.Pointer, columns, !fresh);
        ParallelFor.Run(dy.Count, columns, body);
    }
}

file readonly unsafe struct NormOfRows(float* x, float* y, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* elements = x + ((nint)row * columns);
            y[row] = MathF.Sqrt(Rows.Dot(elements, elements, columns));
        }
    }
}

file readonly unsafe struct NormGradient(float* x, float* y, float* dy, float* dx, int columns, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * columns;
            float factor = y[row] == 0 ? 0 : dy[row] / y[row];
            Rows.Write(dx + offset, new Multiple(x + offset, factor), columns, add);
        }
    }
}

file readonly unsafe struct Multiple(float* x, float factor) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(x + index) * V.Broadcast(factor);
}
