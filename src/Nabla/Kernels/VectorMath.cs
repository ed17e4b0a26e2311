using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// The exponential and the logarithm, and what is made of them, lane by lane. Every width gives the same bits. The
/// polynomials are minimax fits in the relative error of the whole function (least squares at Chebyshev nodes, reweighted
/// until the error is level), made for this file and then rounded to float.
/// </summary>
internal static partial class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts. The first has nine significant bits, so a whole exponent times it is exact, fused or not.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Returns e to the power x, within 2 ulp: infinity above 88.73, subnormal below -87.3, zero below -104.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, IVector<V>
    {
        // Beyond these bounds the result is zero or infinite already. NaN compares false and passes.
        V low = V.Broadcast(-104f);
        V high = V.Broadcast(89f);
        x = V.IfLess(x, low, low, x);
        x = V.IfLess(high, x, high, x);

        V exponent = V.Round(x * V.Broadcast(Log2E));
        return V.Scale(ReducedExpMinusOne(x, exponent) + V.Broadcast(1f), exponent);
    }

    /// <summary>Returns 2 to the power x, within 2.5 ulp: infinity from 128 on, zero below -150. It is less work than e to the power x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V low = V.Broadcast(-151f);
        V high = V.Broadcast(129f);
        x = V.IfLess(x, low, low, x);
        x = V.IfLess(high, x, high, x);
        V exponent = V.Round(x);
        V f = x - exponent;

        V p = V.Broadcast(0.0013264727f);
        p = V.MultiplyAdd(p, f, V.Broadcast(0.009671513f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.055507336f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.24022242f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.693147f));
        p = V.MultiplyAdd(p, f, V.Broadcast(1f));
        return V.Scale(p, exponent);
    }

    /// <summary>Returns e to the power x, minus 1, without the cancellation near zero that subtracting would bring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpMinusOne<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V low = V.Broadcast(-20f);
        V high = V.Broadcast(89f);
        x = V.IfLess(x, low, low, x);
        x = V.IfLess(high, x, high, x);

        // With x = n ln 2 + r: e^x - 1 = 2^n (e^r - 1) + (2^n - 1). Taken at half its size, so that n = 128 does not overflow.
        V exponent = V.Round(x * V.Broadcast(Log2E));
        V half = V.PowerOfTwo(exponent - V.Broadcast(1f));
        V result = V.MultiplyAdd(half, ReducedExpMinusOne(x, exponent), half - V.Broadcast(0.5f));
        return result + result;
    }

    /// <summary>Returns the natural logarithm, within 2 ulp: minus infinity for zero, NaN below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V zero = V.Broadcast(0f);
        V infinity = V.Broadcast(float.PositiveInfinity);
        V smallestNormal = V.Broadcast(SmallestNormal);

        V normal = V.IfLess(x, smallestNormal, x * V.Broadcast(8388608f), x);
        V mantissa = V.SplitExponent(normal, out V exponent);
        exponent = V.IfLess(x, smallestNormal, exponent - V.Broadcast(23f), exponent);

        V result = LogOnePlus(mantissa - V.Broadcast(1f), exponent);
        result = V.IfLess(x, infinity, result, x);
        result = V.IfLess(x, zero, V.Broadcast(float.NaN), result);
        return V.IfEqual(x, zero, -infinity, result);
    }

    /// <summary>Returns log(1 + e^x), the softplus, which neither overflows for large x nor loses small results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1pExp<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V zero = V.Broadcast(0f);
        V half = V.Broadcast(0.5f);
        V u = Exp(-V.Abs(x));

        // 1 + u is in [1, 2]: above sqrt(2) as twice 1 + (u - 1) / 2. Never rounding 1 + u keeps a small u exact.
        V bound = V.Broadcast(0.41421356f);
        V exponent = V.IfLess(u, bound, zero, V.Broadcast(1f));
        V fraction = V.IfLess(u, bound, u, V.MultiplyAdd(u, half, -half));
        return V.IfLess(zero, x, x, zero) + LogOnePlus(fraction, exponent);
    }

    /// <summary>Returns x to the power y, with the special cases of C: 0^0 is 1, a negative x takes whole y only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V Pow<V>(V x, V y)
        where V : unmanaged, IVector<V>
    {
        // exp(y log x) would need log x to twice the precision to be right for large results; powers are rare enough.
        V result = x;
        float* lanes = (float*)&result;
        float* exponents = (float*)&y;
        for (int i = 0; i < V.Count; i++)
        {
            lanes[i] = MathF.Pow(lanes[i], exponents[i]);
        }

        return result;
    }

    /// <summary>Returns e^r - 1 for r = x - exponent * ln 2 in [-ln(2) / 2, ln(2) / 2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedExpMinusOne<V>(V x, V exponent)
        where V : unmanaged, IVector<V>
    {
        V r = V.MultiplyAdd(exponent, V.Broadcast(-Ln2High), x);
        r = V.MultiplyAdd(exponent, V.Broadcast(-Ln2Low), r);

        V q = V.Broadcast(0.00138825155f);
        q = V.MultiplyAdd(q, r, V.Broadcast(0.00836652331f));
        q = V.MultiplyAdd(q, r, V.Broadcast(0.0416672006f));
        q = V.MultiplyAdd(q, r, V.Broadcast(0.166665435f));
        q = V.MultiplyAdd(q, r, V.Broadcast(0.49999997f));
        return V.MultiplyAdd(r * r, q, r);
    }

    /// <summary>Returns log(1 + f) + exponent * ln 2 for f in [sqrt(1/2) - 1, sqrt(2) - 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOnePlus<V>(V f, V exponent)
        where V : unmanaged, IVector<V>
    {
        V p = V.Broadcast(-0.0763449594f);
        p = V.MultiplyAdd(p, f, V.Broadcast(0.127615765f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-0.131601825f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.142017588f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-0.166233569f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.200012267f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-0.250008196f));
        p = V.MultiplyAdd(p, f, V.Broadcast(0.333333313f));

        p = V.MultiplyAdd(p, f, V.Broadcast(-0.5f));

        // f + f^2 p(f), the small terms first, so that f and the whole multiples of ln 2 are rounded once.
        V small = V.MultiplyAdd(exponent, V.Broadcast(Ln2Low), f * f * p);
        return V.MultiplyAdd(exponent, V.Broadcast(Ln2High), f + small);
    }
}
