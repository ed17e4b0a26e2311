using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <content>
/// The functions shaped like an S. Their polynomials are fitted as those of the exponential are.
/// </content>
internal static partial class VectorMath
{
    /// <summary>Returns the hyperbolic tangent, within 4 ulp, exactly 1 or -1 beyond 9.02.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, IVector<V>
    {
        // |x| times a ratio of polynomials in x squared with positive coefficients only: nothing cancels, and small x keep
        // their relative accuracy.
        V t = x * x;

        V p = V.Broadcast(1.33190525e-8f);
        p = V.MultiplyAdd(p, t, V.Broadcast(2.05834658e-5f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.00349403336f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.133797169f));
        p = V.MultiplyAdd(p, t, V.Broadcast(1f));

        V q = V.Broadcast(7.76201091e-7f);
        q = V.MultiplyAdd(q, t, V.Broadcast(0.000328309106f));
        q = V.MultiplyAdd(q, t, V.Broadcast(0.0258710682f));
        q = V.MultiplyAdd(q, t, V.Broadcast(0.467130333f));
        q = V.MultiplyAdd(q, t, V.Broadcast(1f));

        // Beyond the bound p / q is not fitted; before it the rounding may lead an ulp past 1.
        V one = V.Broadcast(1f);
        V magnitude = V.Abs(x);
        V result = magnitude * p / q;
        result = V.IfLess(one, result, one, result);
        result = V.IfLess(V.Broadcast(9.02f), magnitude, one, result);
        return V.CopySign(result, x);
    }

    /// <summary>Returns the error function, within 2.5 ulp, exactly 1 or -1 beyond 3.93.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V one = V.Broadcast(1f);
        V four = V.Broadcast(4f);
        V magnitude = V.Abs(x);

        // Near zero: an odd polynomial.
        V t = x * x;
        V p = V.Broadcast(-0.000599919644f);
        p = V.MultiplyAdd(p, t, V.Broadcast(0.00499479007f));
        p = V.MultiplyAdd(p, t, V.Broadcast(-0.0267676935f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.11281845f));
        p = V.MultiplyAdd(p, t, V.Broadcast(-0.376124978f));
        p = V.MultiplyAdd(p, t, V.Broadcast(1.12837911f));
        V inner = magnitude * p;

        // Beyond: 1 - erfc, by a polynomial for log2(erfc). What is taken from 1 is small, and so are its errors.
        V a = V.IfLess(four, magnitude, four, magnitude);
        V q = V.Broadcast(-0.00177592295f);
        q = V.MultiplyAdd(q, a, V.Broadcast(0.0222453699f));
        q = V.MultiplyAdd(q, a, V.Broadcast(-0.13074626f));
        q = V.MultiplyAdd(q, a, V.Broadcast(-0.939867139f));
        q = V.MultiplyAdd(q, a, V.Broadcast(-1.61535704f));
        q = V.MultiplyAdd(q, a, V.Broadcast(-0.00291558122f));

        V exponent = V.Round(q);
        V r = q - exponent;
        V power = V.Broadcast(0.00132646947f);
        power = V.MultiplyAdd(power, r, V.Broadcast(0.00967153441f));
        power = V.MultiplyAdd(power, r, V.Broadcast(0.0555073395f));
        power = V.MultiplyAdd(power, r, V.Broadcast(0.240222424f));
        power = V.MultiplyAdd(power, r, V.Broadcast(0.693147004f));
        power = V.MultiplyAdd(power, r, one);
        V outer = one - V.Scale(power, exponent);

        return V.CopySign(V.IfLess(magnitude, V.Broadcast(0.92f), inner, outer), x);
    }

    /// <summary>Returns 1 / (1 + e^-x), within 4 ulp, with the small results of very negative x kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, IVector<V>
    {
        // Only ever the exponential of a negative number, which cannot overflow.
        V one = V.Broadcast(1f);
        V small = Exp(-V.Abs(x));
        return V.IfLess(x, V.Broadcast(0f), small, one) / (small + one);
    }

    /// <summary>Returns 1 / (1 + e^-x), and its distance to 1, both with their small results kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x, out V complement)
        where V : unmanaged, IVector<V>
    {
        V zero = V.Broadcast(0f);
        V one = V.Broadcast(1f);
        V small = Exp(-V.Abs(x));
        V large = one / (small + one);
        small *= large;
        complement = V.IfLess(x, zero, large, small);
        return V.IfLess(x, zero, small, large);
    }
}
