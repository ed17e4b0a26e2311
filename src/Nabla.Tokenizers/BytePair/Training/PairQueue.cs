namespace Nabla.Tokenizers;

/// <summary>
/// Finds the pair to merge next. After a pair has come into being its count only falls and its first position only moves
/// on: what merges change in other pairs never makes one of them better. So the queue may leave outdated priorities alone
/// until they come to the top; there the true one is asked for, and if it is worse the pair goes back.
/// </summary>
/// <remarks>
/// Most pairs are rare and never come to be merged. The queue holds only those that occur at least <c>_floor</c> times; when it
/// is empty, the floor sinks to half of the highest count that is left, and the pairs above it are put in.
/// </remarks>
internal sealed class PairQueue(PairTable pairs, SymbolSequence text, TieRule ties)
{
    private readonly PriorityQueue<int, Priority> _queue = new();
    private long _floor = long.MaxValue;

    /// <summary>Tells the queue of a pair that was added to the table.</summary>
    public void Add(int index)
    {
        if (pairs.CountOf(index) >= _floor)
        {
            _queue.Enqueue(index, PriorityOf(index));
        }
    }

    /// <summary>Takes out the pair with the highest count, by the tie rule the first of several; -1 if none occurs.</summary>
    public int Take()
    {
        while (_queue.Count > 0 || LowerFloor())
        {
            _queue.TryPeek(out var index, out Priority noted);
            var count = pairs.CountOf(index);
            if (count < _floor)
            {
                _queue.Dequeue();
                continue;
            }

            // Where the pair now occurs first is worth looking for only once its count has brought it to the top.
            Priority now = count < noted.Count ? noted with { Count = count } : PriorityOf(index);
            if (now == noted)
            {
                return _queue.Dequeue();
            }

            _queue.DequeueEnqueue(index, now);
        }

        return -1;
    }

    // The queue is empty, so no pair can come in twice.
    private bool LowerFloor()
    {
        long highest = 0;
        for (var index = 0; index < pairs.Count; index++)
        {
            highest = Math.Max(highest, pairs.CountOf(index));
        }

        _floor = Math.Max(1, highest / 2);
        for (var index = 0; index < pairs.Count; index++)
        {
            Add(index);
        }

        return highest > 0;
    }

    private Priority PriorityOf(int index)
    {
        BytePair pair = pairs[index];
        var tie = ties == TieRule.FirstSeen ? pairs.FirstPosition(index, text) : ((long)pair.Left << 32) | (uint)pair.Right;
        return new Priority(pairs.CountOf(index), tie);
    }

    /// <summary>Lower is taken earlier: the higher count, then the lower tie.</summary>
    private readonly record struct Priority(long Count, long Tie) : IComparable<Priority>
    {
        public int CompareTo(Priority other)
        {
            var byCount = other.Count.CompareTo(Count);
            return byCount != 0 ? byCount : Tie.CompareTo(other.Tie);
        }
    }
}
