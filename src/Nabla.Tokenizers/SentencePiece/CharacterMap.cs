using System.Buffers.Binary;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// The compiled replacement rules of a model, as they lie in the file: the byte length of a double array (four bytes, little
/// endian), the double array in the form of Darts-clone (https://github.com/s-yata/darts-clone), and the replacements, each
/// ended by a byte 0. A rule's number is the position of its replacement.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <exception cref="TokenizerException">The lengths do not fit, or the replacements are not UTF-8.</exception>
    public CharacterMap(ReadOnlySpan<byte> compiled)
    {
        var length = compiled.Length < 4 ? -1L : BinaryPrimitives.ReadUInt32LittleEndian(compiled);
        if (length <= 0 || length > compiled.Length - 4 || length % 4 != 0)
        {
            throw new TokenizerException("the rules of normalisation in the SentencePiece model are damaged: wrong length.");
        }

        _units = new uint[length / 4];
        for (var index = 0; index < _units.Length; index++)
        {
            _units[index] = BinaryPrimitives.ReadUInt32LittleEndian(compiled[(4 + (index * 4))..]);
        }

        _replacements = [.. compiled[(int)(4 + length)..], 0];
        if (!Utf8.IsValid(_replacements))
        {
            throw new TokenizerException("the rules of normalisation in the SentencePiece model are damaged: no UTF-8.");
        }
    }

    /// <summary>Finds the longest rule that a text begins with.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="replacement">What takes its place; may be nothing.</param>
    /// <returns>How many bytes are replaced; 0 if no rule applies.</returns>
    public int LongestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        (int longest, uint value, _) = Walk(text);
        replacement = longest == 0 ? [] : ReplacementAt(value);
        return longest;
    }

    /// <summary>Whether a rule begins with the whole of a text, or is it.</summary>
    public bool Begins(ReadOnlySpan<byte> text) => Walk(text).Followed == text.Length;

    private (int Longest, uint Value, int Followed) Walk(ReadOnlySpan<byte> text)
    {
        var longest = 0;
        uint value = 0;
        uint[] units = _units;
        // A unit: the exclusive-or to its children in the high bits (of a coarser step if bit 9 is set), whether a rule ends
        // here in bit 8, and in the low byte the byte that leads to it. A rule's end has bit 31 set, and the rule's number.
        var place = Offset(units[0]);
        var position = 0;
        for (; position < text.Length; position++)
        {
            place ^= text[position];
            if (place >= (uint)units.Length || (units[place] & 0x8000_00FF) != text[position])
            {
                break;
            }

            var unit = units[place];
            place ^= Offset(unit);
            if ((unit & 0x100) != 0 && place < (uint)units.Length)
            {
                longest = position + 1;
                value = units[place] & 0x7FFF_FFFF;
            }
        }

        return (longest, value, position);
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private ReadOnlySpan<byte> ReplacementAt(uint position)
    {
        if (position >= _replacements.Length)
        {
            return [];
        }

        ReadOnlySpan<byte> rest = _replacements.AsSpan((int)position);
        return rest[..rest.IndexOf((byte)0)];
    }
}
