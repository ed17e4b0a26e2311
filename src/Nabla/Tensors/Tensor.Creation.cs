using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns a tensor of zeros.</summary>
    public static Tensor Zeros(params ReadOnlySpan<int> sizes) => Full(new Shape(sizes), 0);

    /// <summary>Returns a tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape) => Full(shape, 0);

    /// <summary>Returns a tensor of ones.</summary>
    public static Tensor Ones(params ReadOnlySpan<int> sizes) => Full(new Shape(sizes), 1);

    /// <summary>Returns a tensor of ones.</summary>
    public static Tensor Ones(Shape shape) => Full(shape, 1);

    /// <summary>Returns a tensor of which every element is <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, float value)
    {
        Tensor result = new(shape);
        result.Fill(value);
        return result;
    }

    /// <summary>Returns a tensor of zeros of the shape of another.</summary>
    public static Tensor ZerosLike(Tensor other) => Full(other.Shape, 0);

    /// <summary>Returns a tensor of ones of the shape of another.</summary>
    public static Tensor OnesLike(Tensor other) => Full(other.Shape, 1);

    /// <summary>Returns a scalar.</summary>
    public static Tensor Scalar(float value) => Full(default, value);

    /// <summary>Returns a tensor of a copy of the given values.</summary>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="sizes">The sizes; none gives a vector, and one may be -1.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to the number of values.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes)
    {
        Shape vector = new(values.Length);
        Tensor result = new(sizes.IsEmpty ? vector : InferShape(vector, sizes, nameof(From)));
        result.CopyFrom(values);
        return result;
    }

    /// <summary>Returns a matrix of a copy of the given values.</summary>
    public static Tensor From(float[,] values) => FromRowMajor(values);

    /// <summary>Returns a tensor of three dimensions of a copy of the given values.</summary>
    public static Tensor From(float[,,] values) => FromRowMajor(values);

    /// <summary>Returns the vector 0, 1, 2, ..., <paramref name="end"/> excluded.</summary>
    /// <exception cref="ArgumentException">The end is negative or not finite.</exception>
    public static Tensor Arange(double end) => Arange(0, end);

    /// <summary>Returns the vector of numbers from a start by equal steps, the end excluded.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">What the numbers stay below, or above where the step is negative.</param>
    /// <param name="step">The distance between neighbours.</param>
    /// <exception cref="ArgumentException">The step is zero or leads away from the end, or a number is not finite.</exception>
    public static Tensor Arange(double start, double end, double step = 1)
    {
        double count = Math.Ceiling((end - start) / step);
        if (!(count is >= 0 and <= int.MaxValue))
        {
            throw new ArgumentException($"Arange: no steps of {step} lead from {start} to {end}.");
        }

        return FromFormula((int)count, i => start + (i * step));
    }

    /// <summary>Returns a vector of numbers at equal distances, both ends included.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The last number.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ShapeException">The count is negative.</exception>
    public static Tensor Linspace(double start, double end, int count)
    {
        // From both ends to the middle, so that the last number is the end exactly.
        double step = count > 1 ? (end - start) / (count - 1) : 0;
        return FromFormula(count, i => i < (count + 1) / 2 ? start + (i * step) : end - ((count - 1 - i) * step));
    }

    /// <summary>Returns a matrix with ones on the diagonal and zeros elsewhere.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns; as many as rows where it is not given.</param>
    /// <exception cref="ShapeException">A number is negative.</exception>
    public static Tensor Eye(int rows, int? columns = null)
    {
        Tensor result = Zeros(rows, columns ?? rows);
        Span<float> values = result.Values;
        for (int row = 0; row < Math.Min(rows, columns ?? rows); row++)
        {
            values[(row * (columns ?? rows)) + row] = 1;
        }

        GC.KeepAlive(result);
        return result;
    }

    /// <summary>
    /// Returns, for every id, a row of zeros with a one at that place: ids <c>[B, T]</c> give <c>[B, T, classes]</c>.
    /// </summary>
    /// <param name="ids">The places of the ones, of any shape.</param>
    /// <param name="numClasses">
    /// The number of classes; where it is not given one more than the largest id, which is too few if the last class does not occur.
    /// </param>
    /// <exception cref="ShapeException">
    /// An id is negative or not below the number of classes, or there is neither an id nor a number.
    /// </exception>
    public static Tensor OneHot(IndexTensor ids, int? numClasses = null)
    {
        if (numClasses is null && ids.Count == 0)
        {
            throw new ShapeException($"OneHot: ids of shape {ids.Shape} do not tell how many classes there are; give the number.");
        }

        int classes = numClasses ?? (Math.Max(TensorPrimitives.Max<int>(ids.Values), 0) + 1);
        ids.CheckRange(classes, nameof(OneHot));
        Tensor result = Full(ids.Shape.Insert(ids.Rank, classes), 0);
        Span<float> values = result.Values;
        ReadOnlySpan<int> places = ids.Values;
        for (int i = 0; i < places.Length; i++)
        {
            values[(i * classes) + places[i]] = 1;
        }

        GC.KeepAlive(ids);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Sets every element of a contiguous tensor, unseen by the tape.</summary>
    internal unsafe void Fill(float value)
    {
        FillKernel.Run(Pointer, Count, value);
        GC.KeepAlive(this);
    }

    private static Tensor FromRowMajor(Array values)
    {
        Span<int> sizes = stackalloc int[values.Rank];
        for (int dim = 0; dim < sizes.Length; dim++)
        {
            sizes[dim] = values.GetLength(dim);
        }

        Tensor result = new(new Shape(sizes));
        MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length).CopyTo(result.Values);
        GC.KeepAlive(result);
        return result;
    }

    private static Tensor FromFormula(int count, Func<int, double> formula)
    {
        Tensor result = new(new Shape(count));
        Span<float> values = result.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)formula(i);
        }

        GC.KeepAlive(result);
        return result;
    }
}
