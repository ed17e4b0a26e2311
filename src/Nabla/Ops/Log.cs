using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the natural logarithm of every element. Backward: <c>dx += dy / x</c>.</summary>
    /// <remarks>Minus infinity for zero, NaN for negative numbers.</remarks>
    public Tensor Log() => UnaryOp<LogOperator>.Apply(this);
}

internal readonly struct LogOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => VectorMath.Log(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => dy / x;
}
