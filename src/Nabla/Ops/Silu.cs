using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns <c>x sigmoid(x)</c> of every element, also called swish (Elfwing et al., 2017). Backward, with
    /// <c>s = sigmoid(x)</c>: <c>dx += s (1 + x (1 - s)) dy</c>.
    /// </summary>
    public Tensor Silu() => UnaryOp<SiluOperator>.Apply(this);
}

internal readonly struct SiluOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x * VectorMath.Sigmoid(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
    {
        V s = VectorMath.Sigmoid(x, out V complement);
        return s * V.MultiplyAdd(x, complement, V.Broadcast(1)) * dy;
    }
}
