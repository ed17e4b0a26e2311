using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Which pairs of tokens merge, when, and into what: a hash table with open addressing, made for being asked many times a
/// byte. Filled once, then only read, by any number of threads.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that does not merge: above all others.</summary>
    public const int None = int.MaxValue;

    // The pair (-1, -1). No such pair is ever added, so asking for it finds an empty slot, whose rank is None: right too.
    private const ulong EmptyKey = ulong.MaxValue;

    private const int HintBits = 2;

    private Slot[] _slots = [];
    private int _shift;
    private int _limit;

    // One bit for each of four parts of a slot's share of the hashes. Most pairs that are asked for do not merge, and eight or
    // nine of ten of those find their bit not set: so the question is answered from a thirty-second of the memory.
    private byte[] _hints = [];

    // As a rule the rank tells which token a pair makes, being its id or belonging to one pair only; then no look-up is needed.
    private int[] _idOfRank = [];
    private bool _ranksAreIds = true;
    private bool _ranksAreShared;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">How many pairs are expected; more are taken too.</param>
    public MergeTable(int capacity = 16)
    {
        Allocate(Math.Max(16, capacity));
    }

    /// <summary>How many pairs there are.</summary>
    public int Count { get; private set; }

    /// <summary>One more than the highest rank.</summary>
    public int RankLimit { get; private set; }

    /// <summary>Queues for long chunks, kept for the next one because they are as large as there are ranks.</summary>
    public Pool<LongChunkMerger> LongMergers { get; } = new();

    /// <summary>Adds a pair; false if it is there already, and then nothing changes: the first counts.</summary>
    /// <param name="left">The first token, at least 0.</param>
    /// <param name="right">The second token, at least 0.</param>
    /// <param name="rank">
    /// When the pair merges: the lowest first. Ranks are to lie close together from 0 on, since long chunks keep a list for each.
    /// </param>
    /// <param name="id">The token that the two become.</param>
    public bool Add(int left, int right, int rank, int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfEqual(rank, None);
        if (Count == _limit)
        {
            Slot[] full = _slots;
            Allocate(checked(2 * _limit));
            foreach (Slot slot in full)
            {
                if (slot.Key != EmptyKey)
                {
                    Find(slot.Key) = slot;
                    SetHint(slot.Key);
                }
            }
        }

        var key = Key(left, right);
        ref Slot found = ref Find(key);
        if (found.Key == key)
        {
            return false;
        }

        found = new Slot(key, rank, id);
        SetHint(key);
        Count++;
        NoteRank(rank, id);
        return true;
    }

    /// <summary>When a pair merges, or <see cref="None"/>. Ids below 0 never merge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Rank(int left, int right)
    {
        var key = Key(left, right);
        var hint = Hash(key) >> (_shift - HintBits);
        return (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_hints), (nuint)(hint >> 3)) >> (int)(hint & 7) & 1) == 0
            ? None
            : Find(key).Rank;
    }

    /// <summary>The token that a pair of a known rank becomes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Merged(int left, int right, int rank) =>
        _ranksAreIds ? rank : _ranksAreShared ? Find(Key(left, right)).Id : _idOfRank[rank];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // Multiplying by 2^64 over the golden ratio spreads neighbouring ids over the high bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong key) => key * 0x9E3779B97F4A7C15;

    // The slot of a key, or the empty one where it would be put. The table is never more than half full, so there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot Find(ulong key)
    {
        Slot[] slots = _slots;
        ref Slot first = ref MemoryMarshal.GetArrayDataReference(slots);
        // The index is below the length, a power of two, by construction, which the compiler cannot see.
        for (var index = (nuint)(Hash(key) >> _shift); ; index = (index + 1) & (nuint)(slots.Length - 1))
        {
            ref Slot slot = ref Unsafe.Add(ref first, index);
            if (slot.Key == key || slot.Key == EmptyKey)
            {
                return ref slot;
            }
        }
    }

    private void SetHint(ulong key)
    {
        var hint = Hash(key) >> (_shift - HintBits);
        _hints[hint >> 3] |= (byte)(1 << (int)(hint & 7));
    }

    private void NoteRank(int rank, int id)
    {
        if (rank >= _idOfRank.Length)
        {
            var length = _idOfRank.Length;
            Array.Resize(ref _idOfRank, (int)Math.Min(Array.MaxLength, Math.Max(rank + 1L, 2L * length)));
            _idOfRank.AsSpan(length).Fill(-1);
        }

        _ranksAreIds &= rank == id;
        _ranksAreShared |= _idOfRank[rank] >= 0 && _idOfRank[rank] != id;
        _idOfRank[rank] = id;
        RankLimit = Math.Max(RankLimit, rank + 1);
    }

    private void Allocate(int limit)
    {
        var length = (int)Math.Min(1 << 30, BitOperations.RoundUpToPowerOf2((uint)limit) * 2L);
        _slots = GC.AllocateUninitializedArray<Slot>(length);
        _slots.AsSpan().Fill(new Slot(EmptyKey, None, -1));
        _hints = new byte[length >> (3 - HintBits)];
        _shift = 64 - BitOperations.Log2((uint)length);
        _limit = length / 2;
    }

    /// <summary>Sixteen bytes, so that a look-up touches one cache line as a rule.</summary>
    private readonly record struct Slot(ulong Key, int Rank, int Id);
}
