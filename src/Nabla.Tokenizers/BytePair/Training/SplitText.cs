using System.Collections.Concurrent;

namespace Nabla.Tokenizers;

/// <summary>
/// A training text that is split: only its different chunks are kept, with their counts. Several threads count, each in a
/// table of its own; the blocks in which the text comes can be split apart from one another.
/// </summary>
internal sealed class SplitText(TextSplitter splitter, SpecialTokenTexts specialTokens, int threadCount) : ITrainingText, IDisposable
{
    private const int LengthForOneThread = 1 << 18;

    private readonly ChunkCounter _own = new(splitter, specialTokens);
    private readonly List<(Task Task, ChunkCounter Counter)> _workers = [];
    private readonly BlockingCollection<TextBlock> _blocks = new(2 * threadCount);

    public long ByteCount => Counters.Sum(counter => counter.ByteCount);

    public long ChunkCount => Counters.Sum(counter => counter.ChunkCount);

    public int DistinctChunkCount { get; private set; }

    private IEnumerable<ChunkCounter> Counters => _workers.Select(worker => worker.Counter).Prepend(_own);

    // The thread that reads also counts, when the others have enough to do. It too takes the oldest block that waits, not the
    // new one: each counter has to get its blocks in their order, so that each table is in the order of the text.
    public void Take(TextBlock block)
    {
        if (threadCount == 1 || block.Position + block.Length <= LengthForOneThread)
        {
            _own.Count(block);
            return;
        }

        if (_workers.Count < threadCount - 1)
        {
            var counter = new ChunkCounter(splitter, specialTokens);
            _workers.Add((Task.Factory.StartNew(() => CountAll(counter), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default), counter));
        }

        while (!_blocks.TryAdd(block))
        {
            if (_blocks.TryTake(out TextBlock oldest))
            {
                _own.Count(oldest);
            }
        }
    }

    public SymbolSequence Finish(int tokenLimit, CancellationToken cancellationToken)
    {
        _blocks.CompleteAdding();
        foreach (TextBlock block in _blocks.GetConsumingEnumerable(cancellationToken))
        {
            _own.Count(block);
        }

        foreach ((Task task, _) in _workers)
        {
            task.GetAwaiter().GetResult();
        }

        ChunkCounts counts = ChunkCounts.Join([.. Counters.Select(counter => counter.Counts)], cancellationToken);
        DistinctChunkCount = counts.Count;
        return SymbolSequence.Of(counts, tokenLimit);
    }

    public void Dispose()
    {
        // After an error or a cancellation the workers may still be counting; what they count is of no use any more.
        _blocks.CompleteAdding();
        while (_blocks.TryTake(out _))
        {
        }

        Task.WhenAll(_workers.Select(worker => worker.Task)).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        _blocks.Dispose();
    }

    private void CountAll(ChunkCounter counter)
    {
        foreach (TextBlock block in _blocks.GetConsumingEnumerable())
        {
            counter.Count(block);
        }
    }
}
