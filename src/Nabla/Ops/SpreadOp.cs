using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>The variance of every row, or its root, the standard deviation.</summary>
internal sealed unsafe class SpreadOp : Op
{
    private readonly Tensor _x;
    private readonly Saved _savedX;
    private readonly Saved _savedY;
    private readonly int _columns;
    private readonly int _divisor;
    private readonly bool _root;

    private SpreadOp(Tensor x, Tensor y, int columns, int divisor, bool root)
        : base(x)
    {
        (_x, _savedX, _savedY) = (x, new Saved(x), new Saved(y.Detach()));
        (_columns, _divisor, _root) = (columns, divisor, root);
    }

    public static Tensor Apply(Tensor x, ReadOnlySpan<int> dims, bool unbiased, bool keepDim, bool root, string operation)
    {
        Span<bool> reduced = stackalloc bool[x.Rank];
        Tensor y = new(x.ReducedShape(dims, keepDim, operation, reduced));
        x = x.RowsAlong(reduced, out int rows, out int columns);
        int divisor = Math.Max(columns - (unbiased ? 1 : 0), 0);
        ParallelFor.Run(rows, 4L * columns, new SpreadOfRows(x.Pointer, y.Pointer, columns, divisor, root));
        GC.KeepAlive(x);
        return Tensor.Records(x) ? y.ProducedBy(new SpreadOp(x, y, columns, divisor, root)) : y;
    }

    public override void Backward(Tensor dy)
    {
        (Tensor x, Tensor y) = (_savedX.For(this), _savedY.For(this));
        Tensor dx = GradientOf(_x, out bool fresh);
        SpreadGradient body = new(x.Pointer, y.Pointer, dy.Pointer, dx.Pointer, _columns, _divisor, _root, !fresh);
        ParallelFor.Run(dy.Count, 4L * _columns, body);
    }
}

file readonly unsafe struct SpreadOfRows(float* x, float* y, int columns, int divisor, bool root) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            Deviation deviation = Deviation.Of(x + ((nint)row * columns), columns);
            float variance = Rows.Sum(new Square(deviation), columns) / divisor;
            y[row] = root ? MathF.Sqrt(variance) : variance;
        }
    }
}

file readonly unsafe struct SpreadGradient(
    float* x, float* y, float* dy, float* dx, int columns, int divisor, bool root, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            nint offset = (nint)row * columns;

            // A root is steep at 0; there all deviations are 0 too, and no gradient is the useful one of the many.
            float slope = !root ? 2f / divisor : y[row] == 0 ? 0 : 1 / (divisor * y[row]);
            Rows.Write(dx + offset, new Scaled(Deviation.Of(x + offset, columns), slope * dy[row]), columns, add);
        }
    }
}

/// <summary>
/// Elements less their mean. The mean is in two parts: a float alone misses the mean of numbers near a million by percents of
/// their spread.
/// </summary>
file readonly unsafe struct Deviation(float* x, float mean, float rest) : IRowElements
{
    public static Deviation Of(float* x, int count)
    {
        float mean = Rows.Sum(x, count) / count;
        return new Deviation(x, mean, Rows.Sum(new Deviation(x, mean, 0), count) / count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(x + index) - V.Broadcast(mean) - V.Broadcast(rest);
}

file readonly struct Square(Deviation deviation) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
    {
        V value = deviation.At<V>(index);
        return value * value;
    }
}

file readonly struct Scaled(Deviation deviation, float factor) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => deviation.At<V>(index) * V.Broadcast(factor);
}
