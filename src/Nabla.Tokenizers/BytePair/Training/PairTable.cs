using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// All pairs of neighbours that occur: how often, and where each was seen. A pair gets its positions when it comes into
/// being, in ascending order; later some of them are stale, since one of its tokens has merged with another. Where memory is
/// short a pair has no positions, and its places are searched for.
/// </summary>
internal sealed class PairTable
{
    private const int InitialSlots = 1 << 12;
    private const int NotStored = -1;

    // A slot holds the number of a pair plus 1, or 0 if it is free. There are at least twice as many slots as pairs.
    private int[] _slots = new int[InitialSlots];
    private Entry[] _entries = new Entry[InitialSlots / 2];

    // A pair comes into being with the younger of its tokens, so positions are stored by that token: the pairs of each have
    // one array, in which each pair has a stretch.
    private readonly int[][] _positions;

    private long _positionsLeft;

    /// <summary>Makes an empty table.</summary>
    /// <param name="tokenLimit">One more than the highest id that there will be.</param>
    /// <param name="positionLimit">How many positions may be stored in all.</param>
    public PairTable(int tokenLimit, long positionLimit)
    {
        _positions = new int[tokenLimit - BytePairVocabulary.ByteCount + 1][];
        _positionsLeft = positionLimit;
    }

    /// <summary>The number of pairs, with those that occur no more.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens of a pair.</summary>
    public BytePair this[int index] => new(_entries[index].Left, _entries[index].Right);

    /// <summary>How often a pair occurs in the text, each chunk times its weight.</summary>
    public long CountOf(int index) => _entries[index].Count;

    /// <summary>Whether the positions of a pair are known.</summary>
    public bool HasPositions(int index) => _entries[index].End != NotStored;

    /// <summary>The positions at which a pair was seen, those not yet known to be stale.</summary>
    public ReadOnlySpan<int> Positions(int index)
    {
        ref Entry entry = ref _entries[index];
        return _positions[Home(entry.Left, entry.Right)].AsSpan(entry.First, entry.End - entry.First);
    }

    /// <summary>
    /// The first position at which a pair that occurs stands now. The stale ones before it are forgotten, so that none is
    /// looked at twice.
    /// </summary>
    public int FirstPosition(int index, SymbolSequence text)
    {
        ref Entry entry = ref _entries[index];
        var pair = new BytePair(entry.Left, entry.Right);
        if (entry.End == NotStored)
        {
            entry.First = text.IndexOf(pair, entry.First, text.Length);
            return entry.First;
        }

        var positions = _positions[Home(entry.Left, entry.Right)];
        while (!text.Holds(pair, positions[entry.First]))
        {
            entry.First++;
        }

        return positions[entry.First];
    }

    /// <summary>
    /// Whether there is room for so many more positions. A few merges come early and have very many, most of which will be
    /// stale before they are asked for: none gets more than a small part of the room that is left.
    /// </summary>
    public bool HasRoomFor(long positions) => positions <= _positionsLeft / 8;

    /// <summary>Says where the positions of all pairs are kept whose younger token is <paramref name="id"/>.</summary>
    /// <param name="id">The token; any byte stands for all of them.</param>
    /// <param name="positions">The array, which the caller goes on to fill.</param>
    public void StorePositions(int id, int[] positions)
    {
        _positions[Home(id, id)] = positions;
        _positionsLeft -= positions.Length;
    }

    /// <summary>Adds a pair that was not there before, and returns its number.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="count">How often it occurs.</param>
    /// <param name="first">Where its positions begin in the array of its younger token.</param>
    /// <param name="length">How many they are.</param>
    public int Add(BytePair pair, long count, int first, int length)
    {
        if (2 * (Count + 1) > _slots.Length)
        {
            Grow();
        }

        _slots[FreeSlot(pair.Left, pair.Right)] = Count + 1;
        _entries[Count] = new Entry { Left = pair.Left, Right = pair.Right, Count = count, First = first, End = first + length };
        return Count++;
    }

    /// <summary>Adds a pair that was not there before without its positions, and returns its number.</summary>
    public int Add(BytePair pair, long count)
    {
        var index = Add(pair, count, 0, 0);
        _entries[index].End = NotStored;
        return index;
    }

    /// <summary>Says that a pair will soon be asked for, or added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(BytePair pair) => Prefetch.Element(_slots, Hash(pair.Left, pair.Right) & (_slots.Length - 1));

    /// <summary>Takes occurrences from a pair. One that was never added, being too rare to matter, is passed over.</summary>
    public void Decrease(BytePair pair, long weight)
    {
        var mask = _slots.Length - 1;
        for (var slot = Hash(pair.Left, pair.Right) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref Entry entry = ref _entries[_slots[slot] - 1];
            if (entry.Left == pair.Left && entry.Right == pair.Right)
            {
                entry.Count -= weight;
                return;
            }
        }
    }

    /// <summary>Notes that a pair occurs no more.</summary>
    public void Clear(int index) => _entries[index].Count = 0;

    private static int Home(int left, int right) => Math.Max(0, Math.Max(left, right) - (BytePairVocabulary.ByteCount - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(int left, int right)
    {
        var product = (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;
        return (int)((product ^ (product >> 29)) >> 20);
    }

    private int FreeSlot(int left, int right)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(left, right) & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _slots.Length);
        _slots = new int[2 * _slots.Length];
        for (var index = 0; index < Count; index++)
        {
            _slots[FreeSlot(_entries[index].Left, _entries[index].Right)] = index + 1;
        }
    }

    private struct Entry
    {
        public int Left;
        public int Right;
        public long Count;
        public int First;
        public int End;
    }
}
