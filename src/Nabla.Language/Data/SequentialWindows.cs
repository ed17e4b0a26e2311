using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// Some windows of equal length that follow one another in a stream of ids without a gap: the B * T ids from the start on are the inputs
/// of a batch [B, T], row by row, and those one further on its targets.
/// </summary>
/// <param name="Start">Where the first window begins.</param>
/// <param name="BatchSize">B, the number of windows.</param>
/// <param name="Length">T, the number of ids in each.</param>
public readonly record struct WindowBatch(long Start, int BatchSize, int Length)
{
    /// <summary>How many ids are predicted: the weight of this batch's mean loss in the mean over the stream.</summary>
    public int TokenCount => BatchSize * Length;
}

/// <summary>Cuts a whole split into windows, so that a loss over it is exact and not a sample.</summary>
public static class SequentialWindows
{
    /// <summary>
    /// Batches in which each id of a stream but the first is a target exactly once. Windows do not overlap; the last may be
    /// shorter than the others and is then a batch of its own.
    /// </summary>
    /// <remarks>
    /// The first targets of a window are predicted from little context, so the loss is a little higher than with a window that
    /// slides by one id, at a T-th of the work.
    /// </remarks>
    /// <param name="tokenCount">The length of the stream.</param>
    /// <param name="contextLength">T, the length of a window.</param>
    /// <param name="batchSize">B, the number of windows in a batch, fewer in the last.</param>
    /// <exception cref="ArgumentException">T or B is not positive, or the stream has fewer than two ids.</exception>
    public static IEnumerable<WindowBatch> Cut(long tokenCount, int contextLength, int batchSize)
    {
        if (contextLength <= 0 || batchSize <= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"SequentialWindows: context length {contextLength} and batch size {batchSize} must both be positive."));
        }

        if (tokenCount < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"SequentialWindows: a stream of {tokenCount} tokens has none to predict: give at least 2."));
        }

        return Batches(tokenCount - 1, contextLength, batchSize);
    }

    private static IEnumerable<WindowBatch> Batches(long targetCount, int contextLength, int batchSize)
    {
        long start = 0;
        for (long windows = targetCount / contextLength; windows > 0;)
        {
            int count = (int)Math.Min(windows, batchSize);
            yield return new WindowBatch(start, count, contextLength);
            start += count * contextLength;
            windows -= count;
        }

        if (start < targetCount)
        {
            yield return new WindowBatch(start, 1, (int)(targetCount - start));
        }
    }
}
