using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>A number of a weight as it lies in memory. Arithmetic is in single precision, whatever the numbers are stored as.</summary>
internal unsafe interface IWeightElement<TSelf>
    where TSelf : unmanaged, IWeightElement<TSelf>
{
    /// <summary>Loads as many neighbours as a vector has lanes.</summary>
    static abstract V Load<V>(TSelf* source)
        where V : unmanaged, IVector<V>;
}

/// <summary>A weight of single precision.</summary>
internal readonly unsafe struct Float32(float value) : IWeightElement<Float32>
{
    private readonly float _value = value;

    public float Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(Float32* source)
        where V : unmanaged, IVector<V>
        => V.Load((float*)source);
}

/// <summary>
/// A number of which half the bits are kept: the upper half of a float, with its sign, its exponent and 7 of its 23 bits of
/// mantissa. The range stays, and three of seven digits go.
/// </summary>
internal readonly unsafe struct BFloat16(ushort bits) : IWeightElement<BFloat16>
{
    private readonly ushort _bits = bits;

    public float Value => BitConverter.UInt32BitsToSingle((uint)_bits << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(BFloat16* source)
        where V : unmanaged, IVector<V>
        => V.LoadUpperHalves((ushort*)source);

    /// <summary>Rounds to the nearest, halves to even; a NaN stays one.</summary>
    public static BFloat16 Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return new((ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }
}
