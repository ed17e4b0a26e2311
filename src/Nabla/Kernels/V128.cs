using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>Four lanes: SSE2 on x86, AdvSimd on Arm.</summary>
internal readonly unsafe struct V128(Vector128<float> lanes) : IVector<V128>
{
    private readonly Vector128<float> _lanes = lanes;

    public static int Count => Vector128<float>.Count;

    public Vector128<float> Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LoadUpperHalves(ushort* source)
        => new(Vector128.ShiftLeft(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 left, V128 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 left, V128 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 left, V128 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 left, V128 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 value) => new(-value._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MultiplyAdd(V128 a, V128 b, V128 c) => Simd.Fuses
        ? new(Vector128.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes))
        : new((a._lanes * b._lanes) + c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 left, V128 right) => new(Vector128.Max(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 left, V128 right) => new(Vector128.Min(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 value) => new(Vector128.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Abs(V128 value) => new(Vector128.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 CopySign(V128 value, V128 sign) => new(Vector128.CopySign(value._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Round(V128 value) => new(Vector128.Round(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 PowerOfTwo(V128 exponent)
    {
        Vector128<int> biased = Vector128.ConvertToInt32Native(exponent._lanes) + Vector128.Create(127);
        return new(Vector128.ShiftLeft(biased, 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Scale(V128 value, V128 exponent)
    {
        // In two factors: a single power of two would not reach the subnormal results, nor those just below overflow.
        Vector128<int> whole = Vector128.ConvertToInt32Native(exponent._lanes);
        Vector128<int> half = Vector128.ShiftRightArithmetic(whole, 1);
        Vector128<float> first = Vector128.ShiftLeft(half + Vector128.Create(127), 23).AsSingle();
        Vector128<float> second = Vector128.ShiftLeft(whole - half + Vector128.Create(127), 23).AsSingle();
        return new(value._lanes * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 SplitExponent(V128 value, out V128 exponent)
    {
        // Counted from sqrt(1/2), the steps of the exponent fall where the mantissa is to begin anew.
        Vector128<int> root = Vector128.Create(0x3F3504F3);
        Vector128<int> bits = value._lanes.AsInt32() - root;
        exponent = new(Vector128.ConvertToSingle(Vector128.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector128.Create(0x007FFFFF)) + root).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 IfLess(V128 left, V128 right, V128 then, V128 otherwise)
        => new(Vector128.ConditionalSelect(Vector128.LessThan(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 IfEqual(V128 left, V128 right, V128 then, V128 otherwise)
        => new(Vector128.ConditionalSelect(Vector128.Equals(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ClearFirst(V128 value, int count)
        => new(Vector128.AndNot(
            value._lanes, Vector128.GreaterThan(Vector128.Create(count), Vector128<int>.Indices).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V128 value) => (value._lanes[0] + value._lanes[2]) + (value._lanes[1] + value._lanes[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(V128 first, V128 second, V128 third, V128 fourth, float* sums)
    {
        if (!Sse.IsSupported)
        {
            sums[0] += Sum(first);
            sums[1] += Sum(second);
            sums[2] += Sum(third);
            sums[3] += Sum(fourth);
            return;
        }

        // Upper lanes onto lower ones, two vectors at a time; then odd lanes onto even ones.
        const byte Even = 0b10_00_10_00;
        const byte Odd = 0b11_01_11_01;
        Vector128<float> front = FoldedBySse(first._lanes, second._lanes);
        Vector128<float> back = FoldedBySse(third._lanes, fourth._lanes);
        (Vector128.Load(sums) + (Sse.Shuffle(front, back, Even) + Sse.Shuffle(front, back, Odd))).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(V128 value)
    {
        Vector128<float> pairs = Vector128.Max(value._lanes, Vector128.Shuffle(value._lanes, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2)))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FoldedBySse(Vector128<float> left, Vector128<float> right)
        => Sse.MoveLowToHigh(left, right) + Sse.MoveHighToLow(right, left);
}
