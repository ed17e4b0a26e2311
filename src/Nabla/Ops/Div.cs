using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Divides element by element, broadcasting. Backward: <c>da += dy / b</c>, <c>db -= (a / b) dy / b</c>.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor operator /(Tensor left, Tensor right) => BinaryOp<DivOperator>.Apply(left, right, "Div");

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor left, float right) => UnaryOp<DivScalarOperator>.Apply(left, new(right));

    /// <summary>Divides a number by every element. Backward: <c>dx -= (value / x) dy / x</c>.</summary>
    public static Tensor operator /(float left, Tensor right) => UnaryOp<DivIntoScalarOperator>.Apply(right, new(left));

    /// <summary>Divides by another tensor, which broadcasts to this one, in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The other does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor or the other is on the tape and recording is on.</exception>
    public Tensor DivInPlace(Tensor other) => BinaryOp<DivOperator>.ApplyInPlace(this, other, nameof(DivInPlace));

    /// <summary>Divides every element by a number in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor DivInPlace(float value) => UnaryOp<DivScalarOperator>.ApplyInPlace(this, nameof(DivInPlace), new(value));
}

internal readonly struct DivOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public static bool LeftGradientReadsLeft => false;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => a / b;

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => dy / b;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => -(a / b * dy / b);
}

internal readonly struct DivScalarOperator(float value) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Nothing;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x / V.Broadcast(value);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => dy / V.Broadcast(value);
}

internal readonly struct DivIntoScalarOperator(float value) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Broadcast(value) / x;

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => -(V.Broadcast(value) / x * dy / x);
}
