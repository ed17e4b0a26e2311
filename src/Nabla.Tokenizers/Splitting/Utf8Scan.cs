using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nabla.Tokenizers;

/// <summary>Steps over runs of characters of a class in valid UTF-8.</summary>
internal static class Utf8Scan
{
    /// <summary>The class of the character at an index, and where the next begins; None at the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterClass At(ReadOnlySpan<byte> utf8, int index, out int next)
    {
        if ((uint)index >= (uint)utf8.Length)
        {
            next = index;
            return CharacterClass.None;
        }

        var lead = utf8[index];
        if (lead < 0x80)
        {
            next = index + 1;
            return CharacterClasses.OfAscii(lead);
        }

        return Decode(utf8, index, out next);
    }

    /// <summary>Whether the character at an index is of one of some classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> utf8, int index, CharacterClass classes) => (At(utf8, index, out _) & classes) != 0;

    /// <summary>The end of the run of characters of some classes that begins at an index, possibly empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Run(ReadOnlySpan<byte> utf8, int index, CharacterClass classes)
    {
        while ((At(utf8, index, out var next) & classes) != 0)
        {
            index = next;
        }

        return index;
    }

    /// <summary>As <see cref="Run"/> for letters of any kind.</summary>
    public static int Letters(ReadOnlySpan<byte> utf8, int index)
    {
        index = AsciiLetters(utf8, index, caseBit: 0x20);
        return (uint)index < (uint)utf8.Length && utf8[index] >= 0x80 ? Run(utf8, index, CharacterClass.Letter) : index;
    }

    /// <summary>As <see cref="Run"/> for letters that are not capitals, and marks.</summary>
    public static int Tails(ReadOnlySpan<byte> utf8, int index)
    {
        index = AsciiLetters(utf8, index, caseBit: 0);
        return (uint)index < (uint)utf8.Length && utf8[index] >= 0x80
            ? Run(utf8, index, CharacterClass.Lower | CharacterClass.Caseless | CharacterClass.Mark)
            : index;
    }

    /// <summary>The end of one to three numbers; the first is known to be one.</summary>
    public static int UpToThreeNumbers(ReadOnlySpan<byte> utf8, int index)
    {
        for (var count = 0; count < 3 && At(utf8, index, out var next) == CharacterClass.Number; count++)
        {
            index = next;
        }

        return index;
    }

    // Words are short and of all lengths, so a loop over their letters would end in a branch that the processor cannot
    // foresee; sixteen letters at once take the same time for all of them. The case bit makes small letters of capitals.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AsciiLetters(ReadOnlySpan<byte> utf8, int index, byte caseBit)
    {
        while (Vector128.IsHardwareAccelerated && index <= utf8.Length - Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(utf8), (nuint)index);
            Vector128<byte> offset = (bytes | Vector128.Create(caseBit)) - Vector128.Create((byte)'a');
            var others = Vector128.GreaterThanOrEqual(offset, Vector128.Create((byte)26)).ExtractMostSignificantBits();
            if (others != 0)
            {
                return index + BitOperations.TrailingZeroCount(others);
            }

            index += Vector128<byte>.Count;
        }

        while ((uint)index < (uint)utf8.Length && (uint)((utf8[index] | caseBit) - 'a') < 26)
        {
            index++;
        }

        return index;
    }

    private static CharacterClass Decode(ReadOnlySpan<byte> utf8, int index, out int next)
    {
        int lead = utf8[index];
        int codePoint;
        if (lead < 0xE0)
        {
            codePoint = ((lead & 0x1F) << 6) | (utf8[index + 1] & 0x3F);
            next = index + 2;
        }
        else if (lead < 0xF0)
        {
            codePoint = ((lead & 0x0F) << 12) | ((utf8[index + 1] & 0x3F) << 6) | (utf8[index + 2] & 0x3F);
            next = index + 3;
        }
        else
        {
            codePoint = ((lead & 0x07) << 18) | ((utf8[index + 1] & 0x3F) << 12) | ((utf8[index + 2] & 0x3F) << 6)
                | (utf8[index + 3] & 0x3F);
            next = index + 4;
        }

        return CharacterClasses.Of(codePoint);
    }
}
