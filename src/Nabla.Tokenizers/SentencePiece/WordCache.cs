using System.Buffers.Binary;

namespace Nabla.Tokenizers;

/// <summary>
/// The ids of words that came before: each word has one place, where the last that came stays. Natural text repeats its words
/// so much that nine in ten are found. Used by one thread at a time.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The most ids of a word that is kept.</summary>
    public const int MaxLength = 7;

    private const int PlaceBits = 14;
    private const int MaxBytes = 15;
    private const int Stride = MaxLength + 1;

    private readonly WordKey[] _keys = new WordKey[1 << PlaceBits];

    // For each place the number of ids, then the ids.
    private readonly int[] _ids = new int[Stride << PlaceBits];

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

    public bool TryFind(WordKey key, out ReadOnlySpan<int> ids)
    {
        var place = PlaceOf(key);
        if (_keys[place] == key)
        {
            var start = place * Stride;
            ids = _ids.AsSpan(start + 1, _ids[start]);
            return true;
        }

        ids = default;
        return false;
    }

    public void Add(WordKey key, ReadOnlySpan<int> ids)
    {
        if (ids.Length <= MaxLength)
        {
            var place = PlaceOf(key);
            _keys[place] = key;
            _ids[place * Stride] = ids.Length;
            ids.CopyTo(_ids.AsSpan((place * Stride) + 1));
        }
    }

    private static int PlaceOf(WordKey key) =>
        (int)(((key.Low ^ (key.High * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15) >> (64 - PlaceBits));
}

/// <summary>A word of up to 15 bytes: the bytes, then zeros, and the length in the last byte. No word has the length 0.</summary>
internal readonly record struct WordKey(ulong Low, ulong High);
