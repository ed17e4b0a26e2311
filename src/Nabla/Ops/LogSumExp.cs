using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the logarithm of the sum of the exponentials along a dimension, safe from overflow.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <returns>The logarithms; minus infinity where the dimension is empty or holds nothing else.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <remarks>
    /// Forward: <c>y = max + log(sum(exp(x - max)))</c>. Backward: <c>dx += exp(x - y) dy</c>, the softmax. x and y are kept.
    /// </remarks>
    public unsafe Tensor LogSumExp(int dim, bool keepDim = false)
    {
        Span<bool> reduced = stackalloc bool[Rank];
        Tensor y = new(ReducedShape([dim], keepDim, nameof(LogSumExp), reduced));
        Tensor x = RowsAlong(reduced, out int rows, out int columns);
        ParallelFor.Run(rows, 8L * columns, new LogSumExpOfRows(x.Pointer, y.Pointer, columns));
        GC.KeepAlive(x);
        return Records(x) ? y.ProducedBy(new LogSumExpOp(x, y.Detach(), columns)) : y;
    }
}

file sealed unsafe class LogSumExpOp(Tensor x, Tensor y, int columns) : Op(x)
{
    private readonly Saved _x = new(x);
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        LogSumExpGradient body = new(_x.For(this).Pointer, _y.For(this).Pointer, dy.Pointer, dx.Pointer, columns, !fresh);
        ParallelFor.Run(dy.Count, 8L * columns, body);
    }
}

file readonly unsafe struct LogSumExpOfRows(float* x, float* y, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            y[row] = Rows.LogSumExp(x + ((nint)row * columns), columns);
        }
    }
}

file readonly unsafe struct LogSumExpGradient(float* x, float* y, float* dy, float* dx, int columns, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * columns;
            Rows.Write(dx + offset, new GradientElements(x + offset, y[row], dy[row]), columns, add);
        }
    }
}

file readonly unsafe struct GradientElements(float* x, float y, float dy) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => VectorMath.Exp(V.Load(x + index) - V.Broadcast(y)) * V.Broadcast(dy);
}
