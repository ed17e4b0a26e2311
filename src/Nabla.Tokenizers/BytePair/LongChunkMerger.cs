using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Tokenizers;

/// <summary>
/// Merges chunks of any length in time that grows with the length alone (but for sorting), exactly as
/// <see cref="ChunkMerger"/> says. One instance serves one thread at a time.
/// </summary>
/// <remarks>
/// <para>
/// The ids are a list linked in both directions, so that a merge is a few writes. Which pair comes next is told by
/// <see cref="RankQueue"/>, a list of positions for each rank. Ranks are taken in ascending order; a rank's positions are put
/// in order when its turn comes, and then swept from left to right.
/// </para>
/// <para>
/// A heap of all pairs would do the same, but walks through the whole of memory for each merge; here memory is read
/// in order, which for a chunk of ten megabytes is what counts. A heap is kept only for what the order of the ranks cannot
/// serve: pairs that arise with a rank that has had its turn. In a trained vocabulary there are next to none, since a token
/// ranks below those it is part of.
/// </para>
/// <para>Nothing is taken out of the lists: an entry whose position no longer begins a pair of its rank is passed over.</para>
/// </remarks>
internal sealed class LongChunkMerger
{
    private const int End = -1;

    // Above this many ids memory is not kept for the next chunk.
    private const int KeptLength = 1 << 18;

    // The positions of a rank lie all over the chunk, but they are known: those so far ahead are fetched from memory by now.
    private const int PrefetchDistance = 12;

    private readonly RankQueue _queue = new();
    private readonly PriorityQueue<int, (int Rank, int Position)> _late = new();
    private Node[] _nodes = [];

    /// <summary>Merges in place, and returns how many ids are left.</summary>
    public int Merge(Span<int> ids, MergeTable table)
    {
        if (_nodes.Length < ids.Length)
        {
            _nodes = GC.AllocateUninitializedArray<Node>(ids.Length);
        }

        Span<Node> nodes = _nodes.AsSpan(0, ids.Length);
        _queue.Start(table.RankLimit, ids.Length);
        Link(ids, nodes, table);
        while (_queue.TryTake(out var rank, out ReadOnlySpan<int> positions))
        {
            for (var index = 0; index < positions.Length; index++)
            {
                Prefetch(nodes, positions, index + PrefetchDistance);
                var position = positions[index];
                while (_late.TryPeek(out _, out (int Rank, int Position) late) && late.CompareTo((rank, position)) < 0)
                {
                    TakeLate(nodes, rank, table);
                }

                if (nodes[position].Rank == rank)
                {
                    MergeAt(nodes, position, rank, table);
                }
            }

            while (_late.Count > 0)
            {
                TakeLate(nodes, rank, table);
            }
        }

        var count = 0;
        for (var position = ids.IsEmpty ? End : 0; position != End; position = nodes[position].Next)
        {
            ids[count++] = nodes[position].Id;
        }

        if (_nodes.Length > KeptLength)
        {
            _nodes = [];
            _queue.Trim();
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(Span<Node> nodes, ReadOnlySpan<int> positions, int index)
    {
        if (Sse.IsSupported && index < positions.Length)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref nodes[positions[index]]));
        }
    }

    private void Link(ReadOnlySpan<int> ids, Span<Node> nodes, MergeTable table)
    {
        for (var position = 0; position < ids.Length; position++)
        {
            var last = position + 1 == ids.Length;
            var rank = last ? MergeTable.None : table.Rank(ids[position], ids[position + 1]);
            nodes[position] = new Node { Id = ids[position], Rank = rank, Previous = position - 1, Next = last ? End : position + 1 };
            if (rank != MergeTable.None)
            {
                _queue.Add(rank, position);
            }
        }
    }

    private void TakeLate(Span<Node> nodes, int current, MergeTable table)
    {
        _late.TryDequeue(out _, out (int Rank, int Position) late);
        if (nodes[late.Position].Rank == late.Rank)
        {
            MergeAt(nodes, late.Position, current, table);
        }
    }

    private void MergeAt(Span<Node> nodes, int position, int current, MergeTable table)
    {
        ref Node left = ref nodes[position];
        ref Node right = ref nodes[left.Next];
        left.Id = table.Merged(left.Id, right.Id, left.Rank);
        left.Next = right.Next;
        right.Rank = MergeTable.None;
        left.Rank = MergeTable.None;
        if (left.Next != End)
        {
            ref Node after = ref nodes[left.Next];
            after.Previous = position;
            left.Rank = table.Rank(left.Id, after.Id);
            Add(left.Rank, position, current);
        }

        if (left.Previous != End)
        {
            ref Node before = ref nodes[left.Previous];
            before.Rank = table.Rank(before.Id, left.Id);
            Add(before.Rank, left.Previous, current);
        }
    }

    private void Add(int rank, int position, int current)
    {
        if (rank == MergeTable.None)
        {
            return;
        }

        if (rank > current)
        {
            _queue.Add(rank, position);
        }
        else
        {
            _late.Enqueue(0, (rank, position));
        }
    }

    /// <summary>A token of the sequence, at the position of its first id; sixteen bytes, so neighbours share a cache line.</summary>
    private struct Node
    {
        public int Id;

        /// <summary>The rank of the pair that begins here.</summary>
        public int Rank;
        public int Previous;
        public int Next;
    }
}
