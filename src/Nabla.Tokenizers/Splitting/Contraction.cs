using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>The endings that English hangs on a word with an apostrophe.</summary>
internal static class Contraction
{
    /// <summary>The end of <c>'(?:[sdmt]|ll|ve|re)</c> at an index, or the index itself where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End(ReadOnlySpan<byte> utf8, int index) =>
        (uint)index < (uint)utf8.Length && utf8[index] == '\''
            ? index + utf8[(index + 1)..] switch
            {
                [(byte)'s' or (byte)'d' or (byte)'m' or (byte)'t', ..] => 2,
                [(byte)'l', (byte)'l', ..] or [(byte)'v' or (byte)'r', (byte)'e', ..] => 3,
                _ => 0,
            }
            : index;

    /// <summary>
    /// The end of <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c>, or the index itself. In Unicode's simple case folding the long s,
    /// U+017F, is an s as well; no other letter beyond ASCII is one of these.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndInAnyCase(ReadOnlySpan<byte> utf8, int index) =>
        (uint)index < (uint)utf8.Length && utf8[index] == '\'' ? index + LengthInAnyCase(utf8[(index + 1)..]) : index;

    private static int LengthInAnyCase(ReadOnlySpan<byte> rest) => rest switch
    {
        [(byte)'s' or (byte)'d' or (byte)'m' or (byte)'t' or (byte)'S' or (byte)'D' or (byte)'M' or (byte)'T', ..] => 2,
        [(byte)'l' or (byte)'L', (byte)'l' or (byte)'L', ..] => 3,
        [(byte)'v' or (byte)'r' or (byte)'V' or (byte)'R', (byte)'e' or (byte)'E', ..] => 3,
        [0xC5, 0xBF, ..] => 3,
        _ => 0,
    };
}
