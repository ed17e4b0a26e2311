using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Multiplies element by element, broadcasting. Backward: <c>da += b dy</c>, <c>db += a dy</c>.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator *(Tensor left, Tensor right) => BinaryOp<MulOperator>.Apply(left, right, "Mul");

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor left, float right) => UnaryOp<MulScalarOperator>.Apply(left, new(right));

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(float left, Tensor right) => right * left;

    /// <summary>Multiplies by another tensor, which broadcasts to this one, in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The other does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor MulInPlace(Tensor other) => BinaryOp<MulOperator>.ApplyInPlace(this, other, nameof(MulInPlace));

    /// <summary>Multiplies every element by a number in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor MulInPlace(float value) => UnaryOp<MulScalarOperator>.ApplyInPlace(this, nameof(MulInPlace), new(value));
}

internal readonly struct MulOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public static bool LeftGradientReadsLeft => false;

    public static bool RightGradientReadsRight => false;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => a * b;

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => b * dy;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => a * dy;
}

internal readonly struct MulScalarOperator(float value) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Nothing;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x * V.Broadcast(value);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => dy * V.Broadcast(value);
}
