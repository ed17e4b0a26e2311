using Nabla.IO;

namespace Nabla.Tests.IO;

/// <summary>What is left of a float32 in half the bits.</summary>
public sealed class NarrowNumberTests
{
    [Fact]
    [Trait("Number", "L10-081")]
    public void Bfloat16_has_seven_bits_behind_the_point_and_the_range_of_float32()
        => Assert.Equal([1.0078125f, 1f, 9.969209968386869e37f], Narrowed(TensorFileType.BF16, 1 + MathF.Pow(2, -7), 1 + MathF.Pow(2, -8), 1e38f));

    [Fact]
    [Trait("Number", "L10-082")]
    public void Float16_ends_at_65504()
        => Assert.Equal([65504, float.PositiveInfinity, float.PositiveInfinity], Narrowed(TensorFileType.F16, 65504, 65520, 1e38f));

    private static float[] Narrowed(TensorFileType type, params float[] values)
    {
        byte[] stored = new byte[2 * values.Length];
        ElementConversion.FromSingle(type, values, stored);
        float[] back = new float[values.Length];
        ElementConversion.ToSingle(type, stored, back);
        return back;
    }
}
