using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the squared error against a target. The gradient flows into both.</summary>
    /// <param name="target">What this tensor should be, of its shape.</param>
    /// <param name="reduction">What becomes of the errors of the elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <remarks>Forward: <c>(x - t)^2</c>. Backward: <c>dx += 2 (x - t) dy</c>, <c>dt -= 2 (x - t) dy</c>.</remarks>
    public Tensor MseLoss(Tensor target, LossReduction reduction = LossReduction.Mean)
        => PairwiseLoss.Apply<SquaredErrorOperator>(this, target, reduction, nameof(MseLoss));
}

internal readonly struct SquaredErrorOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => (a - b) * (a - b);

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.Broadcast(2) * (a - b) * dy;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.Broadcast(2) * (b - a) * dy;
}
