using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nabla.Cli.Tokenizing;

/// <summary>Writes the bytes of a token so that all of it can be seen, and nothing in it can move the cursor.</summary>
internal static class TokenText
{
    /// <summary>
    /// The bytes in quotation marks: text as it is, what cannot be seen as <c>\n</c> or <c>\u{200D}</c>, and bytes that are no
    /// UTF-8 as <c>\xE4</c>.
    /// </summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("\"");
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                AppendRune(text, rune);
            }
            else
            {
                foreach (byte value in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
                }
            }

            bytes = bytes[length..];
        }

        return text.Append('"').ToString();
    }

    /// <summary>A stretch of text in quotation marks.</summary>
    public static string Quote(string text) => Quote(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether a character has no sign of its own: controls, marks of direction, halves of pairs, unassigned ones.</summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>The bytes as two hexadecimal digits each, with a space between.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length * 3);
        foreach (byte value in bytes)
        {
            text.Append(text.Length > 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{value:x2}");
        }

        return text.ToString();
    }

    private static void AppendRune(StringBuilder text, Rune rune)
    {
        string? escape = rune.Value switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '"' => "\\\"",
            '\\' => "\\\\",
            _ => null,
        };
        text.Append(escape ?? (IsInvisible(rune)
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}")
            : rune.ToString()));
    }
}
