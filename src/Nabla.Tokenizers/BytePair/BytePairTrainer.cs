using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Learns the merges of a byte-pair tokenizer from text.</summary>
public static class BytePairTrainer
{
    /// <summary>Learns merges until the vocabulary has the size asked for, or no pair is left to merge.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="options">The size of the vocabulary and how the text is split.</param>
    /// <param name="progress">Told each merge.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">The size is below 256, or the text is not valid Unicode.</exception>
    public static IReadOnlyList<TrainedMerge> Train(ReadOnlySpan<char> text, BytePairTrainingOptions options,
        IProgress<TrainedMerge>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        List<int[]> chunks = [];
        foreach (var chunk in options.Splitter.Split(text.ToString()))
        {
            chunks.Add([.. System.Text.Encoding.UTF8.GetBytes(chunk).Select(value => (int)value)]);
        }

        var merges = new List<TrainedMerge>();
        for (var id = BytePairVocabulary.ByteCount; id < options.VocabularySize; id++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var counts = new OrderedDictionary<BytePair, long>();
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

            (BytePair best, long most) = counts.MaxBy(entry => entry.Value);
            chunks = [.. chunks.Select(chunk => PairCounts.Merge(chunk, best, id))];
            merges.Add(new TrainedMerge(best, id, most));
            progress?.Report(merges[^1]);
        }

        return merges;
    }
}

/// <summary>A merge that training has learned.</summary>
/// <param name="Pair">The two tokens.</param>
/// <param name="Id">The token that they become.</param>
/// <param name="Count">How often the pair stood in the training text at that moment.</param>
public readonly record struct TrainedMerge(BytePair Pair, int Id, long Count);

/// <summary>Which of two equally frequent pairs is merged first.</summary>
public enum TieRule
{
    /// <summary>The one whose first occurrence in the text is earlier: the rule of minbpe and the lecture.</summary>
    FirstSeen,

    /// <summary>The one with the lower left id, then the lower right id: the rule of Hugging Face's trainer.</summary>
    LowestIds,
}

/// <summary>What a byte-pair training is told.</summary>
public sealed record BytePairTrainingOptions
{
    /// <summary>The number of tokens to end with, the 256 bytes included and special tokens not.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How the text is cut into chunks that no merge crosses.</summary>
    public TextSplitter Splitter { get; init; } = TextSplitter.None;

    /// <summary>Which of two equally frequent pairs goes first.</summary>
    public TieRule Ties { get; init; }

    internal void Validate()
    {
        if (VocabularySize < BytePairVocabulary.ByteCount)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"a vocabulary of {VocabularySize} cannot hold the 256 bytes: ask for at least 256."));
        }
    }
}
