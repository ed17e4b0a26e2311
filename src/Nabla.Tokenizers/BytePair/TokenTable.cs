using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds the token that has given bytes: most chunks of a text are a token as they are, so this look-up is what encoding
/// mostly does. Filled once, then only read, by any number of threads.
/// </summary>
internal sealed class TokenTable
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly Slot[] _short;
    private readonly (uint Hash, int Id)[] _long;
    private int _longestLength;

    /// <summary>Makes an empty table.</summary>
    /// <param name="vocabulary">Where the bytes of tokens are.</param>
    public TokenTable(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        int shorts = 0, longs = 0;
        for (var id = 0; id < vocabulary.Size; id++)
        {
            var length = vocabulary.TokenBytes(id).Length;
            shorts += length is > 0 and <= ChunkKey.MaxLength ? 1 : 0;
            longs += length > ChunkKey.MaxLength ? 1 : 0;
        }

        _short = new Slot[TwiceAsLong(shorts)];
        _long = new (uint, int)[TwiceAsLong(longs)];
        _long.AsSpan().Fill((0, -1));
    }

    /// <summary>Adds a token of the vocabulary that has bytes.</summary>
    public void Add(int id)
    {
        ReadOnlySpan<byte> token = _vocabulary.TokenBytes(id);
        _longestLength = Math.Max(_longestLength, token.Length);
        if (token.Length > ChunkKey.MaxLength)
        {
            var hash = HashLong(token);
            var index = hash & (uint)(_long.Length - 1);
            while (_long[index].Id >= 0)
            {
                index = (index + 1) & (uint)(_long.Length - 1);
            }

            _long[index] = (hash, id);
        }
        else
        {
            var key = ChunkKey.Of(token, 0, token.Length);
            FindSlot(key) = new Slot(key, id);
        }
    }

    /// <summary>The token with the given bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> bytes) => bytes.Length <= ChunkKey.MaxLength
        ? Find(ChunkKey.Of(bytes, 0, bytes.Length))
        : FindLong(bytes);

    /// <summary>The token with the bytes of a key that is not empty, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(in ChunkKey key)
    {
        ref Slot slot = ref FindSlot(key);
        return slot.Key.Length == 0 ? -1 : slot.Id;
    }

    /// <summary>Has the processor fetch what <see cref="Find(in ChunkKey)"/> will read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(in ChunkKey key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_short), key.Hash & (uint)(_short.Length - 1))));
        }
    }

    /// <summary>The token with given bytes, more than <see cref="ChunkKey.MaxLength"/>, or -1.</summary>
    public int FindLong(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _longestLength)
        {
            return -1;
        }

        var hash = HashLong(bytes);
        for (var index = hash & (uint)(_long.Length - 1); ; index = (index + 1) & (uint)(_long.Length - 1))
        {
            (uint tokenHash, int id) = _long[index];
            if (id < 0 || (tokenHash == hash && _vocabulary.TokenBytes(id).SequenceEqual(bytes)))
            {
                return id;
            }
        }
    }

    private static int TwiceAsLong(int count) => (int)(2 * BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, count)));

    private static uint HashLong(ReadOnlySpan<byte> bytes)
    {
        uint hash = 0;
        for (var start = 0; start < bytes.Length; start += ChunkKey.MaxLength)
        {
            var key = ChunkKey.Of(bytes, start, Math.Min(ChunkKey.MaxLength, bytes.Length - start));
            hash = BitOperations.RotateLeft(hash, 5) * 0x9E3779B1 ^ key.Hash;
        }

        return hash;
    }

    // The slot of a key, or the empty one where it would be put; never more than half are full.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot FindSlot(in ChunkKey key)
    {
        Slot[] slots = _short;
        ref Slot first = ref MemoryMarshal.GetArrayDataReference(slots);
        for (var index = key.Hash & (uint)(slots.Length - 1); ; index = (index + 1) & (uint)(slots.Length - 1))
        {
            ref Slot slot = ref Unsafe.Add(ref first, index);
            if ((slot.Key.Low == key.Low && slot.Key.High == key.High && slot.Key.Length == key.Length) || slot.Key.Length == 0)
            {
                return ref slot;
            }
        }
    }

    private readonly record struct Slot(ChunkKey Key, int Id);
}
