using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the larger of two elements, broadcasting; NaN where either is. Backward: <c>dy</c> goes to the
    /// larger, half of it to each where they are equal.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Maximum(Tensor left, Tensor right) => BinaryOp<MaximumOperator>.Apply(left, right, nameof(Maximum));
}

internal readonly struct MaximumOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.Max(a, b);

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(b, a, dy, V.IfEqual(a, b, V.Broadcast(0.5f) * dy, V.Broadcast(0)));

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(a, b, dy, V.IfEqual(a, b, V.Broadcast(0.5f) * dy, V.Broadcast(0)));
}
