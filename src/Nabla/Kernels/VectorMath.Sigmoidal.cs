using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <content>
/// The functions shaped like an S. Tanh and erf are odd, so each is |x| times a ratio of two polynomials in x squared, both
/// with positive coefficients only: nothing cancels, and small x keeps its relative accuracy. Fitted as the polynomials are.
/// </content>
internal static partial class VectorMath
{
    /// <summary>Returns the hyperbolic tangent, within 4 ulp, exactly 1 or -1 beyond 9.02.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, IVector<V>
    {
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

        return Saturate(x, p, q, 9.02f);
    }

    /// <summary>Returns the error function, within 5 ulp, exactly 1 or -1 beyond 3.93.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V t = x * x;

        V p = V.Broadcast(2.04197045e-6f);
        p = V.MultiplyAdd(p, t, V.Broadcast(0.000284808833f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.00377961644f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.0527903102f));
        p = V.MultiplyAdd(p, t, V.Broadcast(0.190783992f));
        p = V.MultiplyAdd(p, t, V.Broadcast(1.12837911f));

        V q = V.Broadcast(3.80040838e-5f);
        q = V.MultiplyAdd(q, t, V.Broadcast(0.00116521458f));
        q = V.MultiplyAdd(q, t, V.Broadcast(0.0149974516f));
        q = V.MultiplyAdd(q, t, V.Broadcast(0.114257589f));
        q = V.MultiplyAdd(q, t, V.Broadcast(0.50241065f));
        q = V.MultiplyAdd(q, t, V.Broadcast(1f));

        return Saturate(x, p, q, 3.93f);
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

    /// <summary>Returns x p / q held to [-1, 1], and the sign of x beyond <paramref name="bound"/>, where p / q is not fitted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Saturate<V>(V x, V p, V q, float bound)
        where V : unmanaged, IVector<V>
    {
        V one = V.Broadcast(1f);
        V magnitude = V.Abs(x);
        V result = magnitude * p / q;
        result = V.IfLess(one, result, one, result);
        result = V.IfLess(V.Broadcast(bound), magnitude, one, result);
        return V.CopySign(result, x);
    }
}
