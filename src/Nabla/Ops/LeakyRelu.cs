using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns every element, scaled by <paramref name="negativeSlope"/> unless it is positive. Backward: <c>dx += dy</c>
    /// where x is positive, else <c>dx += slope dy</c>.
    /// </summary>
    /// <param name="negativeSlope">The slope left of zero, and at zero.</param>
    public Tensor LeakyRelu(float negativeSlope = 0.01f) => UnaryOp<LeakyReluOperator>.Apply(this, new(negativeSlope));
}

internal readonly struct LeakyReluOperator(float slope) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.IfLess(V.Broadcast(0), x, x, V.Broadcast(slope) * x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(V.Broadcast(0), x, dy, V.Broadcast(slope) * dy);
}
