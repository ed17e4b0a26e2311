using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nabla.Tokenizers;

/// <summary>
/// Merges chunks of at most 64 ids, exactly as <see cref="ChunkMerger"/> says. Each merge looks through the ranks of all
/// pairs, which is quadratic, but they lie in a few vectors, and nothing has to be set up.
/// </summary>
/// <remarks>
/// Ids do not move when two become one: a bit for each position tells whether a token begins there, so that neighbours are
/// found by counting zeros.
/// </remarks>
internal static class ShortChunkMerger
{
    /// <summary>One for each bit of a number.</summary>
    public const int MaxLength = 64;

    /// <summary>Merges in place, and returns how many ids are left.</summary>
    [SkipLocalsInit]
    public static int Merge(Span<int> ids, MergeTable table)
    {
        Span<int> ranks = stackalloc int[MaxLength];
        for (var index = 0; index + 1 < ids.Length; index++)
        {
            ranks[index] = table.Rank(ids[index], ids[index + 1]);
        }

        return Merge(ids, ranks, table);
    }

    /// <summary>Merges in place, and returns how many ids are left.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="ranks">
    /// The rank of the pair that begins with each id but the last; the rest up to <see cref="MaxLength"/> is working memory.
    /// </param>
    /// <param name="table">The merges.</param>
    public static int Merge(Span<int> ids, Span<int> ranks, MergeTable table)
    {
        if (ids.Length < 2)
        {
            return ids.Length;
        }

        // Up to a whole vector, so that the search needs no end of its own.
        ranks = ranks[..((ids.Length + Vector256<int>.Count - 1) & -Vector256<int>.Count)];
        ranks[(ids.Length - 1)..].Fill(MergeTable.None);
        var begins = ulong.MaxValue >> (MaxLength - ids.Length);
        while (true)
        {
            var left = IndexOfMinimum(ranks, out var rank);
            if (rank == MergeTable.None)
            {
                return Gather(ids, begins);
            }

            // The token at `left` takes in the one at `right`.
            var right = Next(begins, left);
            var merged = table.Merged(ids[left], ids[right], rank);
            ids[left] = merged;
            begins &= ~(1UL << right);
            ranks[right] = MergeTable.None;
            var after = Next(begins, left);
            ranks[left] = after < MaxLength ? table.Rank(merged, ids[after]) : MergeTable.None;
            var earlier = begins & ((1UL << left) - 1);
            if (earlier != 0)
            {
                var before = BitOperations.Log2(earlier);
                ranks[before] = table.Rank(ids[before], merged);
            }
        }
    }

    // Where the next token begins; 64 if there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(ulong begins, int position) => BitOperations.TrailingZeroCount(begins & (ulong.MaxValue - 1) << position);

    // The leftmost lowest rank; the length is that of some vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOfMinimum(ReadOnlySpan<int> ranks, out int rank)
    {
        Vector256<int> lowest = Vector256.Create(ranks);
        for (var start = Vector256<int>.Count; start < ranks.Length; start += Vector256<int>.Count)
        {
            lowest = Vector256.Min(lowest, Vector256.Create(ranks[start..]));
        }

        Vector128<int> four = Vector128.Min(lowest.GetLower(), lowest.GetUpper());
        Vector128<int> two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        rank = Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
        var all = Vector256.Create(rank);
        for (var start = 0; ; start += Vector256<int>.Count)
        {
            var equal = Vector256.Equals(Vector256.Create(ranks[start..]), all).ExtractMostSignificantBits();
            if (equal != 0)
            {
                return start + BitOperations.TrailingZeroCount(equal);
            }
        }
    }

    private static int Gather(Span<int> ids, ulong begins)
    {
        var count = 0;
        for (; begins != 0; begins &= begins - 1)
        {
            ids[count++] = ids[BitOperations.TrailingZeroCount(begins)];
        }

        return count;
    }
}
