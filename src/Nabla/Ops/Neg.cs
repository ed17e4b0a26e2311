using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns every element with the other sign. Backward: <c>dx -= dy</c>.</summary>
    public static Tensor operator -(Tensor x) => UnaryOp<NegOperator>.Apply(x);
}

internal readonly struct NegOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Nothing;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => -x;

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => -dy;
}
