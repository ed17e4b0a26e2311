using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// The ids of words that came before: each word has one place, where the last that came stays. Natural text repeats its words
/// so much that nine in ten are found. Used by one thread at a time.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The most ids of a word that is kept.</summary>
    public const int MaxLength = 7;

    private const int PlaceBits = 15;
    private const int MaxBytes = 15;

    private readonly Entry[] _entries = new Entry[1 << PlaceBits];

    /// <summary>The key of a word of at most 15 bytes, which stands for it alone; false for a longer one.</summary>
    /// <param name="text">A text that begins with the word; bytes behind it may be read.</param>
    /// <param name="length">The length of the word, at least 1.</param>
    /// <param name="key">The key.</param>
    public static bool TryKey(ReadOnlySpan<byte> text, int length, out WordKey key)
    {
        key = default;
        if (length > MaxBytes)
        {
            return false;
        }

        if (text.Length < 16)
        {
            Span<byte> copy = stackalloc byte[16];
            copy.Clear();
            text[..length].CopyTo(copy);
            return TryKey(copy, length, out key);
        }

        var low = BinaryPrimitives.ReadUInt64LittleEndian(text);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(text[8..]);
        key = length < 8
            ? new WordKey(low & ((1UL << (8 * length)) - 1), (ulong)length << 56)
            : new WordKey(low, (high & ((1UL << (8 * (length - 8))) - 1)) | ((ulong)length << 56));
        return true;
    }

    /// <summary>The ids of a word; empty if it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Find(WordKey key)
    {
        ref Entry entry = ref EntryOf(key);
        return entry.Key == key ? MemoryMarshal.CreateReadOnlySpan(ref entry.Ids.First, entry.Count) : [];
    }

    /// <summary>Keeps the ids of a word, at least one, if they are not too many.</summary>
    public void Add(WordKey key, ReadOnlySpan<int> ids)
    {
        if (ids.Length <= MaxLength)
        {
            ref Entry entry = ref EntryOf(key);
            entry.Key = key;
            entry.Count = ids.Length;
            ids.CopyTo(MemoryMarshal.CreateSpan(ref entry.Ids.First, MaxLength));
        }
    }

    // The index has no more bits than the length, a power of two, which the compiler cannot see.
    private ref Entry EntryOf(WordKey key) => ref Unsafe.Add(
        ref MemoryMarshal.GetArrayDataReference(_entries),
        (nuint)(((key.Low ^ (key.High * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15) >> (64 - PlaceBits)));

    // Forty-eight bytes: key, count and ids lie together, so that a word costs one or two cache lines.
    private struct Entry
    {
        public WordKey Key;
        public int Count;
        public IdList Ids;
    }

    [InlineArray(MaxLength)]
    private struct IdList
    {
        public int First;
    }
}

/// <summary>A word of up to 15 bytes: the bytes, then zeros, and the length in the last byte. No word has the length 0.</summary>
internal readonly record struct WordKey(ulong Low, ulong High);
