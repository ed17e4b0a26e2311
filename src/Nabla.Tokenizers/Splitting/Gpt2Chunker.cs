using static Nabla.Tokenizers.CharacterClass;

namespace Nabla.Tokenizers;

/// <summary><see cref="SplitPatterns.Gpt2"/> as code: read it beside the pattern.</summary>
internal readonly struct Gpt2Chunker : IChunker
{
    public static int End(ReadOnlySpan<byte> utf8, int start)
    {
        // '(?:[sdmt]|ll|ve|re)
        var end = Contraction.End(utf8, start);
        if (end > start)
        {
            return end;
        }

        // The " ?" of the next three, which is given back where none of them goes on.
        var body = utf8[start] == ' ' ? start + 1 : start;
        CharacterClass first = Utf8Scan.At(utf8, body, out var second);

        // ` ?\p{L}+`
        if ((first & Letter) != 0)
        {
            return Utf8Scan.Letters(utf8, second);
        }

        // ` ?\p{N}+`
        if (first == Number)
        {
            return Utf8Scan.Run(utf8, second, Number);
        }

        // ` ?[^\s\p{L}\p{N}]+`
        if ((first & Symbol) != 0)
        {
            return Utf8Scan.Run(utf8, second, Symbol);
        }

        // `\s+(?!\S)|\s+`
        return WhiteSpaceRun.End(utf8, start);
    }
}
