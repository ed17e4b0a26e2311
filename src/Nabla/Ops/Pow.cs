using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns every element to the power of a number. Backward: <c>dx += exponent x^(exponent - 1) dy</c>, nothing for an
    /// exponent of 0.
    /// </summary>
    /// <param name="exponent">The power; -1 gives the reciprocal, 0.5 the square root.</param>
    /// <remarks>Negative numbers to a power that is not whole are NaN. Whole powers from -8 to 8 are fast.</remarks>
    public Tensor Pow(float exponent) => exponent switch
    {
        2 => Square(),
        0.5f => Sqrt(),
        _ => UnaryOp<PowOperator>.Apply(this, new(exponent)),
    };

    /// <summary>Returns the square of every element. Backward: <c>dx += 2 x dy</c>.</summary>
    public Tensor Square() => UnaryOp<SquareOperator>.Apply(this);
}

internal readonly struct SquareOperator : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => x * x;

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => (x + x) * dy;
}

internal readonly struct PowOperator(float exponent) : IUnaryOperator
{
    // Above it, repeated products would round more often than the general power does.
    private const float LargestProduct = 8;

    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => Power(x, exponent);

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
        => exponent == 0 ? V.Broadcast(0) : V.Broadcast(exponent) * Power(x, exponent - 1) * dy;

    private static V Power<V>(V x, float exponent)
        where V : unmanaged, IVector<V>
    {
        if (exponent != MathF.Truncate(exponent) || MathF.Abs(exponent) > LargestProduct)
        {
            return VectorMath.Pow(x, V.Broadcast(exponent));
        }

        V result = V.Broadcast(1);
        for (int left = (int)MathF.Abs(exponent); left > 0; left >>= 1)
        {
            result = (left & 1) != 0 ? result * x : result;
            x *= x;
        }

        return exponent < 0 ? V.Broadcast(1) / result : result;
    }
}
