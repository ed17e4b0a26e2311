using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// Draws batches of windows at random places of a stream of ids, with replacement. All its state is that of the generator:
/// restore that and the same batches follow.
/// </summary>
public sealed class BatchSampler : IBatchSource
{
    private readonly TokenSequence _ids;
    private readonly RandomGenerator _generator;
    private readonly long[] _offsets;

    /// <summary>Makes a sampler over one split of a dataset.</summary>
    /// <param name="ids">The stream of ids.</param>
    /// <param name="batchSize">B, the number of windows in a batch.</param>
    /// <param name="contextLength">T, the number of ids in a window.</param>
    /// <param name="generator">Where the places come from: one draw of 32 bits for each window, or of 64 where there are 2^32 places and more.</param>
    /// <exception cref="ArgumentException">B or T is not positive, or the stream has fewer than T + 1 ids.</exception>
    public BatchSampler(TokenSequence ids, int batchSize, int contextLength, RandomGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(generator);
        if (batchSize <= 0 || contextLength <= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"BatchSampler: batch size {batchSize} and context length {contextLength} must both be positive."));
        }

        if (ids.Length <= contextLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"BatchSampler: {ids.Length} tokens hold no window of context length {contextLength} and the token after it: "
                + $"give more text, or a context length of at most {Math.Max(ids.Length - 1, 0)}."));
        }

        _ids = ids;
        _generator = generator;
        _offsets = new long[batchSize];
        ContextLength = contextLength;
    }

    /// <summary>B, the number of windows in a batch.</summary>
    public int BatchSize => _offsets.Length;

    /// <summary>T, the number of ids in a window.</summary>
    public int ContextLength { get; }

    /// <summary>Fills the next batch: its inputs, and as targets the same windows one id further on.</summary>
    /// <param name="x">The inputs, [B, T] row by row.</param>
    /// <param name="y">The targets, [B, T] row by row: the id that follows each input.</param>
    /// <exception cref="ArgumentException">A span is not of B * T ids.</exception>
    public void Next(Span<int> x, Span<int> y)
    {
        int size = BatchSize * ContextLength;
        if (x.Length != size || y.Length != size)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"BatchSampler.Next: x has {x.Length} and y {y.Length} places, but a batch is [{BatchSize}, {ContextLength}]: "
                + $"give {size} for each."));
        }

        // The last window that still has a token after it starts at length - T - 1.
        _generator.Integers(_offsets, 0, _ids.Length - ContextLength);
        for (int row = 0; row < _offsets.Length; row++)
        {
            _ids.Read(_offsets[row], x.Slice(row * ContextLength, ContextLength));
            _ids.Read(_offsets[row] + 1, y.Slice(row * ContextLength, ContextLength));
        }
    }
}
