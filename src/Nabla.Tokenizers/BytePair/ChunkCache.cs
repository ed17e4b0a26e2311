using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Remembers the ids of short chunks that are not a token, such as rare words: they come again, and looking them up costs a
/// tenth of merging them. Each chunk has one place, and a newer one takes it; so the size is fixed. One instance serves one
/// thread at a time.
/// </summary>
internal sealed class ChunkCache
{
    /// <summary>The most ids that a chunk here has; what is copied is always as many.</summary>
    public const int MaxIds = 8;

    private const int SlotCount = 1 << 13;

    private readonly Slot[] _slots = new Slot[SlotCount];

    /// <summary>Writes the ids of a chunk if they are known, and says how many they are; 0 if they are not.</summary>
    /// <param name="key">The chunk.</param>
    /// <param name="output">Room for <see cref="MaxIds"/> ids, all of which may be written.</param>
    public int Get(in ChunkKey key, Span<int> output)
    {
        ref Slot slot = ref _slots[key.Hash % SlotCount];
        if (slot.Low != key.Low || slot.High != key.High || slot.Length != key.Length)
        {
            return 0;
        }

        ((ReadOnlySpan<int>)slot.Ids).CopyTo(output);
        return slot.Count;
    }

    /// <summary>Remembers the ids of a chunk, unless they are too many.</summary>
    public void Set(in ChunkKey key, ReadOnlySpan<int> ids)
    {
        if (ids.Length <= MaxIds)
        {
            ref Slot slot = ref _slots[key.Hash % SlotCount];
            slot.Low = key.Low;
            slot.High = key.High;
            slot.Length = key.Length;
            slot.Count = ids.Length;
            ids.CopyTo(slot.Ids);
        }
    }

    [InlineArray(MaxIds)]
    private struct IdList
    {
        private int _first;
    }

    /// <summary>As long as a cache line.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Slot
    {
        public ulong Low;
        public ulong High;
        public int Length;
        public int Count;
        public IdList Ids;
    }
}
