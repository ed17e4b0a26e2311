using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the magnitude of every element. Backward: <c>dx += sign(x) dy</c>, nothing where x is zero.</summary>
    public Tensor Abs() => UnaryOp<AbsOperator>.Apply(this);
}

internal readonly struct AbsOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Abs(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => V.IfEqual(x, V.Broadcast(0), V.Broadcast(0), V.CopySign(V.Broadcast(1), x) * dy);
}
