namespace Nabla.Tests;

/// <summary>Capturing where a generator stands, and going on from there.</summary>
public sealed class RandomStateTests
{
    private const int PositionOffset = 4;
    private const int HasSpareOffset = 6;
    private const int SpareOffset = 16;
    private const int WordsOffset = 24;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(623)]
    [InlineData(624)]
    [InlineData(625)]
    [InlineData(5000)]
    public void A_restored_generator_draws_on_bit_for_bit_from_any_place(int drawn)
    {
        RandomGenerator original = new(1337);
        for (int i = 0; i < drawn; i++)
        {
            original.NextUInt32();
        }

        RandomGenerator restored = new(1);
        restored.SetState(RandomState.FromBytes(original.GetState().ToBytes()));

        Assert.Equal(1337UL, restored.Seed);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(original.NextUInt32(), restored.NextUInt32());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_spare_normal_is_restored_too(int drawn)
    {
        RandomGenerator original = new(42);
        original.Normal(new float[drawn]);
        RandomGenerator restored = new(42);
        restored.Normal(new float[1]);
        restored.SetState(RandomState.FromBytes(original.GetState().ToBytes()));
        float[] expected = new float[5];
        float[] actual = new float[5];
        original.Normal(expected);
        restored.Normal(actual);

        Assert.Equal(expected, actual);
        Assert.Equal(original.NextUInt32(), restored.NextUInt32());
    }

    [Fact]
    public void A_state_does_not_change_when_its_generator_draws_on()
    {
        RandomGenerator generator = new(0);
        RandomState state = generator.GetState();
        byte[] before = state.ToBytes();
        uint first = generator.NextUInt32();
        generator.SetState(state);

        Assert.Equal(before, state.ToBytes());
        Assert.Equal(first, generator.NextUInt32());
    }

    [Fact]
    public void Bytes_are_read_and_written_unchanged()
    {
        RandomGenerator generator = new(ulong.MaxValue);
        generator.Normal(new float[3]);
        byte[] bytes = generator.GetState().ToBytes();

        Assert.Equal(RandomState.ByteCount, bytes.Length);
        Assert.Equal("NMT1"u8, bytes.AsSpan(0, 4));
        Assert.Equal(bytes, RandomState.FromBytes(bytes).ToBytes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RandomState.ByteCount - 1)]
    [InlineData(RandomState.ByteCount + 1)]
    public void A_wrong_number_of_bytes_is_refused(int count)
    {
        FormatException refused = Assert.Throws<FormatException>(() => RandomState.FromBytes(new byte[count]));

        Assert.Contains($"{count} bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_something_else_are_refused() => AssertRefused("start with", bytes => bytes[0] ^= 1);

    [Fact]
    public void A_position_past_the_register_is_refused()
        => AssertRefused("position 625", bytes => BitConverter.TryWriteBytes(bytes.AsSpan(PositionOffset), (ushort)625));

    [Fact]
    public void A_spare_normal_that_is_none_is_refused()
    {
        AssertRefused("flag 2", bytes => bytes[HasSpareOffset] = 2);
        AssertRefused("flag 0", bytes => bytes[SpareOffset] = 1);
        AssertRefused("NaN", bytes => BitConverter.TryWriteBytes(bytes.AsSpan(SpareOffset), double.NaN));
    }

    [Fact]
    public void A_register_of_zeros_is_refused()
        => AssertRefused("all zeros", bytes =>
        {
            bytes.AsSpan(WordsOffset).Clear();
            bytes[WordsOffset] = 1;
        });

    private static void AssertRefused(string reason, Action<byte[]> spoil)
    {
        byte[] bytes = new RandomGenerator(0).GetState().ToBytes();
        RandomState.FromBytes(bytes);
        spoil(bytes);
        FormatException refused = Assert.Throws<FormatException>(() => RandomState.FromBytes(bytes));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
