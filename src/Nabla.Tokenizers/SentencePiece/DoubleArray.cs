namespace Nabla.Tokenizers;

/// <summary>
/// A set of byte strings, each with a number, that finds all of them that a text begins with, in one step a byte: a double
/// array (Aoe 1989, An efficient digital search algorithm by using a double-array structure), in the form of Darts-clone
/// (https://github.com/s-yata/darts-clone), which is what lies in SentencePiece's files.
/// </summary>
/// <remarks>
/// A state has a base; its next state by a byte is described by the unit at the base, exclusive-or the byte. A unit holds that
/// byte in its low eight bits, in bit 8 whether a key ends there, and in the bits from 10 on the exclusive-or that leads from it
/// to the next base (in steps of 256 if bit 9 is set). Where a key ends, the unit at the next base holds its number, and bit 31.
/// No key may hold the byte 0. Every access is checked, since the array may come from a damaged file.
/// </remarks>
internal sealed class DoubleArray(uint[] units)
{
    /// <summary>No key goes on so.</summary>
    public const int None = -2;

    private const uint LabelMask = 0x8000_00FF;
    private const uint EndFlag = 0x100;
    private const uint CoarseFlag = 0x200;
    private const uint NumberMask = 0x7FFF_FFFF;

    private readonly uint[] _units = units;

    /// <summary>The units, at least one.</summary>
    public ReadOnlySpan<uint> Units => _units;

    /// <summary>Where a search begins.</summary>
    public uint Start => Offset(_units[0]);

    /// <summary>Builds the array of a set.</summary>
    /// <param name="keys">
    /// Distinct keys, none empty and none with a byte 0, in the order of their bytes, and their numbers, at least 0.
    /// </param>
    public static DoubleArray Build(IReadOnlyList<KeyValuePair<byte[], int>> keys) => new(new DoubleArrayBuilder(keys).Build());

    /// <summary>Goes on by one byte.</summary>
    /// <param name="place">The state, which moves on unless no key goes on so.</param>
    /// <param name="value">The byte.</param>
    /// <returns>The number of the key that ends here, -1 if none does, or <see cref="None"/>.</returns>
    public int Step(ref uint place, byte value)
    {
        uint[] units = _units;
        var next = place ^ value;
        if (next >= (uint)units.Length || (units[next] & LabelMask) != value)
        {
            return None;
        }

        var unit = units[next];
        place = next ^ Offset(unit);
        return (unit & EndFlag) != 0 && place < (uint)units.Length ? (int)(units[place] & NumberMask) : -1;
    }

    /// <summary>Whether a key begins with this byte.</summary>
    public bool BeginsWith(byte value)
    {
        var place = Start;
        return Step(ref place, value) != None;
    }

    /// <summary>The longest key that a text begins with: its length and number, or 0 and -1.</summary>
    public (int Length, int Number) LongestPrefix(ReadOnlySpan<byte> text)
    {
        (int Length, int Number) longest = (0, -1);
        var place = Start;
        for (var position = 0; position < text.Length; position++)
        {
            var number = Step(ref place, text[position]);
            if (number == None)
            {
                break;
            }

            longest = number >= 0 ? (position + 1, number) : longest;
        }

        return longest;
    }

    /// <summary>The unit that leads to a state.</summary>
    /// <param name="label">The byte that leads there.</param>
    /// <param name="ends">Whether a key ends there.</param>
    /// <param name="offset">The exclusive-or of the unit's place and the state's base, below 2^21.</param>
    internal static uint UnitTo(byte label, bool ends, uint offset) => (offset << 10) | (ends ? EndFlag : 0) | label;

    /// <summary>The unit that holds a key's number.</summary>
    internal static uint UnitOfNumber(int number) => (uint)number | ~NumberMask;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & CoarseFlag) >> 6);
}
