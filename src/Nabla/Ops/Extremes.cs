using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>Finds the largest or smallest elements. NaN counts as both, so that it is not overlooked.</summary>
internal static unsafe class Extremes
{
    /// <summary>Finds along one dimension.</summary>
    /// <param name="x">The tensor to search.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <param name="largest">Whether to find the largest, or the smallest.</param>
    /// <param name="operation">The operation for messages.</param>
    /// <param name="rows">x as it was searched: contiguous, row after row.</param>
    /// <param name="values">What was found.</param>
    /// <returns>The index of each value in its row.</returns>
    public static IndexTensor Find(
        Tensor x, int dim, bool keepDim, bool largest, string operation, out Tensor rows, out Tensor values)
    {
        Span<bool> reduced = stackalloc bool[x.Rank];
        Shape shape = x.ReducedShape([dim], keepDim, operation, reduced);
        if (x.Shape[dim] == 0)
        {
            throw new ShapeException($"{operation}: {x.Shape} has no elements along dimension {dim} to choose from.");
        }

        values = new Tensor(shape);
        IndexTensor indices = new(shape);
        rows = x.RowsAlong(reduced, out int count, out int columns);
        ParallelFor.Run(count, columns, new FindInRows(rows.Pointer, values.Pointer, indices.Pointer, columns, largest));
        GC.KeepAlive(rows);
        return indices;
    }

    /// <summary>Finds among all elements; the index counts them in row-major order.</summary>
    public static IndexTensor FindInAll(Tensor x, bool largest, string operation)
    {
        CheckNotEmpty(x, operation);
        Tensor all = x.Detach().Contiguous().AliasAs(new Shape(x.Count));
        return Find(all, 0, keepDim: false, largest, operation, out _, out _);
    }

    /// <summary>Throws where there is nothing to choose from.</summary>
    public static void CheckNotEmpty(Tensor x, string operation)
    {
        if (x.Count == 0)
        {
            throw new ShapeException($"{operation}: {x.Shape} has no elements to choose from.");
        }
    }
}

/// <summary>The largest or smallest elements along a dimension.</summary>
internal sealed unsafe class ExtremeOp : Op
{
    private readonly Tensor _x;
    private readonly SavedIndex _indices;
    private readonly int _columns;

    private ExtremeOp(Tensor x, IndexTensor indices, int columns)
        : base(x)
        => (_x, _indices, _columns) = (x, new SavedIndex(indices), columns);

    public static (Tensor Values, IndexTensor Indices) Apply(Tensor x, int dim, bool keepDim, bool largest, string operation)
    {
        IndexTensor indices = Extremes.Find(x, dim, keepDim, largest, operation, out Tensor rows, out Tensor values);
        return (Tensor.Records(rows) ? values.ProducedBy(new ExtremeOp(rows, indices, x.Shape[dim])) : values, indices);
    }

    public override void Backward(Tensor dy)
    {
        AddToFound body = new(dy.Pointer, _indices.For(this).Pointer, GradientOf(_x).Pointer, _columns);
        ParallelFor.Run(dy.Count, 1, body);
    }
}

/// <summary>The largest or smallest of all elements.</summary>
internal sealed unsafe class WholeExtremeOp : Op
{
    private readonly Tensor _x;
    private readonly Saved _savedX;
    private readonly Saved _savedY;

    private WholeExtremeOp(Tensor x, Tensor y)
        : base(x)
        => (_x, _savedX, _savedY) = (x, new Saved(x), new Saved(y.Detach()));

    public static Tensor Apply(Tensor x, bool largest, string operation)
    {
        Extremes.CheckNotEmpty(x, operation);
        x = x.Contiguous();
        Tensor y = new(default);
        ParallelFor.Run(1, x.Count, new ExtremeOfAll(x.Pointer, y.Pointer, x.Count, largest));
        GC.KeepAlive(x);
        return Tensor.Records(x) ? y.ProducedBy(new WholeExtremeOp(x, y)) : y;
    }

    public override void Backward(Tensor dy)
    {
        (Tensor x, Tensor y) = (_savedX.For(this), _savedY.For(this));
        Tensor dx = GradientOf(_x, out bool fresh);
        ParallelFor.Run(1, x.Count, new ShareAmongEquals(x.Pointer, y.Pointer, dy.Pointer, dx.Pointer, x.Count, !fresh));
    }
}

file readonly unsafe struct FindInRows(float* x, float* values, int* indices, int columns, bool largest) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* elements = x + ((nint)row * columns);
            values[row] = largest ? Rows.Max(elements, columns) : Rows.Min(elements, columns);

            // IndexOf compares as Equals does, by which NaN is found.
            indices[row] = new ReadOnlySpan<float>(elements, columns).IndexOf(values[row]);
        }
    }
}

file readonly unsafe struct AddToFound(float* dy, int* indices, float* dx, int columns) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            dx[((nint)row * columns) + indices[row]] += dy[row];
        }
    }
}

file readonly unsafe struct ExtremeOfAll(float* x, float* y, int count, bool largest) : IParallelBody
{
    public void Run(int start, int end) => *y = largest ? Rows.Max(x, count) : Rows.Min(x, count);
}

file readonly unsafe struct ShareAmongEquals(float* x, float* y, float* dy, float* dx, int count, bool add) : IParallelBody
{
    public void Run(int start, int end)
    {
        float equal = Rows.Sum(new WhereEqual(x, *y, 1), count);
        Rows.Write(dx, new WhereEqual(x, *y, *dy / equal), count, add);
    }
}

file readonly unsafe struct WhereEqual(float* x, float value, float result) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.IfEqual(V.Load(x + index), V.Broadcast(value), V.Broadcast(result), V.Broadcast(0f));
}
