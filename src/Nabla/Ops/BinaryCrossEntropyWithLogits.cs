using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the cross-entropy between the probabilities <c>sigmoid(x)</c> and targets from 0 to 1.</summary>
    /// <param name="target">For each element the probability that it is true, of this tensor's shape.</param>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <remarks>
    /// Forward: <c>-t log(sigmoid(x)) - (1 - t) log(1 - sigmoid(x))</c>, without a sigmoid that could round to 0 or 1.
    /// Backward: <c>dx += (sigmoid(x) - t) dy</c>, <c>dt -= x dy</c>.
    /// </remarks>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, LossReduction reduction = LossReduction.Mean)
        => PairwiseLoss.Apply<BinaryCrossEntropyOperator>(this, target, reduction, nameof(BinaryCrossEntropyWithLogits));
}

internal readonly struct BinaryCrossEntropyOperator : IBinaryOperator
{
    public static bool GradientReadsInputs => true;

    public V Forward<V>(V a, V b)
        where V : unmanaged, IVector<V>
    {
        // max(x, 0) - t x + log(1 + exp(-|x|)), with the first two as one product: subtracting them would leave nothing of
        // the small losses of logits that are right.
        V zero = V.Broadcast(0);
        V wrong = V.IfLess(a, zero, -b, V.Broadcast(1) - b);
        return (wrong * a) + VectorMath.Log1pExp(-V.Abs(a));
    }

    public V LeftGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => (VectorMath.Sigmoid(a) - b) * dy;

    public V RightGradient<V>(V a, V b, V dy)
        where V : unmanaged, IVector<V>
        => -a * dy;
}
