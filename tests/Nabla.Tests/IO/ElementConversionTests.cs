using System.Runtime.InteropServices;
using Nabla.IO;

namespace Nabla.Tests.IO;

[Trait("Tier", "true")]
public class ElementConversionTests
{
    [Fact]
    public void Every_half_is_read_as_the_framework_reads_it()
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        float[] values = Read(TensorFileType.F16, all);

        foreach (ushort bits in all)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf(bits);
            float actual = values[bits];
            Assert.True(float.IsNaN(expected) ? float.IsNaN(actual) : Bits(expected) == Bits(actual), $"half {bits:x4}");
        }
    }

    [Fact]
    public void Every_half_and_every_bfloat16_is_written_as_it_was_read()
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        foreach (TensorFileType type in (TensorFileType[])[TensorFileType.F16, TensorFileType.BF16])
        {
            float[] values = Read(type, all);
            ushort[] written = Write(type, values);
            for (int i = 0; i < all.Length; i++)
            {
                // A signalling NaN may come back as a quiet one.
                bool staysNaN = float.IsNaN(values[i]) && float.IsNaN(Read(type, [written[i]])[0]);
                Assert.True(written[i] == i || staysNaN, $"{type} {i:x4}");
            }
        }
    }

    [Fact]
    public void A_bfloat16_is_the_upper_half_of_a_float()
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        Assert.Equal(all.Select(bits => (uint)bits << 16), Read(TensorFileType.BF16, all).Select(Bits));
    }

    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80)] // 1
    [InlineData(0x3F80_7FFFu, 0x3F80)] // just below the middle
    [InlineData(0x3F80_8000u, 0x3F80)] // the middle goes to the even one, down
    [InlineData(0x3F81_8000u, 0x3F82)] // and up
    [InlineData(0x3F80_8001u, 0x3F81)] // just above the middle
    [InlineData(0x3FFF_FFFFu, 0x4000)] // the exponent grows
    [InlineData(0x8000_0000u, 0x8000)] // -0
    [InlineData(0x0000_0001u, 0x0000)] // the smallest subnormal is lost
    [InlineData(0x8000_8001u, 0x8001)] // but not a larger one
    [InlineData(0x7F7F_FFFFu, 0x7F80)] // the largest float is nearer to infinity
    [InlineData(0xFF80_0000u, 0xFF80)] // -infinity
    [InlineData(0x7F80_0001u, 0x7FC0)] // a NaN of which only low bits are set is no infinity
    [InlineData(0xFFFF_FFFFu, 0xFFFF)] // and does not run over to 0
    public void A_float_is_rounded_to_the_nearest_bfloat16(uint bits, int expected) =>
        Assert.Equal([(ushort)expected], Write(TensorFileType.BF16, [BitConverter.UInt32BitsToSingle(bits)]));

    [Fact]
    public void A_float_is_rounded_to_the_half_that_the_framework_chooses()
    {
        Random random = new(5);
        float[] values =
        [
            65504, 65519.996f, 65520, -65520, 1e30f, 5.9604645e-8f, 2.9802322e-8f, 2.980233e-8f, -0f, 1.0004883f, 1.0014648f,
            .. Enumerable.Range(0, 20_000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))),
            .. Enumerable.Range(0, 20_000).Select(_ => (random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-28, 18))),
        ];
        ushort[] written = Write(TensorFileType.F16, values);

        for (int i = 0; i < values.Length; i++)
        {
            Half half = BitConverter.UInt16BitsToHalf(written[i]);
            Assert.True(
                float.IsNaN(values[i]) ? Half.IsNaN(half) : written[i] == BitConverter.HalfToUInt16Bits((Half)values[i]),
                $"{Bits(values[i]):x8} became {written[i]:x4}");
        }
    }

    [Fact]
    public void Doubles_are_rounded_and_longs_must_fit()
    {
        double[] doubles = [0.1, -1e300, double.Epsilon, double.NaN, -0.0, 16777217];
        float[] values = new float[doubles.Length];
        ElementConversion.ToSingle(TensorFileType.F64, MemoryMarshal.AsBytes<double>(doubles), values);
        Assert.Equal(doubles.Select(value => Bits((float)value)), values.Select(Bits));

        long[] longs = [int.MinValue, int.MaxValue, int.MinValue - 1L];
        int[] ints = new int[3];
        Assert.Equal(2, ElementConversion.ToInt32(TensorFileType.I64, MemoryMarshal.AsBytes<long>(longs), ints));
        Assert.Equal([int.MinValue, int.MaxValue], ints[..2]);
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float[] Read(TensorFileType type, ushort[] stored)
    {
        float[] values = new float[stored.Length];
        ElementConversion.ToSingle(type, MemoryMarshal.AsBytes<ushort>(stored), values);
        return values;
    }

    private static ushort[] Write(TensorFileType type, float[] values)
    {
        ushort[] stored = new ushort[values.Length];
        ElementConversion.FromSingle(type, values, MemoryMarshal.AsBytes(stored.AsSpan()));
        return stored;
    }
}
