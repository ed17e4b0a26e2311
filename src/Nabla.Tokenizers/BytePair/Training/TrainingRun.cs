using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>One training: first the text is read, then merges are learned.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly BytePairTrainingOptions _options;
    private readonly IProgress<BytePairTrainingProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly ITrainingText _text;
    private readonly TextBlocks _blocks;
    private readonly long? _totalBytes;

    public TrainingRun(BytePairTrainingOptions options, long? totalBytes, IProgress<BytePairTrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _progress = progress;
        _cancellationToken = cancellationToken;
        _totalBytes = totalBytes;
        var specialTokens = new SpecialTokenTexts(options.SpecialTokens);
        _text = options.Splitter.Kind == SplitKind.WholeText
            ? new UnsplitText(specialTokens, totalBytes ?? 0)
            : new SplitText(options.Splitter, specialTokens, options.ThreadCount);
        _blocks = new TextBlocks(new BlockCut(options.Splitter.Kind, specialTokens), Take, cancellationToken);
        Reader = new TrainingTextReader(_blocks);
    }

    /// <summary>Where the text goes in.</summary>
    public TrainingTextReader Reader { get; }

    private int TotalMerges => _options.VocabularySize - BytePairVocabulary.ByteCount;

    /// <summary>Learns the merges of the text that was read.</summary>
    public BytePairTraining Learn()
    {
        _blocks.EndDocument();
        SymbolSequence text = _text.Finish(_options.VocabularySize, _cancellationToken);
        var merger = new PairMerger(text, _options, _cancellationToken);
        ImmutableArray<TrainedMerge>.Builder merges = ImmutableArray.CreateBuilder<TrainedMerge>();
        var tokens = _text.ByteCount;
        for (var id = BytePairVocabulary.ByteCount; id < _options.VocabularySize; id++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (merger.MergeNext(id, _cancellationToken) is not { } merge)
            {
                break;
            }

            merges.Add(merge);
            tokens -= merger.LastReplacements;
            Report(BytePairTrainingPhase.Merging, merges.Count, merge);
        }

        return new BytePairTraining
        {
            Merges = merges.ToImmutable(),
            ByteCount = _text.ByteCount,
            ChunkCount = _text.ChunkCount,
            DistinctChunkCount = _text.DistinctChunkCount,
            TokenCount = tokens,
        };
    }

    public void Dispose() => (_text as IDisposable)?.Dispose();

    private void Take(TextBlock block)
    {
        _text.Take(block);
        Report(BytePairTrainingPhase.Counting, 0, null);
    }

    private void Report(BytePairTrainingPhase phase, int mergesDone, TrainedMerge? last) => _progress?.Report(
        new BytePairTrainingProgress(phase, _blocks.TotalLength, _totalBytes, mergesDone, TotalMerges, last));
}
