using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Subtracts element by element, broadcasting. Backward: <c>da += dy</c>, <c>db -= dy</c>.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator -(Tensor left, Tensor right) => BinaryOp<SubOperator>.Apply(left, right, "Sub");

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor left, float right) => left + -right;

    /// <summary>Subtracts every element from a number. Backward: <c>dx -= dy</c>.</summary>
    public static Tensor operator -(float left, Tensor right) => UnaryOp<SubFromScalarOperator>.Apply(right, new(left));

    /// <summary>Subtracts another tensor, which broadcasts to this one, in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The other does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor or the other is on the tape and recording is on.</exception>
    public Tensor SubInPlace(Tensor other) => BinaryOp<SubOperator>.ApplyInPlace(this, other, nameof(SubInPlace));

    /// <summary>Subtracts a number from every element in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor SubInPlace(float value) => UnaryOp<AddScalarOperator>.ApplyInPlace(this, nameof(SubInPlace), new(-value));
}

internal readonly struct SubOperator : IBinaryOperator, IPassesGradient
{
    public static bool GradientReadsInputs => false;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => a - b;

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => dy;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => -dy;

    public bool Passes(bool left) => left;
}

internal readonly struct SubFromScalarOperator(float value) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Nothing;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Broadcast(value) - x;

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => -dy;
}
