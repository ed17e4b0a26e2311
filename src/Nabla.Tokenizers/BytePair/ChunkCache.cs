using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Remembers the ids of short chunks that are not a token, such as rare words: they come again, and looking them up costs a
/// tenth of merging them. Each key has one place, and a newer chunk takes it; so the size is fixed. One instance serves one
/// thread at a time.
/// </summary>
internal sealed class ChunkCache
{
    private const int SlotCount = 1 << 13;
    private const int MaxIds = 9;

    private readonly Slot[] _slots = new Slot[SlotCount];

    /// <summary>Writes the ids of a chunk if they are known, and says how many they are; 0 if they are not.</summary>
    /// <param name="key">The chunk.</param>
    /// <param name="output">Room for one id for each byte of the chunk.</param>
    public int Get(in ChunkKey key, Span<int> output)
    {
        ref readonly Slot slot = ref _slots[key.Hash % SlotCount];
        if (slot.Low != key.Low || slot.High != key.High || slot.Length != key.Length)
        {
            return 0;
        }

        ((ReadOnlySpan<int>)slot.Ids)[..slot.Count].CopyTo(output);
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
