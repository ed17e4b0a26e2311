using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Cuts long texts into blocks that can be encoded apart, by several threads or through a small buffer, with the same result.
/// </summary>
/// <remarks>
/// <para>
/// A block may begin where under each of the published patterns a chunk begins, whatever stands before and behind, and where
/// the chunk before is the same if the text ends there. Two places are like that, and common:
/// </para>
/// <list type="bullet">
/// <item>a space between two ASCII letters: no pattern lets letters take a space behind them;</item>
/// <item>behind a single line feed, with something other than white space before and behind it. A slash behind it is not
/// enough, since o200k hangs it on.</item>
/// </list>
/// <para>Where no such place comes, the block grows.</para>
/// </remarks>
internal static class SafeCut
{
    /// <summary>The first place to cut a text that is not before a given length, or the end of the text.</summary>
    public static int After(ReadOnlySpan<char> text, int length)
    {
        for (var index = Math.Max(2, length); index < text.Length - 1; index++)
        {
            var next = text[index..^1].IndexOfAny(' ', '\n');
            if (next < 0)
            {
                break;
            }

            index += next;
            if (text[index] == ' ')
            {
                if (char.IsAsciiLetter(text[index - 1]) && char.IsAsciiLetter(text[index + 1]))
                {
                    return index;
                }
            }
            else if (!IsSpace(text[index - 1]) && !IsSpace(text[index + 1]) && text[index + 1] != '/')
            {
                return index + 1;
            }
        }

        return text.Length;
    }

    /// <summary>The same for valid UTF-8.</summary>
    public static int After(ReadOnlySpan<byte> text, int length)
    {
        for (var index = Math.Max(2, length); index < text.Length - 1; index++)
        {
            var next = text[index..^1].IndexOfAny((byte)' ', (byte)'\n');
            if (next < 0)
            {
                break;
            }

            index += next;
            if (text[index] == ' ')
            {
                if (char.IsAsciiLetter((char)text[index - 1]) && char.IsAsciiLetter((char)text[index + 1]))
                {
                    return index;
                }
            }
            else if (text[index + 1] != '/')
            {
                Rune.DecodeLastFromUtf8(text[..index], out Rune before, out _);
                Rune.DecodeFromUtf8(text[(index + 1)..], out Rune behind, out _);
                if (!IsSpace(before.Value) && !IsSpace(behind.Value))
                {
                    return index + 1;
                }
            }
        }

        return text.Length;
    }

    private static bool IsSpace(int codePoint) => (CharacterClasses.Of(codePoint) & CharacterClass.Space) != 0;
}
