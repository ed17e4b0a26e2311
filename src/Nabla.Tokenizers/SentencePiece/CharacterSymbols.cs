using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>The symbol of each character: a table of two levels, since nearly all text is in few of the 4,352 pages.</summary>
internal sealed class CharacterSymbols
{
    private const int PageBits = 8;
    private const int PageLength = 1 << PageBits;

    private readonly int[]?[] _pages = new int[]?[0x110000 >> PageBits];

    /// <summary>Gives a character its symbol, the first one that is given.</summary>
    public void Add(Rune character, int symbol)
    {
        ref int[]? page = ref _pages[character.Value >> PageBits];
        if (page is null)
        {
            page = new int[PageLength];
            Array.Fill(page, -1);
        }

        ref int entry = ref page[character.Value & (PageLength - 1)];
        entry = entry < 0 ? symbol : entry;
    }

    /// <summary>The symbol of the character that a text begins with, or -1, and the character's length in bytes.</summary>
    public int Find(ReadOnlySpan<byte> text, out int length)
    {
        var value = (int)text[0];
        length = 1;
        if (value >= 0x80)
        {
            // Only the rules of a damaged model write what is not UTF-8.
            value = Rune.DecodeFromUtf8(text, out Rune rune, out length) == OperationStatus.Done ? rune.Value : -1;
            if (value < 0)
            {
                length = Math.Min(text.Length, Utf8Character.Length(text[0]));
                return -1;
            }
        }

        return _pages[value >> PageBits]?[value & (PageLength - 1)] ?? -1;
    }
}
