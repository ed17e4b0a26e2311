using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>A merge that training has learned.</summary>
/// <param name="Pair">The two tokens.</param>
/// <param name="Id">The token that they become.</param>
/// <param name="Count">How often the pair stood in the training text at that moment, overlapping occurrences included.</param>
public readonly record struct TrainedMerge(BytePair Pair, int Id, long Count);

/// <summary>What a byte-pair training has learned, and from how much.</summary>
public sealed record BytePairTraining
{
    /// <summary>The merges in the order in which they were learned; merge n makes token 256 + n.</summary>
    public required ImmutableArray<TrainedMerge> Merges { get; init; }

    /// <summary>The bytes of the training text in UTF-8, special tokens left out: its tokens before the first merge.</summary>
    public required long ByteCount { get; init; }

    /// <summary>The chunks into which the text was split.</summary>
    public required long ChunkCount { get; init; }

    /// <summary>How many different chunks there were: the work of training grows with these, not with the text.</summary>
    public required int DistinctChunkCount { get; init; }

    /// <summary>The tokens of the training text after the last merge.</summary>
    public required long TokenCount { get; init; }

    /// <summary>How many bytes a token of the training text stands for on average.</summary>
    public double CompressionRatio => TokenCount == 0 ? 1 : (double)ByteCount / TokenCount;

    /// <summary>The vocabulary of the bytes and these merges.</summary>
    public BytePairVocabulary ToVocabulary() => BytePairVocabulary.FromMerges([.. Merges.Select(merge => merge.Pair)]);
}
