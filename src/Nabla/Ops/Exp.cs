using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns e to the power of every element. Backward: <c>dx += y dy</c>.</summary>
    /// <remarks>Infinite above 88.7, zero below -104.</remarks>
    public Tensor Exp() => UnaryOp<ExpOperator>.Apply(this);
}

internal readonly struct ExpOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Output;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => VectorMath.Exp(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => y * dy;
}
