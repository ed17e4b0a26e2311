using System.Runtime.CompilerServices;
using static Nabla.Tokenizers.CharacterClass;

namespace Nabla.Tokenizers;

/// <summary><see cref="SplitPatterns.Cl100k"/> as code: read it beside the pattern.</summary>
internal readonly struct Cl100kChunker : IChunker
{
    public static int End(ReadOnlySpan<byte> utf8, int start)
    {
        var end = EndBeforeWhiteSpace(utf8, start);

        // `\s*[\r\n]+|\s+(?!\S)|\s+`
        return end > start ? end : WhiteSpaceRun.EndAfterLines(utf8, start);
    }

    /// <summary>The alternatives before white space alone; <paramref name="start"/> if none of them matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int EndBeforeWhiteSpace(ReadOnlySpan<byte> utf8, int start)
    {
        // `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
        var end = Contraction.EndInAnyCase(utf8, start);
        if (end > start)
        {
            return end;
        }

        // `[^\r\n\p{L}\p{N}]?\p{L}+`
        CharacterClass first = Utf8Scan.At(utf8, start, out var second);
        if ((first & Letter) != 0)
        {
            return Utf8Scan.Letters(utf8, second);
        }

        if ((first & (Symbol | Blank)) != 0 && (Utf8Scan.At(utf8, second, out var third) & Letter) != 0)
        {
            return Utf8Scan.Letters(utf8, third);
        }

        // `\p{N}{1,3}`
        if (first == Number)
        {
            return Utf8Scan.UpToThreeNumbers(utf8, start);
        }

        // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
        var body = utf8[start] == ' ' ? start + 1 : start;
        return Utf8Scan.Is(utf8, body, Symbol) ? Utf8Scan.Run(utf8, Utf8Scan.Run(utf8, body, Symbol), NewLine) : start;
    }
}
