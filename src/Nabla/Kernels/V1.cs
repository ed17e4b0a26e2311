using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>One lane: the tail of a row on every machine, and the whole row where there is no vector unit.</summary>
internal readonly unsafe struct V1(float lane) : IVector<V1>
{
    private readonly float _lane = lane;

    public static int Count => 1;

    public float Lane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lane;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 LoadUpperHalves(ushort* source) => new(BitConverter.UInt32BitsToSingle((uint)*source << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => *destination = _lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator +(V1 left, V1 right) => new(left._lane + right._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator -(V1 left, V1 right) => new(left._lane - right._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator *(V1 left, V1 right) => new(left._lane * right._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator /(V1 left, V1 right) => new(left._lane / right._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator -(V1 value) => new(-value._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 MultiplyAdd(V1 a, V1 b, V1 c) => Simd.Fuses
        ? new(MathF.FusedMultiplyAdd(a._lane, b._lane, c._lane))
        : new((a._lane * b._lane) + c._lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Max(V1 left, V1 right) => new(MathF.Max(left._lane, right._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Min(V1 left, V1 right) => new(MathF.Min(left._lane, right._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Sqrt(V1 value) => new(MathF.Sqrt(value._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Abs(V1 value) => new(MathF.Abs(value._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 CopySign(V1 value, V1 sign) => new(MathF.CopySign(value._lane, sign._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Round(V1 value) => new(MathF.Round(value._lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 PowerOfTwo(V1 exponent) => new(BitConverter.Int32BitsToSingle(((int)exponent._lane + 127) << 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Scale(V1 value, V1 exponent)
    {
        // In two factors: a single power of two would not reach the subnormal results, nor those just below overflow.
        int whole = (int)exponent._lane;
        int half = whole >> 1;
        float first = BitConverter.Int32BitsToSingle((half + 127) << 23);
        float second = BitConverter.Int32BitsToSingle((whole - half + 127) << 23);
        return new(value._lane * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 SplitExponent(V1 value, out V1 exponent)
    {
        // Counted from sqrt(1/2), the steps of the exponent fall where the mantissa is to begin anew.
        const int Root = 0x3F3504F3;
        int bits = BitConverter.SingleToInt32Bits(value._lane) - Root;
        exponent = new(bits >> 23);
        return new(BitConverter.Int32BitsToSingle((bits & 0x007FFFFF) + Root));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 IfLess(V1 left, V1 right, V1 then, V1 otherwise) => left._lane < right._lane ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 IfEqual(V1 left, V1 right, V1 then, V1 otherwise) => left._lane == right._lane ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 ClearFirst(V1 value, int count) => count > 0 ? default : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V1 value) => value._lane;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(V1 first, V1 second, V1 third, V1 fourth, float* sums)
    {
        sums[0] += first._lane;
        sums[1] += second._lane;
        sums[2] += third._lane;
        sums[3] += fourth._lane;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(V1 value) => value._lane;
}
