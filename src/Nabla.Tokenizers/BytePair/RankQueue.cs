using System.Numerics;

namespace Nabla.Tokenizers;

/// <summary>
/// Positions by rank: added in any order of ranks, taken one rank after the other, ascending, each with its positions from
/// left to right. What is added must rank above what was taken last.
/// </summary>
/// <remarks>
/// Each rank has a chain of blocks, each as long as a cache line, in an array that all share; blocks taken are used again. A bit
/// for each rank tells whether it has a chain, and a bit for each 64 of these whether one of them is set. When all is taken,
/// everything is as it was before, so that nothing has to be cleared.
/// </remarks>
internal sealed class RankQueue
{
    private const int BlockLength = 16;

    // The first number of a block is the block after it.
    private const int Entries = BlockLength - 1;

    private Chain[] _chains = [];
    private ulong[] _filled = [];
    private ulong[] _filledWords = [];
    private int[] _blocks = [];
    private int[] _taken = [];
    private int _blockEnd;
    private int _free = -1;
    private int _next;

    /// <summary>Begins at rank 0 with an empty queue.</summary>
    /// <param name="rankLimit">One more than the highest rank.</param>
    /// <param name="expected">About how many entries there will be at a time.</param>
    public void Start(int rankLimit, int expected)
    {
        if (_chains.Length < rankLimit)
        {
            _chains = new Chain[rankLimit];
            _filled = new ulong[(rankLimit + 63) / 64];
            _filledWords = new ulong[(_filled.Length + 63) / 64];
        }

        var length = (int)Math.Min(Array.MaxLength, (expected / Entries + 64L) * BlockLength);
        if (_blocks.Length < length)
        {
            _blocks = GC.AllocateUninitializedArray<int>(length);
        }

        _blockEnd = 0;
        _free = -1;
        _next = 0;
    }

    public void Add(int rank, int position)
    {
        ref Chain chain = ref _chains[rank];
        var used = chain.Count % Entries;
        if (used == 0)
        {
            var block = NewBlock();
            if (chain.Count == 0)
            {
                chain.First = block;
                _filled[rank >> 6] |= 1UL << rank;
                _filledWords[rank >> 12] |= 1UL << (rank >> 6);
            }
            else
            {
                _blocks[chain.Last] = block;
            }

            chain.Last = block;
        }

        _blocks[chain.Last + 1 + used] = position;
        chain.Count++;
    }

    /// <summary>Takes the lowest rank that has entries; false if none has. The positions are valid until the next call.</summary>
    public bool TryTake(out int rank, out ReadOnlySpan<int> positions)
    {
        rank = NextFilled();
        if (rank < 0)
        {
            positions = [];
            return false;
        }

        ref Chain chain = ref _chains[rank];
        if (_taken.Length < chain.Count)
        {
            _taken = GC.AllocateUninitializedArray<int>((int)Math.Min(Array.MaxLength, Math.Max(chain.Count, 2L * _taken.Length)));
        }

        Span<int> taken = _taken.AsSpan(0, chain.Count);
        var isOrdered = Unchain(ref chain, taken);
        if (!isOrdered)
        {
            taken.Sort();
        }

        _filled[rank >> 6] &= ~(1UL << rank);
        if (_filled[rank >> 6] == 0)
        {
            _filledWords[rank >> 12] &= ~(1UL << (rank >> 6));
        }

        _next = rank + 1;
        positions = taken;
        return true;
    }

    /// <summary>Gives back the memory that grows with the chunk.</summary>
    public void Trim()
    {
        _blocks = [];
        _taken = [];
    }

    private int NextFilled()
    {
        for (var words = _next >> 12; words < _filledWords.Length; words++)
        {
            if (_filledWords[words] != 0)
            {
                var word = (words << 6) + BitOperations.TrailingZeroCount(_filledWords[words]);
                return (word << 6) + BitOperations.TrailingZeroCount(_filled[word]);
            }
        }

        return -1;
    }

    // Copies a chain's positions out and frees its blocks; says whether they ascend. They mostly do: the sweep of a rank adds
    // from left to right, so only a rank that arises from several others has them out of order.
    private bool Unchain(ref Chain chain, Span<int> positions)
    {
        var isOrdered = true;
        var previous = -1;
        var block = chain.First;
        for (var start = 0; start < positions.Length; start += Entries)
        {
            ReadOnlySpan<int> entries = _blocks.AsSpan(block + 1, Math.Min(Entries, positions.Length - start));
            for (var index = 0; index < entries.Length; index++)
            {
                isOrdered &= entries[index] > previous;
                previous = entries[index];
                positions[start + index] = previous;
            }

            var after = _blocks[block];
            _blocks[block] = _free;
            _free = block;
            block = after;
        }

        chain = default;
        return isOrdered;
    }

    private int NewBlock()
    {
        if (_free >= 0)
        {
            var reused = _free;
            _free = _blocks[reused];
            return reused;
        }

        if (_blockEnd + BlockLength > _blocks.Length)
        {
            Array.Resize(ref _blocks, checked((int)Math.Min(Array.MaxLength / BlockLength * BlockLength, _blocks.Length * 3L / 2 + 1024)));
        }

        var block = _blockEnd;
        _blockEnd += BlockLength;
        return block;
    }

    private struct Chain
    {
        public int First;
        public int Last;
        public int Count;
    }
}
