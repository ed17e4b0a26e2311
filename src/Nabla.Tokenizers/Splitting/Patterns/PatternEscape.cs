using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Reads what follows a backslash and stands for one character, inside and outside of brackets.</summary>
internal static class PatternEscape
{
    /// <summary>The set of characters that an escape stands for; the backslash has been read.</summary>
    public static CodePointSet Read(ref PatternReader reader)
    {
        PatternReader start = reader;
        var letter = reader.ReadCodePoint();
        return letter switch
        {
            's' => UnicodeProperty.WhiteSpace,
            'S' => UnicodeProperty.WhiteSpace.Complement(),
            'd' => UnicodeProperty.Digit,
            'D' => UnicodeProperty.Digit.Complement(),
            'w' => UnicodeProperty.Word,
            'W' => UnicodeProperty.Word.Complement(),
            'p' => Property(ref reader),
            'P' => Property(ref reader).Complement(),
            't' => CodePointSet.Of('\t'),
            'n' => CodePointSet.Of('\n'),
            'r' => CodePointSet.Of('\r'),
            'f' => CodePointSet.Of('\f'),
            'v' => CodePointSet.Of('\v'),
            'a' => CodePointSet.Of('\a'),
            'x' => CodePointSet.Of(Hexadecimal(ref reader, 2)),
            'u' => CodePointSet.Of(UnicodeEscape(ref reader)),
            'U' => CodePointSet.Of(Hexadecimal(ref reader, 8)),
            >= '1' and <= '9' => throw start.Error("references to groups are not supported"),
            < 0x80 when char.IsAsciiLetterOrDigit((char)letter) =>
                throw start.Error($"the escape \\{(char)letter} is not supported"),
            _ => CodePointSet.Of(letter),
        };
    }

    private static CodePointSet Property(ref PatternReader reader)
    {
        PatternReader start = reader;
        var name = reader.TryRead("{") ? reader.ReadUntil('}').ToString() : ((char)reader.ReadCodePoint()).ToString();
        CodePointSet set = UnicodeProperty.Find(name.TrimStart('^'))
            ?? throw start.Error(
                $"the property {name} is not known: general categories such as Lu and common scripts such as Han are");
        return name.StartsWith('^') ? set.Complement() : set;
    }

    // JSON and JavaScript write characters beyond the first plane as two escapes.
    private static int UnicodeEscape(ref PatternReader reader)
    {
        PatternReader start = reader;
        var first = Hexadecimal(ref reader, 4);
        if (first is < 0xD800 or > 0xDFFF)
        {
            return first;
        }

        var second = reader.TryRead("\\u") ? Hexadecimal(ref reader, 4) : 0;
        return first < 0xDC00 && second is >= 0xDC00 and <= 0xDFFF
            ? char.ConvertToUtf32((char)first, (char)second)
            : throw start.Error("half of a surrogate pair stands alone");
    }

    private static int Hexadecimal(ref PatternReader reader, int digits)
    {
        PatternReader start = reader;
        ReadOnlySpan<char> text;
        if (reader.TryRead("{"))
        {
            text = reader.ReadUntil('}');
        }
        else
        {
            text = reader.Rest[..Math.Min(digits, reader.Rest.Length)];
            reader.Position += text.Length;
        }

        return int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 0x10FFFF
            ? value
            : throw start.Error("a character's number in hexadecimal digits is missing");
    }
}
