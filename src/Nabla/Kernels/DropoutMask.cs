using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nabla.Kernels;

/// <summary>
/// Multiplies by a random mask of 0 and 1 / (1 - share), drawn from a seed and the position alone: it is never stored, and any
/// part of it can be drawn again, in any order.
/// </summary>
internal static unsafe class DropoutMask
{
    private const int BlockLength = 256;

    /// <summary>Does <c>y = x * mask</c> on the calling thread; y may be x.</summary>
    /// <param name="x">What is masked.</param>
    /// <param name="y">The result.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="share">The probability that an element becomes 0.</param>
    /// <param name="seed">The seed of the mask.</param>
    /// <param name="first">The position of the first element in the whole mask.</param>
    /// <param name="add">Whether to add to y instead.</param>
    public static void Apply(float* x, float* y, int count, float share, ulong seed, ulong first, bool add = false)
    {
        uint limit = Limit(share);
        float kept = 1 / (1 - share);
        Span<uint> bits = stackalloc uint[BlockLength];
        for (int start = 0; start < count; start += BlockLength)
        {
            Span<uint> block = bits[..Math.Min(BlockLength, count - start)];
            CounterRandom.Fill(block, seed, first + (ulong)start);
            fixed (uint* words = block)
            {
                Multiply(words, x + start, y + start, block.Length, limit, kept, add);
            }
        }
    }

    private static void Multiply(uint* words, float* x, float* y, int count, uint limit, float kept, bool add)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> dropped = Vector256.LessThan(Vector256.Load(words + i), Vector256.Create(limit)).AsSingle();
                Vector256<float> value = Vector256.AndNot(Vector256.Load(x + i) * kept, dropped);
                (add ? Vector256.Load(y + i) + value : value).Store(y + i);
            }
        }

        for (; i < count; i++)
        {
            float value = words[i] < limit ? 0 : x[i] * kept;
            y[i] = add ? y[i] + value : value;
        }
    }

    /// <summary>
    /// Sets <paramref name="mask"/>, [n, lanes], to the factors of n neighbouring elements in each of so many rows: 0 or
    /// 1 / (1 - share). Rows lie as columns, and begin at multiples of four elements.
    /// </summary>
    /// <param name="mask">The result.</param>
    /// <param name="n">The number of elements of a row.</param>
    /// <param name="lanes">The number of rows.</param>
    /// <param name="edge">How many elements of the first row are wanted; of each row one more than of the row before.</param>
    /// <param name="share">The probability that an element becomes 0.</param>
    /// <param name="seed">The seed of the mask.</param>
    /// <param name="first">The position of the first element in the whole mask, in fours.</param>
    /// <param name="row">The distance from one row to the next, in fours.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FillColumns(float* mask, int n, int lanes, int edge, float share, ulong seed, ulong first, ulong row)
    {
        uint limit = Limit(share);
        float kept = 1 / (1 - share);
        for (int i = 0; i < n; i += 4, first++)
        {
            int count = Math.Min(4, n - i);
            int lane = Math.Max(i - edge + 1, 0) & ~15;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; lane <= lanes - 16; lane += 16)
                {
                    Columns16(mask + (i * lanes) + lane, count, lanes, limit, kept, seed, first + ((ulong)lane * row), row);
                }
            }

            if (Vector256.IsHardwareAccelerated)
            {
                for (; lane <= lanes - 8; lane += 8)
                {
                    Columns8(mask + (i * lanes) + lane, count, lanes, limit, kept, seed, first + ((ulong)lane * row), row);
                }
            }

            for (; lane < lanes; lane++)
            {
                Vector128<uint> words = CounterRandom.Block(seed, first + ((ulong)lane * row), 0);
                for (int j = 0; j < count; j++)
                {
                    mask[((i + j) * lanes) + lane] = words[j] < limit ? 0 : kept;
                }
            }
        }
    }

    private static uint Limit(float share) => (uint)Math.Min(share * 4294967296.0, uint.MaxValue);

    /// <summary>Sets four elements, or fewer, of sixteen rows: even rows come in some vectors, odd in others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns16(float* mask, int count, int stride, uint limit, float kept, ulong seed, ulong first, ulong row)
    {
        CounterRandom.EightBlocks even = default, odd = default;
        even.First = Vector512.Create(first) + (Vector512<ulong>.Indices * (2 * row));
        odd.First = even.First + Vector512.Create(row);
        CounterRandom.Blocks(seed, ref even, ref odd);
        Factors(even.First, odd.First, limit, kept).Store(mask);
        if (count > 1)
        {
            Factors(even.Second, odd.Second, limit, kept).Store(mask + stride);
        }

        if (count > 2)
        {
            Factors(even.Third, odd.Third, limit, kept).Store(mask + (2 * stride));
        }

        if (count > 3)
        {
            Factors(even.Fourth, odd.Fourth, limit, kept).Store(mask + (3 * stride));
        }
    }

    /// <summary>Sets up to four elements of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns8(float* mask, int count, int stride, uint limit, float kept, ulong seed, ulong first, ulong row)
    {
        Vector256<ulong> even0 = Vector256.Create(first) + (Vector256<ulong>.Indices * (2 * row));
        Vector256<ulong> odd0 = even0 + Vector256.Create(row);
        CounterRandom.Blocks(seed, ref even0, out Vector256<ulong> even1, out Vector256<ulong> even2, out Vector256<ulong> even3);
        CounterRandom.Blocks(seed, ref odd0, out Vector256<ulong> odd1, out Vector256<ulong> odd2, out Vector256<ulong> odd3);
        Factors(even0, odd0, limit, kept).Store(mask);
        if (count > 1)
        {
            Factors(even1, odd1, limit, kept).Store(mask + stride);
        }

        if (count > 2)
        {
            Factors(even2, odd2, limit, kept).Store(mask + (2 * stride));
        }

        if (count > 3)
        {
            Factors(even3, odd3, limit, kept).Store(mask + (3 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Factors(Vector512<ulong> even, Vector512<ulong> odd, uint limit, float kept)
    {
        Vector512<uint> words = ((even & Vector512.Create((ulong)uint.MaxValue)) | (odd << 32)).AsUInt32();
        Vector512<uint> dropped = Vector512.LessThan(words, Vector512.Create(limit));
        return Vector512.ConditionalSelect(dropped.AsSingle(), Vector512<float>.Zero, Vector512.Create(kept));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Factors(Vector256<ulong> even, Vector256<ulong> odd, uint limit, float kept)
    {
        Vector256<uint> words = ((even & Vector256.Create((ulong)uint.MaxValue)) | (odd << 32)).AsUInt32();
        Vector256<uint> dropped = Vector256.LessThan(words, Vector256.Create(limit));
        return Vector256.ConditionalSelect(dropped.AsSingle(), Vector256<float>.Zero, Vector256.Create(kept));
    }
}
