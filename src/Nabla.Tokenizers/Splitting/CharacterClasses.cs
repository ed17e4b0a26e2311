using System.Globalization;
using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// The class of every code point, from the tables of .NET: Unicode 16 in .NET 10, as in tiktoken (npm package 1.0.22), with
/// which a test compares all of them.
/// </summary>
internal static class CharacterClasses
{
    private const int PageBits = 8;
    private static readonly CharacterClass[] _ascii = ClassesFrom(0, 128);
    private static readonly CharacterClass[]?[] _pages = new CharacterClass[]?[0x110000 >> PageBits];

    /// <summary>The class of a character of one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterClass OfAscii(byte value) => _ascii[value];

    /// <summary>The class of a code point. Pages of 256 are made when the first of them is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterClass Of(int codePoint)
    {
        CharacterClass[] page = _pages[codePoint >> PageBits] ?? MakePage(codePoint >> PageBits);
        return page[codePoint & ((1 << PageBits) - 1)];
    }

    private static CharacterClass[] MakePage(int index) =>
        _pages[index] = ClassesFrom(index << PageBits, 1 << PageBits);

    private static CharacterClass[] ClassesFrom(int first, int count)
    {
        var classes = new CharacterClass[count];
        for (var offset = 0; offset < count; offset++)
        {
            classes[offset] = Classify(first + offset);
        }

        return classes;
    }

    private static CharacterClass Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Caseless,
        >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark => CharacterClass.Mark,
        >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => CharacterClass.Number,
        >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator => CharacterClass.Blank,
        _ => codePoint switch
        {
            '\n' or '\r' => CharacterClass.NewLine,
            '\t' or '\v' or '\f' or 0x85 => CharacterClass.Blank,
            _ => CharacterClass.Other,
        },
    };
}
