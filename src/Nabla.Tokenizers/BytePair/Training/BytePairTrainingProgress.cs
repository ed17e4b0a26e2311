namespace Nabla.Tokenizers;

/// <summary>What a byte-pair training is doing.</summary>
public enum BytePairTrainingPhase
{
    /// <summary>It reads the text and counts its chunks.</summary>
    Counting,

    /// <summary>It learns merges.</summary>
    Merging,
}

/// <summary>How far a byte-pair training has come.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="BytesRead">The bytes of text that were read.</param>
/// <param name="TotalBytes">The bytes of text that there are, or null if that is not known before the end.</param>
/// <param name="MergesDone">The merges learned so far.</param>
/// <param name="TotalMerges">The merges asked for; training may end earlier.</param>
/// <param name="LastMerge">The last merge learned, or null before the first.</param>
public readonly record struct BytePairTrainingProgress(
    BytePairTrainingPhase Phase, long BytesRead, long? TotalBytes, int MergesDone, int TotalMerges, TrainedMerge? LastMerge);
