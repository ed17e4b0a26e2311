using System.Text;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>The lecture's training as it is explained, with nothing but <see cref="PairCounts"/>: slow, and easy to believe.</summary>
internal static class PlainTraining
{
    /// <summary>The merges of some chunks, until the vocabulary is full or no pair is left.</summary>
    public static List<TrainedMerge> Learn(IEnumerable<string> chunks, int vocabularySize, TieRule ties = TieRule.FirstSeen) =>
        Learn([.. chunks.Select(chunk => Encoding.UTF8.GetBytes(chunk).Select(value => (int)value).ToArray())], vocabularySize, ties);

    /// <summary>As above, and changes the chunks to their tokens.</summary>
    public static List<TrainedMerge> Learn(List<int[]> chunks, int vocabularySize, TieRule ties = TieRule.FirstSeen)
    {
        List<TrainedMerge> merges = [];
        for (var id = 256; id < vocabularySize; id++)
        {
            OrderedDictionary<BytePair, long> counts = [];
            foreach (var chunk in chunks)
            {
                foreach ((BytePair pair, int count) in PairCounts.Of(chunk))
                {
                    counts[pair] = counts.GetValueOrDefault(pair) + count;
                }
            }

            if (counts.Count == 0)
            {
                break;
            }

            // MaxBy takes the first of several, and the dictionary keeps the order in which the pairs were first seen.
            (BytePair best, long most) = ties == TieRule.FirstSeen
                ? counts.MaxBy(entry => entry.Value)
                : counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Left).ThenBy(entry => entry.Key.Right).First();
            for (var index = 0; index < chunks.Count; index++)
            {
                chunks[index] = PairCounts.Merge(chunks[index], best, id);
            }

            merges.Add(new TrainedMerge(best, id, most));
        }

        return merges;
    }
}
