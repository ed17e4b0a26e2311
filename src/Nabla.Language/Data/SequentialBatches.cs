using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// The loader of the lecture "Let's reproduce GPT-2": batches follow one another in the stream, file after file, in the same order
/// in every epoch.
/// </summary>
/// <remarks>
/// <para>
/// Of N processes, process r begins at B * T * r and goes on by B * T * N, so that their batches lie side by side. Where the next
/// step of all processes, B * T * N + 1 tokens from its own place on, would go beyond the end of the file, it goes over to the next
/// file, after the last to the first; the rest of the file is left out.
/// </para>
/// <para>
/// The rule is the lecture's, faults included: it is asked by each process for its own place, so that those of a higher rank may
/// leave a file a step before the others, from where on the processes no longer lie side by side; and text comes in the same order
/// again and again. <see cref="ShuffledBatches"/> has neither fault. A file too short for a single step is passed over, where the
/// lecture's loader would fail.
/// </para>
/// </remarks>
public sealed class SequentialBatches : IOrderedBatches
{
    private readonly TokenSequence[] _shards;
    private readonly long[] _starts;
    private readonly int _batchTokens;
    private readonly int _rank;
    private readonly int _worldSize;
    private readonly int[] _read;
    private long _place;

    /// <summary>Makes batches.</summary>
    /// <param name="ids">The stream, each of its <see cref="TokenSequence.Parts"/> a file.</param>
    /// <param name="batchSize">B, the number of rows in a batch.</param>
    /// <param name="contextLength">T, the number of ids in a row.</param>
    /// <param name="rank">Which of the processes this is, from 0.</param>
    /// <param name="worldSize">The number of processes that share the stream.</param>
    /// <exception cref="ArgumentException">
    /// B or T is not positive, there is no such process, or no file is long enough for a step of all processes.
    /// </exception>
    public SequentialBatches(TokenSequence ids, int batchSize, int contextLength, int rank = 0, int worldSize = 1)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (batchSize < 1 || contextLength < 1 || rank < 0 || rank >= worldSize)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"SequentialBatches: batches of {batchSize} x {contextLength} for process {rank} of {worldSize} make no sense: give sizes "
                + $"of at least 1, and a process below the number of them."));
        }

        (_rank, _worldSize) = (rank, worldSize);
        _batchTokens = checked(batchSize * contextLength);
        _read = new int[_batchTokens + 1];
        _shards = [.. ids.Parts.Where(shard => shard.Length > (long)_batchTokens * worldSize)];
        if (_shards.Length == 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"SequentialBatches: no file of {ids.Length} tokens holds a step of {worldSize} x {batchSize} x {contextLength} tokens and "
                + $"the one after it: give more text, or smaller batches."));
        }

        _starts = new long[_shards.Length];
        for (int i = 1; i < _shards.Length; i++)
        {
            _starts[i] = _starts[i - 1] + _shards[i - 1].Length;
        }

        Reset();
    }

    /// <summary>Gets the number of the file that the next batch is of, from 0; those too short for a step are not counted.</summary>
    public int Shard { get; private set; }

    /// <summary>Gets the place of the next batch in its file.</summary>
    public long PlaceInShard => _place;

    /// <summary>
    /// Gets or sets the place of the next batch in all files together, as if they were one; at the beginning B * T * rank.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No batch begins there.</exception>
    public long Position
    {
        get => _starts[Shard] + _place;
        set
        {
            int shard = Array.FindLastIndex(_starts, start => start <= value);
            if (shard < 0 || value - _starts[shard] > _shards[shard].Length - _read.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(value), string.Create(CultureInfo.InvariantCulture,
                    $"SequentialBatches: no batch of {_batchTokens} tokens begins at place {value}: the state is of other data or batches."));
            }

            (Shard, _place) = (shard, value - _starts[shard]);
        }
    }

    /// <summary>Goes back to the beginning, so that a measurement sees the batches of the one before.</summary>
    public void Reset() => BeginShard(0);

    /// <inheritdoc/>
    public void Next(Span<int> x, Span<int> y)
    {
        _shards[Shard].Read(_place, _read);
        _read.AsSpan(0, _batchTokens).CopyTo(x);
        _read.AsSpan(1).CopyTo(y);
        long step = (long)_batchTokens * _worldSize;
        _place += step;
        if (_place + step + 1 > _shards[Shard].Length)
        {
            BeginShard((Shard + 1) % _shards.Length);
        }
    }

    private void BeginShard(int shard) => (Shard, _place) = (shard, (long)_batchTokens * _rank);
}
