namespace Nabla.Tokenizers;

/// <summary>
/// Merges the ids of one chunk: always the pair of the lowest rank in the sequence as it is now, of equal ones the leftmost,
/// until no pair is in the table. The time does not grow with the square of the length.
/// </summary>
internal static class ChunkMerger
{
    /// <summary>Merges in place.</summary>
    /// <param name="ids">The ids, of which the first become the result. Ids below 0 never merge.</param>
    /// <param name="table">The merges.</param>
    /// <returns>How many ids are left.</returns>
    public static int Merge(Span<int> ids, MergeTable table)
    {
        if (ids.Length <= ShortChunkMerger.MaxLength)
        {
            return ShortChunkMerger.Merge(ids, table);
        }

        LongChunkMerger merger = table.LongMergers.Rent();
        var count = merger.Merge(ids, table);
        table.LongMergers.Return(merger);
        return count;
    }
}
