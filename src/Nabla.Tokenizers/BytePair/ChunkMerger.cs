namespace Nabla.Tokenizers;

/// <summary>
/// Merges the ids of one chunk: always the pair of the lowest rank in the sequence as it is now, of equal ones the leftmost,
/// until no pair is in the table.
/// </summary>
internal static class ChunkMerger
{
    /// <summary>
    /// Up to here each merge looks through all ranks: they lie in a few cache lines, and nothing has to be set up. That is
    /// quadratic, so longer chunks go another way.
    /// </summary>
    public const int ShortLength = 96;

    /// <summary>Merges in place.</summary>
    /// <param name="ids">The ids, of which the first become the result. Ids below 0 never merge.</param>
    /// <param name="table">The merges.</param>
    /// <returns>How many ids are left.</returns>
    public static int Merge(Span<int> ids, MergeTable table)
    {
        if (ids.Length <= ShortLength)
        {
            return MergeShort(ids, table);
        }

        LongChunkMerger merger = table.LongMergers.Rent();
        var count = merger.Merge(ids, table);
        table.LongMergers.Return(merger);
        return count;
    }

    /// <summary>Merges in place a chunk of at most <see cref="ShortLength"/> ids.</summary>
    internal static int MergeShort(Span<int> ids, MergeTable table)
    {
        // ranks[i] is that of the pair of ids i and i + 1.
        Span<int> ranks = stackalloc int[ShortLength];
        ranks = ranks[..Math.Max(0, ids.Length - 1)];
        for (var index = 0; index < ranks.Length; index++)
        {
            ranks[index] = table.Rank(ids[index], ids[index + 1]);
        }

        while (true)
        {
            int best = -1, rank = MergeTable.None;
            for (var index = 0; index < ranks.Length; index++)
            {
                if (ranks[index] < rank)
                {
                    best = index;
                    rank = ranks[index];
                }
            }

            if (best < 0)
            {
                return ids.Length;
            }

            var merged = table.Merged(ids[best], ids[best + 1]);
            ids[best] = merged;
            ids[(best + 2)..].CopyTo(ids[(best + 1)..]);
            ids = ids[..^1];
            if (best + 1 < ranks.Length)
            {
                ranks[(best + 2)..].CopyTo(ranks[(best + 1)..]);
                ranks[best] = table.Rank(merged, ids[best + 1]);
            }

            ranks = ranks[..^1];
            if (best > 0)
            {
                ranks[best - 1] = table.Rank(ids[best - 1], merged);
            }
        }
    }
}
