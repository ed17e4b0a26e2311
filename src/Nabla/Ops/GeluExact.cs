using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the Gaussian error linear unit of every element, <c>x P(x)</c> with the normal distribution
    /// <c>P(x) = (1 + erf(x / sqrt(2))) / 2</c> (Hendrycks and Gimpel, 2016). Backward, with the normal density
    /// <c>p(x) = exp(-x^2 / 2) / sqrt(2 pi)</c>: <c>dx += (P(x) + x p(x)) dy</c>.
    /// </summary>
    /// <remarks>PyTorch's default <c>gelu</c>. GPT-2 uses <see cref="Gelu"/>.</remarks>
    public Tensor GeluExact() => UnaryOp<GeluExactOperator>.Apply(this);
}

internal readonly struct GeluExactOperator : IUnaryOperator
{
    private const float RootOfHalf = 0.707106781f;
    private const float DensityAtZero = 0.398942280f;

    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x * Distribution(x);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
    {
        V density = V.Broadcast(DensityAtZero) * VectorMath.Exp(V.Broadcast(-0.5f) * x * x);
        return V.MultiplyAdd(x, density, Distribution(x)) * dy;
    }

    private static V Distribution<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V half = V.Broadcast(0.5f);
        return V.MultiplyAdd(half, VectorMath.Erf(V.Broadcast(RootOfHalf) * x), half);
    }
}
