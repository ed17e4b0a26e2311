using System.Numerics;
using System.Runtime.Intrinsics;

namespace Nabla.Tests;

/// <summary>The stateless bits of <see cref="CounterRandom"/>.</summary>
[Trait("Tier", "true")]
public sealed class CounterRandomTests
{
    // The known answers that the paper's authors publish with their code for Philox-4x32-10.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)]
    [InlineData(0x299F31D0A4093822, 0x85A308D3243F6A88, 0x0370734413198A2E, 0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)]
    public void A_block_has_the_published_words(ulong key, ulong low, ulong high, uint w0, uint w1, uint w2, uint w3)
        => Assert.Equal(Vector128.Create(w0, w1, w2, w3), CounterRandom.Block(key, low, high));

    [Fact]
    public void Four_indices_share_a_block()
    {
        Assert.Equal(0x6627E8D5u, CounterRandom.Hash(0, 0));
        Assert.Equal(0x9B00DBD8u, CounterRandom.Hash(0, 3));
        Assert.Equal(CounterRandom.Block(7, 1UL << 40, 0)[2], CounterRandom.Hash(7, (1UL << 42) + 2));
    }

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(42UL, 3UL)]
    [InlineData(0xFEDCBA9876543210UL, (4UL << 32) - 21)]
    [InlineData(ulong.MaxValue, 1UL << 60)]
    public void Filling_gives_the_words_of_the_indices_for_every_length(ulong seed, ulong first)
    {
        for (int length = 0; length < 70; length++)
        {
            uint[] filled = new uint[length];
            CounterRandom.Fill(filled, seed, first);

            Assert.Equal(Enumerable.Range(0, length).Select(i => CounterRandom.Hash(seed, first + (ulong)i)), filled);
        }
    }

    [Fact]
    public void Half_the_bits_are_set_and_half_change_with_any_bit_of_the_seed_or_the_index()
    {
        const int Count = 4096;
        for (int bit = -1; bit < 64; bit++)
        {
            ulong flip = bit < 0 ? 0 : 1UL << bit;
            int set = 0;
            int bySeed = 0;
            int byIndex = 0;
            for (ulong i = 0; i < Count; i++)
            {
                uint word = CounterRandom.Hash(1, i);
                set += BitOperations.PopCount(word);
                bySeed += BitOperations.PopCount(word ^ CounterRandom.Hash(1 ^ flip, i));
                byIndex += BitOperations.PopCount(word ^ CounterRandom.Hash(1, i ^ flip));
            }

            // A share of 131,072 fair bits has a standard deviation of 0.0014.
            double bits = 32.0 * Count;
            Assert.Equal(0.5, set / bits, 0.007);
            Assert.Equal(bit < 0 ? 0 : 0.5, bySeed / bits, 0.007);
            Assert.Equal(bit < 0 ? 0 : 0.5, byIndex / bits, 0.007);
        }
    }
}
