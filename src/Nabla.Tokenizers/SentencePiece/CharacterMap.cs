using System.Buffers.Binary;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>
/// The compiled replacement rules of a model, as they lie in the file: the length of a double array in bytes (four bytes,
/// little endian), the <see cref="DoubleArray"/>, and the replacements, each ended by a byte 0. A rule's number is the position
/// of its replacement.
/// </summary>
internal sealed class CharacterMap
{
    private readonly DoubleArray _rules;
    private readonly byte[] _replacements;

    /// <exception cref="TokenizerException">The lengths do not fit, or the replacements are not UTF-8.</exception>
    public CharacterMap(ReadOnlySpan<byte> compiled)
    {
        var length = compiled.Length < sizeof(uint) ? 0L : BinaryPrimitives.ReadUInt32LittleEndian(compiled);
        if (length == 0 || length > compiled.Length - sizeof(uint) || length % sizeof(uint) != 0)
        {
            throw new TokenizerException("the rules of normalisation in the SentencePiece model are damaged: wrong length.");
        }

        var units = new uint[length / sizeof(uint)];
        for (var index = 0; index < units.Length; index++)
        {
            units[index] = BinaryPrimitives.ReadUInt32LittleEndian(compiled[((index + 1) * sizeof(uint))..]);
        }

        _rules = new DoubleArray(units);
        _replacements = [.. compiled[(int)(sizeof(uint) + length)..], 0];
        if (!Utf8.IsValid(_replacements))
        {
            throw new TokenizerException("the rules of normalisation in the SentencePiece model are damaged: no UTF-8.");
        }
    }

    /// <summary>Compiles rules.</summary>
    /// <param name="rules">What is replaced, as UTF-8 without a byte 0, in the order of the bytes; and by what.</param>
    public static byte[] Compile(IReadOnlyList<KeyValuePair<byte[], byte[]>> rules)
    {
        var positions = new Dictionary<byte[], int>(ByteSequenceComparer.Instance);
        using var replacements = new MemoryStream();
        var keys = new List<KeyValuePair<byte[], int>>(rules.Count);
        foreach ((byte[] key, byte[] replacement) in rules)
        {
            if (positions.TryAdd(replacement, (int)replacements.Length))
            {
                replacements.Write(replacement);
                replacements.WriteByte(0);
            }

            keys.Add(new(key, positions[replacement]));
        }

        ReadOnlySpan<uint> units = DoubleArray.Build(keys).Units;
        var compiled = new byte[sizeof(uint) + (units.Length * sizeof(uint)) + (int)replacements.Length];
        BinaryPrimitives.WriteInt32LittleEndian(compiled, units.Length * sizeof(uint));
        for (var index = 0; index < units.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(compiled.AsSpan((index + 1) * sizeof(uint)), units[index]);
        }

        replacements.GetBuffer().AsSpan(0, (int)replacements.Length).CopyTo(compiled.AsSpan((units.Length + 1) * sizeof(uint)));
        return compiled;
    }

    /// <summary>Finds the longest rule that a text begins with.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    /// <param name="replacement">What takes its place; may be nothing.</param>
    /// <returns>How many bytes are replaced; 0 if no rule applies.</returns>
    public int LongestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        (int length, int position) = _rules.LongestPrefix(text);
        replacement = position < 0 || position >= _replacements.Length ? [] : _replacements.AsSpan(position);
        replacement = replacement.IsEmpty ? [] : replacement[..replacement.IndexOf((byte)0)];
        return length;
    }

    /// <summary>Whether a rule begins with a byte, and is longer than that and goes on in ASCII, or is that byte alone.</summary>
    public bool MayReplaceAscii(byte first)
    {
        var place = _rules.Start;
        var number = _rules.Step(ref place, first);
        for (var next = 0; number == -1 && next < 0x80; next++)
        {
            var after = place;
            number = _rules.Step(ref after, (byte)next) == DoubleArray.None ? -1 : 0;
        }

        return number >= 0;
    }
}
