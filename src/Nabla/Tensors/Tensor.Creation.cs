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

    /// <summary>Sets every element of a contiguous tensor, unseen by the tape.</summary>
    internal unsafe void Fill(float value)
    {
        FillKernel.Run(Pointer, Count, value);
        GC.KeepAlive(this);
    }
}
