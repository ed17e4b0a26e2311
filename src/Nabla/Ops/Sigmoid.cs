using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the logistic function <c>1 / (1 + exp(-x))</c> of every element. Backward: <c>dx += y (1 - y) dy</c>.
    /// </summary>
    /// <remarks>Small results for very negative x keep their relative accuracy.</remarks>
    public Tensor Sigmoid() => UnaryOp<SigmoidOperator>.Apply(this);
}

internal readonly struct SigmoidOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Output;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => VectorMath.Sigmoid(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => y * (V.Broadcast(1) - y) * dy;
}
