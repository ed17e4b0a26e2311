using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the square root of every element. Backward: <c>dx += dy / (2 y)</c>.</summary>
    /// <remarks>NaN for negative numbers; the gradient at zero is infinite.</remarks>
    public Tensor Sqrt() => UnaryOp<SqrtOperator>.Apply(this);
}

internal readonly struct SqrtOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Output;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Sqrt(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => V.Broadcast(0.5f) * dy / y;
}
