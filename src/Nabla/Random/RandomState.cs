using System.Buffers.Binary;

namespace Nabla;

/// <summary>
/// Where a <see cref="RandomGenerator"/> stands in its stream. A generator that is set to it draws on bit for bit, which is what
/// lets a training run resume from a checkpoint as if it had never stopped.
/// </summary>
public sealed class RandomState
{
    /// <summary>The length of the bytes that <see cref="ToBytes"/> returns.</summary>
    public const int ByteCount = WordsOffset + (MersenneTwister.WordCount * sizeof(uint));

    // Little-endian: the mark, the position, whether a spare normal is kept, the seed, that normal, the register's words.
    private const uint Mark = 0x31_54_4D_4E; // "NMT1" in a file
    private const int PositionOffset = 4;
    private const int HasSpareOffset = 6;
    private const int SeedOffset = 8;
    private const int SpareOffset = 16;
    private const int WordsOffset = 24;

    private readonly uint[] _words;

    internal RandomState(ulong seed, ReadOnlySpan<uint> words, int position, double? spareNormal)
    {
        Seed = seed;
        _words = words.ToArray();
        Position = position;
        SpareNormal = spareNormal;
    }

    /// <summary>Gets the seed that the stream was started from.</summary>
    public ulong Seed { get; }

    internal ReadOnlySpan<uint> Words => _words;

    internal int Position { get; }

    internal double? SpareNormal { get; }

    /// <summary>Reads a state from the bytes that <see cref="ToBytes"/> made.</summary>
    /// <param name="bytes">The bytes, <see cref="ByteCount"/> of them.</param>
    /// <exception cref="FormatException">The bytes are not those of a state.</exception>
    public static RandomState FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount)
        {
            throw new FormatException($"RandomState: {bytes.Length} bytes given, a state has {ByteCount}.");
        }

        uint mark = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (mark != Mark)
        {
            throw new FormatException($"RandomState: the bytes start with 0x{mark:X8}, a state starts with 0x{Mark:X8}.");
        }

        int position = BinaryPrimitives.ReadUInt16LittleEndian(bytes[PositionOffset..]);
        if (position > MersenneTwister.WordCount)
        {
            throw new FormatException(
                $"RandomState: the position {position} is past the {MersenneTwister.WordCount} words of the register.");
        }

        int hasSpare = BinaryPrimitives.ReadUInt16LittleEndian(bytes[HasSpareOffset..]);
        double spare = BinaryPrimitives.ReadDoubleLittleEndian(bytes[SpareOffset..]);
        if (hasSpare > 1 || !double.IsFinite(spare) || (hasSpare == 0 && spare != 0))
        {
            throw new FormatException(FormattableString.Invariant(
                $"RandomState: the spare normal {spare} with flag {hasSpare} is not one that a generator keeps."));
        }

        Span<uint> words = stackalloc uint[MersenneTwister.WordCount];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(WordsOffset + (i * sizeof(uint)))..]);
        }

        // The lower 31 bits of the first word are no part of the register once the first twist is done; with all else zero,
        // the stream would be zeros for ever.
        if (words[0] >> 31 == 0 && !words[1..].ContainsAnyExcept(0u))
        {
            throw new FormatException("RandomState: the register is all zeros, which no seed leads to.");
        }

        ulong seed = BinaryPrimitives.ReadUInt64LittleEndian(bytes[SeedOffset..]);
        return new RandomState(seed, words, position, hasSpare == 1 ? spare : null);
    }

    /// <summary>Returns the state as <see cref="ByteCount"/> bytes, the same on every machine.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[ByteCount];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(PositionOffset), (ushort)Position);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(HasSpareOffset), SpareNormal.HasValue ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(SeedOffset), Seed);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(SpareOffset), SpareNormal ?? 0);
        for (int i = 0; i < _words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(WordsOffset + (i * sizeof(uint))), _words[i]);
        }

        return bytes;
    }
}
