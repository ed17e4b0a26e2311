using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns every element, or zero where it is negative. Backward: <c>dx += dy</c> where x is positive.</summary>
    public Tensor Relu() => UnaryOp<ReluOperator>.Apply(this);

    /// <summary>Replaces negative elements by zero in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor ReluInPlace() => UnaryOp<ReluOperator>.ApplyInPlace(this, nameof(ReluInPlace));
}

internal readonly struct ReluOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Output;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Max(x, V.Broadcast(0));

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => V.IfLess(V.Broadcast(0), y, dy, V.Broadcast(0));
}
