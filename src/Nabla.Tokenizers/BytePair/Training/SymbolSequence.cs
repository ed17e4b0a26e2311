using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// The training text as tokens: all distinct chunks one after another, one slot for each byte, and an empty slot before,
/// between and behind chunks.
/// </summary>
/// <remarks>
/// A token takes as many slots as it has bytes, and its id stands in the first and in the last of them. So both neighbours
/// of a token are found without links: the next begins where its slots end, and the slot in front of it holds the id, and with
/// it the length, of the previous one. A merge writes at most four slots, all near by, and a position never moves.
/// </remarks>
internal sealed class SymbolSequence
{
    /// <summary>What a slot holds that is outside all chunks or inside a token.</summary>
    public const int Empty = -1;

    // A slot holds the id plus 1, and 0 if it is empty: in two bytes, and a third where there may be ids that need one.
    private readonly ushort[] _low;
    private readonly byte[]? _high;
    private readonly int[] _weights;
    private readonly int[] _lengths;

    private SymbolSequence(ushort[] slots, int length, int[] weights, int tokenLimit)
    {
        _low = slots;
        _high = tokenLimit > ushort.MaxValue ? new byte[slots.Length] : null;
        _weights = weights;
        Length = length;
        _lengths = new int[tokenLimit];
        _lengths.AsSpan(0, BytePairVocabulary.ByteCount).Fill(1);
    }

    /// <summary>The number of slots.</summary>
    public int Length { get; }

    /// <summary>Lays out the distinct chunks of a text, each with its count as its weight.</summary>
    /// <param name="chunks">The chunks in the order of their first appearance.</param>
    /// <param name="tokenLimit">One more than the highest id that there will be.</param>
    public static SymbolSequence Of(ChunkCounts chunks, int tokenLimit)
    {
        // A weight is an int: a chunk that occurs more often is laid out again with the rest of its count.
        long copies = 0;
        for (var index = 0; index < chunks.Count; index++)
        {
            copies += (chunks.CountOf(index) - 1) / int.MaxValue * (chunks.Chunk(index).Length + 1);
        }

        var slots = new ushort[SlotCount(chunks.ByteCount + (long)chunks.Count + 1 + copies)];
        var weights = new int[slots.Length];
        var end = 1;
        for (var index = 0; index < chunks.Count; index++)
        {
            ReadOnlySpan<byte> chunk = chunks.Chunk(index);
            for (var rest = chunks.CountOf(index); rest > 0; rest -= int.MaxValue)
            {
                weights.AsSpan(end, chunk.Length).Fill((int)Math.Min(rest, int.MaxValue));
                Write(chunk, slots.AsSpan(end));
                end += chunk.Length + 1;
            }
        }

        return new SymbolSequence(slots, end, weights, tokenLimit);
    }

    /// <summary>Takes over slots that are laid out already, each chunk with a weight of 1.</summary>
    public static SymbolSequence Of(ushort[] slots, int length, int tokenLimit) => new(slots, length, [], tokenLimit);

    /// <summary>Writes a chunk, or a part of one, as the tokens that it is before the first merge.</summary>
    public static void Write(ReadOnlySpan<byte> chunk, Span<ushort> slots)
    {
        for (var index = 0; index < chunk.Length; index++)
        {
            slots[index] = (ushort)(chunk[index] + 1);
        }
    }

    /// <summary>The id of the token that begins or ends at a slot, or <see cref="Empty"/>.</summary>
    public int this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_low[slot] | (_high is null ? 0 : _high[slot] << 16)) - 1;
    }

    /// <summary>How often the chunk around a slot occurs in the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Weight(int slot) => _weights.Length == 0 ? 1 : _weights[slot];

    /// <summary>Says that a slot will soon be asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare(int slot)
    {
        Prefetch.Element(_low, slot);
        if (_weights.Length > 0)
        {
            Prefetch.Element(_weights, slot);
        }
    }

    /// <summary>The number of bytes, and so of slots, of a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TokenLength(int id) => _lengths[id];

    /// <summary>Makes a token of two others known, before it is first written.</summary>
    public void Define(int id, BytePair pair) => _lengths[id] = checked(_lengths[pair.Left] + _lengths[pair.Right]);

    /// <summary>
    /// Whether a pair begins at a slot where it was once. An id stands in the last slot of its token too, but that is never
    /// taken for a beginning: whatever token covers the slot today is longer than the one that began there, so it is another.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(BytePair pair, int slot) => this[slot] == pair.Left && this[slot + _lengths[pair.Left]] == pair.Right;

    /// <summary>Writes one token over the two that begin at <paramref name="start"/> and <paramref name="middle"/>.</summary>
    /// <param name="id">The token.</param>
    /// <param name="start">The first slot of the left token.</param>
    /// <param name="middle">The first slot of the right token.</param>
    /// <param name="end">The slot behind the right token.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Merge(int id, int start, int middle, int end)
    {
        Set(middle - 1, Empty);
        Set(middle, Empty);
        Set(start, id);
        Set(end - 1, id);
    }

    /// <summary>The first place from <paramref name="from"/> to <paramref name="to"/> where a pair begins, or -1.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="from">A slot where a token begins, or where the pair's left token once began.</param>
    /// <param name="to">The end of the search.</param>
    public int IndexOf(BytePair pair, int from, int to)
    {
        // What is found first of a token is where it begins; its last slot is then passed over.
        while (from < to)
        {
            var found = _low.AsSpan(from, to - from).IndexOf((ushort)(pair.Left + 1));
            if (found < 0)
            {
                break;
            }

            from += found;
            if (Holds(pair, from))
            {
                return from;
            }

            from += this[from] == pair.Left ? _lengths[pair.Left] : 1;
        }

        return -1;
    }

    /// <summary>The first slot from <paramref name="slot"/> on that is certain to begin a token, as only bytes are.</summary>
    public int NextByte(int slot)
    {
        while (slot < Length && (uint)this[slot] >= BytePairVocabulary.ByteCount)
        {
            slot++;
        }

        return slot;
    }

    internal static int SlotCount(long wanted) => wanted <= Array.MaxLength
        ? (int)wanted
        : throw new TokenizerException("the text is more than 2 GB of different chunks: train on less of it, or split it finer.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(int slot, int id)
    {
        _low[slot] = (ushort)(id + 1);
        if (_high is not null)
        {
            _high[slot] = (byte)((id + 1) >> 16);
        }
    }
}
