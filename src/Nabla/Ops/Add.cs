using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Adds element by element, broadcasting. The gradient of a sum passes to both sides unchanged.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator +(Tensor left, Tensor right) => BinaryOp<AddOperator>.Apply(left, right, "Add");

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor left, float right) => UnaryOp<AddScalarOperator>.Apply(left, new(right));

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(float left, Tensor right) => right + left;

    /// <summary>Adds another tensor, which broadcasts to this one, in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The other does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor AddInPlace(Tensor other) => BinaryOp<AddOperator>.ApplyInPlace(this, other, nameof(AddInPlace));

    /// <summary>Adds a number to every element in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor AddInPlace(float value) => UnaryOp<AddScalarOperator>.ApplyInPlace(this, nameof(AddInPlace), new(value));
}

internal readonly struct AddOperator : IBinaryOperator, IPassesGradient
{
    public static bool GradientReadsInputs => false;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => a + b;

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => dy;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => dy;

    public bool Passes(bool left) => true;
}

internal readonly struct AddScalarOperator(float value) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Nothing;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x + V.Broadcast(value);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => dy;
}
