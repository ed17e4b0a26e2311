using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns every element, or <c>alpha (exp(x) - 1)</c> unless it is positive (Clevert et al., 2015). Backward:
    /// <c>dx += dy</c> where x is positive, else <c>dx += alpha exp(x) dy</c>.
    /// </summary>
    /// <param name="alpha">The result falls to its negative for very negative x; the slope at zero.</param>
    public Tensor Elu(float alpha = 1) => UnaryOp<EluOperator>.Apply(this, new(alpha));
}

internal readonly struct EluOperator(float alpha) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.IfLess(V.Broadcast(0), x, x, V.Broadcast(alpha) * VectorMath.ExpMinusOne(x));

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(V.Broadcast(0), x, dy, V.Broadcast(alpha) * VectorMath.Exp(x) * dy);
}
