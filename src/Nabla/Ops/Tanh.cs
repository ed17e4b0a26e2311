using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the hyperbolic tangent of every element. Backward: <c>dx += (1 - y^2) dy</c>.</summary>
    public Tensor Tanh() => UnaryOp<TanhOperator>.Apply(this);
}

internal readonly struct TanhOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Output;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => VectorMath.Tanh(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => (V.Broadcast(1) - (y * y)) * dy;
}
