namespace Nabla.Tokenizers;

/// <summary>
/// Byte-pair encoding as it is explained: count the pairs, take the most frequent, merge it, and again. Each of these
/// functions reads the whole sequence, so training with them is quadratic; they are here to be read, and as the reference
/// that the trainer is tested against. <see cref="BytePairTrainer"/> gets the same merges without counting again.
/// </summary>
public static class PairCounts
{
    /// <summary>
    /// How often each pair of neighbours occurs, in the order of their first occurrence. Overlapping pairs count: three equal
    /// ids hold two pairs.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<BytePair, int>> Of(ReadOnlySpan<int> ids)
    {
        var counts = new OrderedDictionary<BytePair, int>();
        for (var position = 0; position + 1 < ids.Length; position++)
        {
            var pair = new BytePair(ids[position], ids[position + 1]);
            counts[pair] = counts.GetValueOrDefault(pair) + 1;
        }

        return counts;
    }

    /// <summary>The most frequent pair, of several the one that occurs first; null for fewer than two ids.</summary>
    public static BytePair? MostFrequent(ReadOnlySpan<int> ids)
    {
        IReadOnlyList<KeyValuePair<BytePair, int>> counts = Of(ids);
        return counts.Count == 0 ? null : counts.MaxBy(entry => entry.Value).Key;
    }

    /// <summary>
    /// A copy of <paramref name="ids"/> in which every occurrence of a pair is one new id, taken from the left without
    /// overlap: merging <c>(1, 1)</c> into 9 makes <c>1 1 1</c> to <c>9 1</c>.
    /// </summary>
    public static int[] Merge(ReadOnlySpan<int> ids, BytePair pair, int newId)
    {
        var merged = new List<int>(ids.Length);
        for (var position = 0; position < ids.Length;)
        {
            if (position + 1 < ids.Length && ids[position] == pair.Left && ids[position + 1] == pair.Right)
            {
                merged.Add(newId);
                position += 2;
            }
            else
            {
                merged.Add(ids[position]);
                position++;
            }
        }

        return [.. merged];
    }
}
