using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>Eight lanes: AVX2 with fused multiply-add.</summary>
internal readonly unsafe struct V256(Vector256<float> lanes) : IVector<V256>
{
    private readonly Vector256<float> _lanes = lanes;

    public static int Count => Vector256<float>.Count;

    public Vector256<float> Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadUpperHalves(ushort* source)
        => new(Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(Vector128.Load(source)), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 left, V256 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 left, V256 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 left, V256 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 left, V256 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 value) => new(-value._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 a, V256 b, V256 c) => new(Vector256.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 left, V256 right) => new(Vector256.Max(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 left, V256 right) => new(Vector256.Min(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 value) => new(Vector256.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Abs(V256 value) => new(Vector256.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 CopySign(V256 value, V256 sign) => new(Vector256.CopySign(value._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Round(V256 value) => new(Vector256.Round(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 PowerOfTwo(V256 exponent)
    {
        Vector256<int> biased = Vector256.ConvertToInt32Native(exponent._lanes) + Vector256.Create(127);
        return new(Vector256.ShiftLeft(biased, 23).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Scale(V256 value, V256 exponent)
    {
        // In two factors: a single power of two would not reach the subnormal results, nor those just below overflow.
        Vector256<int> whole = Vector256.ConvertToInt32Native(exponent._lanes);
        Vector256<int> half = Vector256.ShiftRightArithmetic(whole, 1);
        Vector256<float> first = Vector256.ShiftLeft(half + Vector256.Create(127), 23).AsSingle();
        Vector256<float> second = Vector256.ShiftLeft(whole - half + Vector256.Create(127), 23).AsSingle();
        return new(value._lanes * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 SplitExponent(V256 value, out V256 exponent)
    {
        // Counted from sqrt(1/2), the steps of the exponent fall where the mantissa is to begin anew.
        Vector256<int> root = Vector256.Create(0x3F3504F3);
        Vector256<int> bits = value._lanes.AsInt32() - root;
        exponent = new(Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector256.Create(0x007FFFFF)) + root).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 IfLess(V256 left, V256 right, V256 then, V256 otherwise)
        => new(Vector256.ConditionalSelect(Vector256.LessThan(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 IfEqual(V256 left, V256 right, V256 then, V256 otherwise)
        => new(Vector256.ConditionalSelect(Vector256.Equals(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 ClearFirst(V256 value, int count)
        => new(Vector256.AndNot(
            value._lanes, Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V256 value) => V128.Sum(new(value._lanes.GetLower() + value._lanes.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(V256 first, V256 second, V256 third, V256 fourth, float* sums) => V128.AddSums(
        new(first._lanes.GetLower() + first._lanes.GetUpper()),
        new(second._lanes.GetLower() + second._lanes.GetUpper()),
        new(third._lanes.GetLower() + third._lanes.GetUpper()),
        new(fourth._lanes.GetLower() + fourth._lanes.GetUpper()),
        sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(V256 value)
        => V128.HorizontalMax(new(Vector128.Max(value._lanes.GetLower(), value._lanes.GetUpper())));
}
