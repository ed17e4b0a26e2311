using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the max-margin loss of scores: nothing where a score has the sign of its label and is beyond 1.</summary>
    /// <param name="target">The labels, 1 or -1, of this tensor's shape.</param>
    /// <param name="reduction">What becomes of the losses of the scores.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <remarks>Forward: <c>max(0, 1 - t x)</c>. Backward, where that is above 0: <c>dx -= t dy</c>, <c>dt -= x dy</c>.</remarks>
    public Tensor HingeLoss(Tensor target, LossReduction reduction = LossReduction.Mean)
        => PairwiseLoss.Apply<HingeOperator>(this, target, reduction, nameof(HingeLoss));
}

internal readonly struct HingeOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
        => V.Max(V.Broadcast(1) - (a * b), V.Broadcast(0));

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(a * b, V.Broadcast(1), -b * dy, V.Broadcast(0));

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(a * b, V.Broadcast(1), -a * dy, V.Broadcast(0));
}
