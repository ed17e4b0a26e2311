using System.Text;
using static Nabla.Tokenizers.CharacterClass;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds where a long text can be cut, so that the parts can be encoded apart, by several threads or through a small buffer,
/// to the ids of the whole.
/// </summary>
/// <remarks>
/// <para>
/// Under each of the published patterns a chunk begins there whatever stands before and behind, and the chunk before is the
/// same if the text ends there. Two kinds of places are like that, and common:
/// </para>
/// <list type="bullet">
/// <item>behind a letter, before white space, a number, or a symbol that is no mark and no apostrophe: no pattern lets letters
/// take such a thing behind them;</item>
/// <item>behind a single line feed, with something other than white space before and behind it, for texts without letters. A
/// slash behind it is not enough, since o200k hangs it on.</item>
/// </list>
/// <para>
/// Where no such place comes, the whole text is one part. Characters beyond the first plane, whose halves have no class, are
/// never beside a cut.
/// </para>
/// </remarks>
internal static class SafeCut
{
    /// <summary>The first place to cut a text that is not before a given length, or the end of the text.</summary>
    public static int After(ReadOnlySpan<char> text, int length)
    {
        for (var index = Math.Max(1, length); index < text.Length; index++)
        {
            if (IsSafe(index > 1 ? text[index - 2] : -1, text[index - 1], text[index]))
            {
                return index;
            }
        }

        return text.Length;
    }

    /// <summary>The same for valid UTF-8.</summary>
    public static int After(ReadOnlySpan<byte> text, int length)
    {
        var index = Math.Max(1, length);
        while (index < text.Length && (text[index] & 0xC0) == 0x80)
        {
            index++;
        }

        (int earlier, int before) = LastTwo(text[..Math.Min(index, text.Length)]);
        while (index < text.Length)
        {
            Rune.DecodeFromUtf8(text[index..], out Rune behind, out var bytes);
            if (IsSafe(earlier, before, behind.Value))
            {
                return index;
            }

            (earlier, before) = (before, behind.Value);
            index += bytes;
        }

        return text.Length;
    }

    /// <summary>Whether one may cut between two characters because the first ends a word; -1 stands for none.</summary>
    public static bool IsBehindWord(int before, int behind) =>
        (ClassOf(before) & Letter) != 0 && (ClassOf(behind) & (Space | Number | Other)) != 0 && behind != '\'';

    private static (int Earlier, int Last) LastTwo(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return (-1, -1);
        }

        Rune.DecodeLastFromUtf8(text, out Rune last, out var bytes);
        return Rune.DecodeLastFromUtf8(text[..^bytes], out Rune earlier, out _) == System.Buffers.OperationStatus.Done
            ? (earlier.Value, last.Value)
            : (-1, last.Value);
    }

    // Whether one may cut between the second and the third of three characters.
    private static bool IsSafe(int earlier, int before, int behind) =>
        before == '\n'
            ? (ClassOf(earlier) & ~Space) != 0 && (ClassOf(behind) & ~Space) != 0 && behind != '/'
            : IsBehindWord(before, behind);

    private static CharacterClass ClassOf(int character) =>
        character is < 0 or (>= 0xD800 and <= 0xDFFF) or > 0xFFFF ? None : CharacterClasses.Of(character);
}
