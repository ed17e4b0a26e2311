using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Nabla.IO;

/// <summary>Numbers as files store them, to and from the float32 and int32 of tensors.</summary>
internal static class ElementConversion
{
    /// <summary>Returns the number of bytes that one number takes.</summary>
    public static int ByteCount(this TensorFileType type) => type switch
    {
        TensorFileType.U8 => 1,
        TensorFileType.F16 or TensorFileType.BF16 or TensorFileType.U16 => 2,
        TensorFileType.F32 or TensorFileType.I32 or TensorFileType.U32 => 4,
        TensorFileType.I64 or TensorFileType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Returns whether the numbers are read as float32.</summary>
    public static bool IsFloat(this TensorFileType type) =>
        type is TensorFileType.F32 or TensorFileType.F16 or TensorFileType.BF16 or TensorFileType.F64;

    /// <summary>Returns whether the numbers are read as int32.</summary>
    public static bool IsInteger(this TensorFileType type) =>
        type is TensorFileType.I32 or TensorFileType.I64 or TensorFileType.U8 or TensorFileType.U16 or TensorFileType.U32;

    /// <summary>Converts stored floats to float32.</summary>
    public static void ToSingle(TensorFileType type, ReadOnlySpan<byte> stored, Span<float> values)
    {
        switch (type)
        {
            case TensorFileType.F32:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(values);
                break;
            case TensorFileType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), values);
                break;
            case TensorFileType.BF16:
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(stored);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                }

                break;
            case TensorFileType.F64:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(stored);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)doubles[i];
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Converts float32 to a type of two bytes, to the nearest number, ties to even.</summary>
    public static void FromSingle(TensorFileType type, ReadOnlySpan<float> values, Span<byte> stored)
    {
        switch (type)
        {
            case TensorFileType.F16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(stored));
                break;
            case TensorFileType.BF16:
                Span<ushort> upper = MemoryMarshal.Cast<byte, ushort>(stored);
                for (int i = 0; i < values.Length; i++)
                {
                    upper[i] = UpperHalf(BitConverter.SingleToUInt32Bits(values[i]));
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    /// <summary>Converts stored whole numbers to int32.</summary>
    /// <returns>The place of the first number that does not fit, else -1.</returns>
    public static int ToInt32(TensorFileType type, ReadOnlySpan<byte> stored, Span<int> values)
    {
        ReadOnlySpan<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(stored);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(stored);
        ReadOnlySpan<long> longs = MemoryMarshal.Cast<byte, long>(stored);
        for (int i = 0; i < values.Length; i++)
        {
            long value = type switch
            {
                TensorFileType.U8 => stored[i],
                TensorFileType.U16 => shorts[i],
                TensorFileType.U32 => words[i],
                _ => longs[i],
            };
            if (value != (int)value)
            {
                return i;
            }

            values[i] = (int)value;
        }

        return -1;
    }

    private static ushort UpperHalf(uint bits)
    {
        const uint Infinity = 0x7F80_0000;
        if ((bits & ~0x8000_0000) > Infinity)
        {
            // Cutting a NaN off could leave the bits of an infinity, so its quiet bit is set.
            return (ushort)((bits >> 16) | 0x40);
        }

        // Half of the last kept bit, less one unless that bit is set: a tie goes to the even number.
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
