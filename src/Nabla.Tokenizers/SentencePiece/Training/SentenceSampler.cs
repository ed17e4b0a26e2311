using System.Collections;

namespace Nabla.Tokenizers;

/// <summary>
/// Decides which sentences are used if there are more than asked for: the first ones, or a random sample. The sentences
/// themselves are not kept: where a sample is needed they are read twice.
/// </summary>
internal sealed class SentenceSampler
{
    private readonly long _limit;
    private readonly BitArray? _sample;
    private long _next;

    /// <summary>Chooses.</summary>
    /// <param name="options">How many sentences are wanted, and whether at random.</param>
    /// <param name="count">Counts all sentences; called only if there is a sample to take.</param>
    public SentenceSampler(SentencePieceTrainingOptions options, Func<long> count)
    {
        _limit = options.InputSentenceSize <= 0 ? long.MaxValue : options.InputSentenceSize;
        if (_limit < long.MaxValue && options.ShuffleInputSentence && count() is var all && all > _limit)
        {
            _sample = Sample(checked((int)all), (int)_limit);
        }
    }

    /// <summary>Whether no more sentences are wanted.</summary>
    public bool IsDone => _sample is null && _next >= _limit;

    /// <summary>Whether the next sentence is wanted.</summary>
    public bool TakeNext() => _next++ is var place && (_sample is null || _sample[(int)place]);

    // A reservoir (Vitter 1985, Random sampling with a reservoir): each sentence stays with the same probability.
    private static BitArray Sample(int count, int limit)
    {
        int[] reservoir = [.. Enumerable.Range(0, limit)];
        var random = new SamplingRandom();
        for (var place = limit; place < count; place++)
        {
            if (random.Below((ulong)place + 1) is var replaced && replaced < (ulong)limit)
            {
                reservoir[(int)replaced] = place;
            }
        }

        var sample = new BitArray(count);
        foreach (var place in reservoir)
        {
            sample[place] = true;
        }

        return sample;
    }
}
