using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the smaller of two elements, broadcasting; NaN where either is. Backward: <c>dy</c> goes to the
    /// smaller, half of it to each where they are equal.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Minimum(Tensor left, Tensor right) => BinaryOp<MinimumOperator>.Apply(left, right, nameof(Minimum));
}

internal readonly struct MinimumOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.Min(a, b);

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(a, b, dy, V.IfEqual(a, b, V.Broadcast(0.5f) * dy, V.Broadcast(0)));

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(b, a, dy, V.IfEqual(a, b, V.Broadcast(0.5f) * dy, V.Broadcast(0)));
}
