using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nabla;

/// <summary>
/// Random bits as a function of a seed and an index, with no state: Philox-4x32-10, which scrambles a 128-bit counter under a
/// 64-bit key. Threads can take any part of a stream in any order, and a dropout mask need not be stored for the backward pass.
/// </summary>
/// <remarks>
/// J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. The seed is the
/// key; index i is word i mod 4 of the block whose counter is i / 4.
/// </remarks>
internal static class CounterRandom
{
    private const int Rounds = 10;
    private const int WordsPerBlock = 4;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint KeyStep0 = 0x9E3779B9; // the golden ratio
    private const uint KeyStep1 = 0xBB67AE85; // the square root of 3, less one

    /// <summary>Returns 32 random bits that depend on the seed and the index alone.</summary>
    public static uint Hash(ulong seed, ulong index)
        => Block(seed, index / WordsPerBlock, 0)[(int)(index % WordsPerBlock)];

    /// <summary>
    /// Fills with the bits of consecutive indices, the same that <see cref="Hash"/> gives one by one and several times as fast.
    /// </summary>
    /// <param name="destination">The words to set, of any length.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The index of the first word.</param>
    public static void Fill(Span<uint> destination, ulong seed, ulong firstIndex)
    {
        int done = 0;
        while (done < destination.Length && (firstIndex + (ulong)done) % WordsPerBlock != 0)
        {
            destination[done] = Hash(seed, firstIndex + (ulong)done);
            done++;
        }

        if (Avx512F.IsSupported)
        {
            const int PerPair = 2 * 8 * WordsPerBlock;
            for (; done + PerPair <= destination.Length; done += PerPair)
            {
                SixteenBlocks(destination.Slice(done, PerPair), seed, (firstIndex + (ulong)done) / WordsPerBlock);
            }
        }

        int perVector = Vector256<ulong>.Count * WordsPerBlock;
        for (; done + perVector <= destination.Length; done += perVector)
        {
            FourBlocks(destination.Slice(done, perVector), seed, (firstIndex + (ulong)done) / WordsPerBlock);
        }

        for (; done < destination.Length; done++)
        {
            destination[done] = Hash(seed, firstIndex + (ulong)done);
        }
    }

    /// <summary>Returns the four words of one block: ten rounds of the Philox bijection over the 128-bit counter.</summary>
    internal static Vector128<uint> Block(ulong key, ulong counterLow, ulong counterHigh)
    {
        uint c0 = (uint)counterLow;
        uint c1 = (uint)(counterLow >> 32);
        uint c2 = (uint)counterHigh;
        uint c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += KeyStep0;
            k1 += KeyStep1;
        }

