namespace Nabla.Tokenizers;

/// <summary>Decides which sentences are used if there are more than asked for: the first ones, or a random sample.</summary>
internal sealed class SentenceSampler
{
    private readonly long _limit;
    private readonly bool _shuffles;
    private readonly List<byte[]> _sample = [];
    private readonly SamplingRandom _random = new();
    private long _offered;

    public SentenceSampler(SentencePieceTrainingOptions options)
    {
        _limit = options.InputSentenceSize;
        _shuffles = options.ShuffleInputSentence;
    }

    /// <summary>Takes a sentence, or passes it on; false if no more are wanted.</summary>
    public bool Offer(ReadOnlySpan<byte> sentence, SentenceWords words)
    {
        _offered++;
        if (_limit <= 0 || !_shuffles)
        {
            words.Add(sentence);
            return _limit <= 0 || _offered < _limit;
        }

        // A reservoir (Vitter 1985, Random sampling with a reservoir): each sentence stays with the same probability.
        if (_sample.Count < _limit)
        {
            _sample.Add(sentence.ToArray());
        }
        else if (_random.Below((ulong)_offered) is var place && place < (ulong)_limit)
        {
            _sample[(int)place] = sentence.ToArray();
        }

        return true;
    }

    /// <summary>Passes the sample on.</summary>
    public void Finish(SentenceWords words)
    {
        foreach (byte[] sentence in _sample)
        {
            words.Add(sentence);
        }

        _sample.Clear();
    }
}
