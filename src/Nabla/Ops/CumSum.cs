using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the running sum along a dimension: each element added to all before it.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <remarks>Forward: <c>y[i] = x[0] + ... + x[i]</c>, added in double precision. Backward: <c>dx[i] += dy[i] + ... + dy[n-1]</c>.</remarks>
    public unsafe Tensor CumSum(int dim)
    {
        dim = Shape.Dimension(dim, nameof(CumSum));
        if (dim != Rank - 1)
        {
            return Transpose(dim, -1).CumSum(-1).Transpose(dim, -1).Contiguous();
        }

        Tensor x = Contiguous();
        Tensor y = new(Shape);
        int columns = Shape[-1];
        ParallelFor.Run(columns == 0 ? 0 : Count / columns, columns, new RunningSums(x.Pointer, y.Pointer, columns));
        GC.KeepAlive(x);
        return Records(x) ? y.ProducedBy(new CumSumOp(x)) : y;
    }
}

file sealed unsafe class CumSumOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x);
        int columns = dy.Shape[-1];
        ParallelFor.Run(columns == 0 ? 0 : dy.Count / columns, columns, new AddSumsOfTheRest(dy.Pointer, dx.Pointer, columns));
    }
}

file readonly unsafe struct RunningSums(float* x, float* y, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint first = (nint)row * columns;
            double sum = 0;
            for (nint i = first; i < first + columns; i++)
            {
                sum += x[i];
                y[i] = (float)sum;
            }
        }
    }
}

file readonly unsafe struct AddSumsOfTheRest(float* dy, float* dx, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint first = (nint)row * columns;
            double sum = 0;
            for (nint i = first + columns - 1; i >= first; i--)
            {
                sum += dy[i];
                dx[i] += (float)sum;
            }
        }
    }
}
