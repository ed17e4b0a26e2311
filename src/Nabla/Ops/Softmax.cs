using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Turns the numbers along a dimension into probabilities: not negative, with sum 1.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <returns>A new tensor of the same shape. Minus infinity becomes exactly 0; where there is nothing else, NaN.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <remarks>
    /// Forward: <c>y = exp(x - max) / sum(exp(x - max))</c>; without the maximum exp stays in range.
    /// Backward: <c>dx += y (dy - sum(y dy))</c>. Only y is kept.
    /// </remarks>
    public unsafe Tensor Softmax(int dim)
    {
        dim = Shape.Dimension(dim, nameof(Softmax));
        if (dim != Rank - 1)
        {
            return Transpose(dim, -1).Softmax(-1).Transpose(dim, -1).Contiguous();
        }

        Tensor x = Contiguous();
        Tensor y = new(Shape);
        int columns = Shape[-1];
        ParallelFor.Run(columns == 0 ? 0 : Count / columns, 8L * columns, new SoftmaxOfRows(x.Pointer, y.Pointer, columns));
        GC.KeepAlive(x);
        return Records(x) ? y.ProducedBy(new SoftmaxOp(x, y.Detach())) : y;
    }
}

file sealed unsafe class SoftmaxOp(Tensor x, Tensor y) : Op(x)
{
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        int columns = dy.Shape[-1];
        SoftmaxGradient body = new(_y.For(this).Pointer, dy.Pointer, dx.Pointer, columns, !fresh);
        ParallelFor.Run(columns == 0 ? 0 : dy.Count / columns, 4L * columns, body);
    }
}

file readonly unsafe struct SoftmaxOfRows(float* x, float* y, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* from = x + ((nint)row * columns);
            float* to = y + ((nint)row * columns);
            float sum = Rows.ExpShiftedSum(to, from, columns, Rows.Max(from, columns));
            Rows.Scale(to, columns, 1 / sum);
        }
    }
}

file readonly unsafe struct SoftmaxGradient(float* y, float* dy, float* dx, int columns, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * columns;
            float dot = Rows.Dot(y + offset, dy + offset, columns);
            Rows.Write(dx + offset, new GradientElements(y + offset, dy + offset, dot), columns, add);
        }
    }
}

file readonly unsafe struct GradientElements(float* y, float* dy, float dot) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(y + index) * (V.Load(dy + index) - V.Broadcast(dot));
}
