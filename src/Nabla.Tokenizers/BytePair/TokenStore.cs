using System.Buffers.Binary;
using System.Numerics;

namespace Nabla.Tokenizers;

/// <summary>
/// The bytes of all tokens, one after another in one block, and the way back from bytes to id: a hash table with open
/// addressing that holds ids only. Against a dictionary of byte arrays it makes three objects instead of one for each token,
/// and is asked with any span. Immutable; built by <see cref="TokenStoreBuilder"/>.
/// </summary>
internal sealed class TokenStore
{
    // Others for each process, so that no file can be written whose tokens all fall on one slot. No result depends on them.
    private static readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private static readonly ulong _multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    private readonly byte[] _bytes;
    private readonly TokenPlace[] _places;

    // The id plus one, or 0 where a slot is free.
    private readonly int[] _slots;

    public TokenStore(byte[] bytes, TokenPlace[] places)
    {
        _bytes = bytes;
        _places = places;
        var count = 0;
        foreach (TokenPlace place in places)
        {
            count += place.Length > 0 ? 1 : 0;
        }

        Count = count;
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 8) * 2)];
        for (var id = 0; id < places.Length; id++)
        {
            if (places[id].Length > 0)
            {
                ref int slot = ref Slot(this[id]);
                if (slot != 0)
                {
                    throw new TokenizerException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                        $"tokens {slot - 1} and {id} are the same bytes: each token must be in the vocabulary once."));
                }

                slot = id + 1;
            }
        }
    }

    /// <summary>One more than the highest id.</summary>
    public int Size => _places.Length;

    /// <summary>How many ids stand for a token.</summary>
    public int Count { get; }

    /// <summary>The bytes of an id, empty where it stands for nothing.</summary>
    public ReadOnlySpan<byte> this[int id] => _bytes.AsSpan(_places[id].Start, _places[id].Length);

    /// <summary>The id of a token's bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> token) => Slot(token) - 1;

    /// <summary>A store without some tokens, and no longer than the last that is left needs.</summary>
    public TokenStore Without(IEnumerable<int> ids)
    {
        var places = (TokenPlace[])_places.Clone();
        foreach (var id in ids)
        {
            places[id] = default;
        }

        var last = Array.FindLastIndex(places, place => place.Length > 0);
        return new TokenStore(_bytes, places[..(last + 1)]);
    }

    private ref int Slot(ReadOnlySpan<byte> token)
    {
        var mask = _slots.Length - 1;
        for (var index = (int)Hash(token) & mask; ; index = (index + 1) & mask)
        {
            ref int slot = ref _slots[index];
            if (slot == 0 || this[slot - 1].SequenceEqual(token))
            {
                return ref slot;
            }
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> token)
    {
        ulong hash = _seed ^ (uint)token.Length;
        while (token.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(token));
            token = token[sizeof(ulong)..];
        }

        ulong rest = token.Length switch
        {
            0 => 0,
            < sizeof(uint) => token[0] | ((uint)token[token.Length / 2] << 8) | ((uint)token[^1] << 16),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(token)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(token[^sizeof(uint)..]) << 32),
        };
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, _multiplier, out var low);
        return high ^ low;
    }
}

/// <summary>Where a token's bytes are.</summary>
internal readonly record struct TokenPlace(int Start, int Length);
