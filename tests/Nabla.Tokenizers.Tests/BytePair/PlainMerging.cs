namespace Nabla.Tokenizers.Tests;

/// <summary>Merging as it is explained, quadratic and plain to see: what the fast ways are tested against.</summary>
internal static class PlainMerging
{
    /// <summary>The result of merging the pair of the lowest rank, of equal ones the leftmost, until there is none.</summary>
    public static int[] Merge(IEnumerable<int> ids, IReadOnlyDictionary<(int Left, int Right), (int Rank, int Id)> merges)
    {
        List<int> list = [.. ids];
        while (true)
        {
            (int rank, int position, int id) best = (int.MaxValue, -1, -1);
            for (var position = 0; position + 1 < list.Count; position++)
            {
                if (merges.TryGetValue((list[position], list[position + 1]), out (int Rank, int Id) merge) && merge.Rank < best.rank)
                {
                    best = (merge.Rank, position, merge.Id);
                }
            }

            if (best.position < 0)
            {
                return [.. list];
            }

            list[best.position] = best.id;
            list.RemoveAt(best.position + 1);
        }
    }
}
