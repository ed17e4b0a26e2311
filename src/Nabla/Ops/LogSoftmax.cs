using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the logarithms of the probabilities that <see cref="Softmax"/> makes of the numbers along a dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <returns>A new tensor of the same shape. Minus infinity stays; where there is nothing else, NaN.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <remarks>
    /// Forward: <c>y = (x - max) - log(sum(exp(x - max)))</c>, which keeps its precision where a probability would be rounded
    /// to 0 or 1. Backward: <c>dx += dy - exp(y) sum(dy)</c>. Only y is kept.
    /// </remarks>
    public unsafe Tensor LogSoftmax(int dim)
    {
        dim = Shape.Dimension(dim, nameof(LogSoftmax));
        if (dim != Rank - 1)
        {
            return Transpose(dim, -1).LogSoftmax(-1).Transpose(dim, -1).Contiguous();
        }

        Tensor x = Contiguous();
        Tensor y = new(Shape);
        int columns = Shape[-1];
        ParallelFor.Run(columns == 0 ? 0 : Count / columns, 8L * columns, new LogSoftmaxOfRows(x.Pointer, y.Pointer, columns));
        GC.KeepAlive(x);
        return Records(x) ? y.ProducedBy(new LogSoftmaxOp(x, y.Detach())) : y;
    }
}

file sealed unsafe class LogSoftmaxOp(Tensor x, Tensor y) : Op(x)
{
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        int columns = dy.Shape[-1];
        LogSoftmaxGradient body = new(_y.For(this).Pointer, dy.Pointer, dx.Pointer, columns, !fresh);
        ParallelFor.Run(columns == 0 ? 0 : dy.Count / columns, 8L * columns, body);
    }
}

file readonly unsafe struct LogSoftmaxOfRows(float* x, float* y, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* from = x + ((nint)row * columns);
            float max = Rows.Max(from, columns);
            float logSum = VectorMath.Log(V1.Broadcast(Rows.ExpSum(from, columns, max))).Lane;
            Rows.Write(y + ((nint)row * columns), new LogProbabilities(from, max, logSum), columns);
        }
    }
}

file readonly unsafe struct LogSoftmaxGradient(float* y, float* dy, float* dx, int columns, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * columns;
            float sum = Rows.Sum(dy + offset, columns);
            Rows.Write(dx + offset, new GradientElements(y + offset, dy + offset, sum), columns, add);
        }
    }
}

file readonly unsafe struct LogProbabilities(float* x, float max, float logSum) : IRowElements
{
    // Not x less the sum of the two: next to a large maximum the logarithm's digits would be lost.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(x + index) - V.Broadcast(max) - V.Broadcast(logSum);
}

file readonly unsafe struct GradientElements(float* y, float* dy, float sum) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(dy + index) - (VectorMath.Exp(V.Load(y + index)) * V.Broadcast(sum));
}
