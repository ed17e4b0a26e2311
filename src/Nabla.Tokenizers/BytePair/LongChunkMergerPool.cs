using System.Collections.Concurrent;

namespace Nabla.Tokenizers;

/// <summary>Lends the working memory for long chunks, one to a thread at a time, and never keeps more than there are cores.</summary>
internal sealed class LongChunkMergerPool
{
    private readonly ConcurrentBag<LongChunkMerger> _idle = [];

    public LongChunkMerger Rent() => _idle.TryTake(out LongChunkMerger? merger) ? merger : new LongChunkMerger();

    /// <summary>Takes back an instance whose work came to its end; one that was interrupted must not be given back.</summary>
    public void Return(LongChunkMerger merger)
    {
        if (_idle.Count < Environment.ProcessorCount)
        {
            _idle.Add(merger);
        }
    }
}
