using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Kernels;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct V512(Vector512<float> lanes) : IVector<V512>
{
    private readonly Vector512<float> _lanes = lanes;

    public static int Count => Vector512<float>.Count;

    public Vector512<float> Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadUpperHalves(ushort* source)
        => new(Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(Vector256.Load(source)), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 left, V512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 left, V512 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 left, V512 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 left, V512 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 value) => new(-value._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 a, V512 b, V512 c) => new(Vector512.FusedMultiplyAdd(a._lanes, b._lanes, c._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 left, V512 right) => new(Vector512.Max(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 left, V512 right) => new(Vector512.Min(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 value) => new(Vector512.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Abs(V512 value) => new(Vector512.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 CopySign(V512 value, V512 sign) => new(Vector512.CopySign(value._lanes, sign._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Round(V512 value) => new(Vector512.Round(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 PowerOfTwo(V512 exponent) => new(Avx512F.Scale(Vector512.Create(1f), exponent._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Scale(V512 value, V512 exponent) => new(Avx512F.Scale(value._lanes, exponent._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 SplitExponent(V512 value, out V512 exponent)
    {
        // Counted from sqrt(1/2), the steps of the exponent fall where the mantissa is to begin anew.
        Vector512<int> root = Vector512.Create(0x3F3504F3);
        Vector512<int> bits = value._lanes.AsInt32() - root;
        exponent = new(Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23)));
        return new(((bits & Vector512.Create(0x007FFFFF)) + root).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 IfLess(V512 left, V512 right, V512 then, V512 otherwise)
        => new(Vector512.ConditionalSelect(Vector512.LessThan(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 IfEqual(V512 left, V512 right, V512 then, V512 otherwise)
        => new(Vector512.ConditionalSelect(Vector512.Equals(left._lanes, right._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ClearFirst(V512 value, int count)
        => new(Vector512.AndNot(
            value._lanes, Vector512.GreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 value) => V256.Sum(new(value._lanes.GetLower() + value._lanes.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(V512 first, V512 second, V512 third, V512 fourth, float* sums) => V256.AddSums(
        new(first._lanes.GetLower() + first._lanes.GetUpper()),
        new(second._lanes.GetLower() + second._lanes.GetUpper()),
        new(third._lanes.GetLower() + third._lanes.GetUpper()),
        new(fourth._lanes.GetLower() + fourth._lanes.GetUpper()),
        sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(V512 value)
        => V256.HorizontalMax(new(Vector256.Max(value._lanes.GetLower(), value._lanes.GetUpper())));
}
