using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Counts equal chunks of text. A word that occurs a million times is kept once, with its count: all its occurrences merge
/// alike, so training need only look at one.
/// </summary>
/// <remarks>
/// A hash table with open addressing. The entries lie one after another in the order in which they were added, and the table
/// proper holds only their numbers, so it stays small and the order of first appearance comes free.
/// </remarks>
internal sealed class ChunkCounts
{
    private const int InitialSlots = 1 << 12;
    private const int EntriesBetweenChecks = 1 << 16;

    // A slot holds the number of an entry plus 1, or 0 if it is free. There are at least twice as many slots as entries.
    private int[] _slots;
    private Entry[] _entries;
    private byte[] _bytes = new byte[InitialSlots * 4];
    private int _byteCount;

    /// <summary>Makes an empty table.</summary>
    public ChunkCounts()
        : this(InitialSlots)
    {
    }

    private ChunkCounts(int slots)
    {
        _slots = new int[slots];
        _entries = new Entry[slots / 2];
    }

    /// <summary>The number of different chunks.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of all different chunks together.</summary>
    public int ByteCount => _byteCount;

    /// <summary>The bytes of a chunk.</summary>
    /// <param name="index">Its number in the order in which the chunks were first added.</param>
    public ReadOnlySpan<byte> Chunk(int index) => _bytes.AsSpan(_entries[index].Offset, _entries[index].Length);

    /// <summary>How often a chunk was added.</summary>
    public long CountOf(int index) => _entries[index].Count;

    /// <summary>Where in the text a chunk was first seen.</summary>
    public long FirstPosition(int index) => _entries[index].First;

    /// <summary>Counts a chunk. Those of one table have to come in the order of their positions.</summary>
    /// <param name="chunk">Its bytes, at least one.</param>
    /// <param name="position">Where it stands in the text.</param>
    /// <param name="count">How often it stands there, so to speak: more than once if it was counted before.</param>
    public void Add(ReadOnlySpan<byte> chunk, long position, long count = 1)
    {
        var key = Key(chunk);
        var mask = _slots.Length - 1;
        for (var slot = Slot(key, chunk.Length) & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (index < 0)
            {
                _slots[slot] = Append(chunk, key, position, count) + 1;
                if (Count == _entries.Length)
                {
                    Grow();
                }

                return;
            }

            ref Entry entry = ref _entries[index];
            if (entry.Key == key && entry.Length == chunk.Length
                && (chunk.Length <= sizeof(ulong) || chunk.SequenceEqual(_bytes.AsSpan(entry.Offset, entry.Length))))
            {
                entry.Count += count;
                return;
            }
        }
    }

    /// <summary>
    /// One table of what several have counted in different parts of one text, in the order of first appearance in the text:
    /// how the parts were dealt out does not show.
    /// </summary>
    public static ChunkCounts Join(IReadOnlyList<ChunkCounts> parts, CancellationToken cancellationToken)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var joined = new ChunkCounts(parts.Max(part => part._slots.Length));
        var next = new int[parts.Count];
        while (true)
        {
            var first = -1;
            for (var part = 0; part < parts.Count; part++)
            {
                if (next[part] < parts[part].Count && (first < 0
                    || parts[part].FirstPosition(next[part]) < parts[first].FirstPosition(next[first])))
                {
                    first = part;
                }
            }

            if (first < 0)
            {
                return joined;
            }

            var index = next[first]++;
            if (index + Prefetch.Distance < parts[first].Count)
            {
                joined.Prepare(parts[first]._entries[index + Prefetch.Distance]);
            }

            if (index % EntriesBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            joined.Add(parts[first].Chunk(index), parts[first].FirstPosition(index), parts[first].CountOf(index));
        }
    }

    // Up to eight bytes are their own key, so most chunks are compared without a look at the bytes stored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(ReadOnlySpan<byte> chunk) => chunk.Length switch
    {
        > sizeof(ulong) => LongKey(chunk),
        sizeof(ulong) => BinaryPrimitives.ReadUInt64LittleEndian(chunk),
        >= sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(chunk)
            | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(chunk[^sizeof(uint)..]) << 32),
        >= sizeof(ushort) => BinaryPrimitives.ReadUInt16LittleEndian(chunk) | ((ulong)chunk[^1] << 16),
        _ => chunk[0],
    };

    private static ulong LongKey(ReadOnlySpan<byte> chunk)
    {
        ulong key = 0;
        ReadOnlySpan<byte> rest = chunk;
        for (; rest.Length > sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            key = Mix(key ^ BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        return Mix(key ^ BinaryPrimitives.ReadUInt64LittleEndian(chunk[^sizeof(ulong)..]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(ulong key, int length) => (int)Mix(key + (ulong)length);

    // Both halves of the product depend on all bits; folded, so does each bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value ^ 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, out var low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prepare(in Entry entry) => Prefetch.Element(_slots, Slot(entry.Key, entry.Length) & (_slots.Length - 1));

    private int Append(ReadOnlySpan<byte> chunk, ulong key, long position, long count)
    {
        if (chunk.Length > _bytes.Length - _byteCount)
        {
            var wanted = _byteCount + (long)chunk.Length;
            if (wanted > Array.MaxLength)
            {
                throw new TokenizerException("the different chunks of the text are more than 2 GB: train on less of it.");
            }

            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(wanted, 2L * _bytes.Length)));
        }

        chunk.CopyTo(_bytes.AsSpan(_byteCount));
        _entries[Count] = new Entry { Key = key, Count = count, First = position, Offset = _byteCount, Length = chunk.Length };
        _byteCount += chunk.Length;
        return Count++;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _slots.Length);
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var index = 0; index < Count; index++)
        {
            var slot = Slot(_entries[index].Key, _entries[index].Length) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = index + 1;
        }
    }

    private struct Entry
    {
        public ulong Key;
        public long Count;
        public long First;
        public int Offset;
        public int Length;
    }
}