        return Vector128.Create(c0, c1, c2, c3);
    }

    /// <summary>
    /// Gives the four words of a block in each 64-bit lane. Only the lower half of a lane counts: what the rounds leave in the
    /// upper half is never read by the next product.
    /// </summary>
    /// <param name="key">The seed.</param>
    /// <param name="c0">The numbers of the blocks; becomes their first words.</param>
    /// <param name="c1">Becomes the second words.</param>
    /// <param name="c2">Becomes the third words.</param>
    /// <param name="c3">Becomes the fourth words.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Blocks(
        ulong key, ref Vector256<ulong> c0, out Vector256<ulong> c1, out Vector256<ulong> c2, out Vector256<ulong> c3)
    {
        c1 = c0 >>> 32;
        c2 = Vector256<ulong>.Zero;
        c3 = Vector256<ulong>.Zero;
        Vector256<ulong> k0 = Vector256.Create(key);
        Vector256<ulong> k1 = Vector256.Create(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> product0 = MultiplyLower(c0, Multiplier0);
            Vector256<ulong> product1 = MultiplyLower(c2, Multiplier1);
            c0 = (product1 >>> 32) ^ c1 ^ k0;
            c1 = product1;
            c2 = (product0 >>> 32) ^ c3 ^ k1;
            c3 = product0;
            k0 += Vector256.Create((ulong)KeyStep0);
            k1 += Vector256.Create((ulong)KeyStep1);
        }
    }

    /// <summary>
    /// Gives the words of twice eight blocks, with AVX-512. The two go side by side, because each round waits for a product of the
    /// round before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Blocks(ulong key, ref EightBlocks a, ref EightBlocks b)
    {
        Vector512<ulong> a0 = a.First, a1 = a0 >>> 32, a2 = Vector512<ulong>.Zero, a3 = a2;
        Vector512<ulong> b0 = b.First, b1 = b0 >>> 32, b2 = Vector512<ulong>.Zero, b3 = b2;
        Vector512<ulong> k0 = Vector512.Create(key);
        Vector512<ulong> k1 = Vector512.Create(key >> 32);
        Vector512<uint> multiplier0 = Vector512.Create((ulong)Multiplier0).AsUInt32();
        Vector512<uint> multiplier1 = Vector512.Create((ulong)Multiplier1).AsUInt32();
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> aProduct0 = Avx512F.Multiply(a0.AsUInt32(), multiplier0);
            Vector512<ulong> aProduct1 = Avx512F.Multiply(a2.AsUInt32(), multiplier1);
            Vector512<ulong> bProduct0 = Avx512F.Multiply(b0.AsUInt32(), multiplier0);
            Vector512<ulong> bProduct1 = Avx512F.Multiply(b2.AsUInt32(), multiplier1);
            (a0, a1) = ((aProduct1 >>> 32) ^ a1 ^ k0, aProduct1);
            (a2, a3) = ((aProduct0 >>> 32) ^ a3 ^ k1, aProduct0);
            (b0, b1) = ((bProduct1 >>> 32) ^ b1 ^ k0, bProduct1);
            (b2, b3) = ((bProduct0 >>> 32) ^ b3 ^ k1, bProduct0);
            k0 += Vector512.Create((ulong)KeyStep0);
            k1 += Vector512.Create((ulong)KeyStep1);
        }

        (a.First, a.Second, a.Third, a.Fourth) = (a0, a1, a2, a3);
        (b.First, b.Second, b.Third, b.Fourth) = (b0, b1, b2, b3);
    }

    /// <summary>Writes sixteen consecutive blocks.</summary>
    private static void SixteenBlocks(Span<uint> destination, ulong key, ulong firstBlock)
    {
        // In this order the lanes come out right when those of two vectors are interleaved.
        EightBlocks a = default, b = default;
        a.First = Vector512.Create(firstBlock) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
        b.First = a.First + Vector512.Create(8UL);
        Blocks(key, ref a, ref b);
        a.CopyTo(destination);
        b.CopyTo(destination[(destination.Length / 2)..]);
    }

    /// <summary>Writes four consecutive blocks.</summary>
    private static void FourBlocks(Span<uint> destination, ulong key, ulong firstBlock)
    {
        Vector256<ulong> c0 = Vector256.Create(firstBlock) + Vector256<ulong>.Indices;
        Blocks(key, ref c0, out Vector256<ulong> c1, out Vector256<ulong> c2, out Vector256<ulong> c3);

        // Two words side by side in each lane, then the halves of each block beside each other.
        Vector256<ulong> lower = Join(c0, c1);
        Vector256<ulong> upper = Join(c2, c3);
        for (int block = 0; block < Vector256<ulong>.Count; block++)
        {
            Vector128.Create(lower[block], upper[block]).AsUInt32().CopyTo(destination[(block * WordsPerBlock)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Join(Vector256<ulong> low, Vector256<ulong> high)
        => (low & Vector256.Create((ulong)uint.MaxValue)) | (high << 32);

    /// <summary>Returns the 64-bit products of the lower halves of the lanes with a 32-bit number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyLower(Vector256<ulong> value, uint factor) => Avx2.IsSupported
        ? Avx2.Multiply(value.AsUInt32(), Vector256.Create((ulong)factor).AsUInt32())
        : (value & Vector256.Create((ulong)uint.MaxValue)) * factor;

    /// <summary>Words of eight blocks, one in the lower half of each lane.</summary>
    internal struct EightBlocks
    {
        /// <summary>The numbers of the blocks, then their first words.</summary>
        public Vector512<ulong> First;

        public Vector512<ulong> Second;

        public Vector512<ulong> Third;

        public Vector512<ulong> Fourth;

        /// <summary>Writes the words of blocks 0, 4, 1, 5, 2, 6, 3 and 7 in the order of the blocks.</summary>
        public readonly void CopyTo(Span<uint> destination)
        {
            Vector512<ulong> mask = Vector512.Create((ulong)uint.MaxValue);
            Vector512<ulong> lower = (First & mask) | (Second << 32);
            Vector512<ulong> upper = (Third & mask) | (Fourth << 32);
            Avx512F.UnpackLow(lower, upper).AsUInt32().CopyTo(destination);
            Avx512F.UnpackHigh(lower, upper).AsUInt32().CopyTo(destination[Vector512<uint>.Count..]);
        }
    }
}
