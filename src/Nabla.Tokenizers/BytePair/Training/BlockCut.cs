namespace Nabla.Tokenizers;

/// <summary>
/// Finds where a text that is not yet read to its end can be cut, so that both parts, split each for itself, give the chunks
/// of the whole.
/// </summary>
/// <remarks>
/// That is certain behind words, as <see cref="SafeCut"/> says for the published patterns. A pattern of the user's may look as
/// far as it likes, so there no place is certain. Without a splitter every place is, between two characters: there is but one
/// chunk, and its parts are put together again.
/// </remarks>
internal sealed class BlockCut(SplitKind kind, SpecialTokenTexts specialTokens)
{
    /// <summary>The last place to cut, or 0 if there is none.</summary>
    /// <param name="utf8">The text so far; it may end within a character.</param>
    /// <param name="searched">A length up to which there is known to be none.</param>
    public int Last(ReadOnlySpan<byte> utf8, int searched)
    {
        if (kind == SplitKind.Pattern)
        {
            return 0;
        }

        // The last character may be incomplete; no other is, or the text is not UTF-8, which is found when it is handed on.
        var last = PreviousCharacter(utf8, utf8.Length);
        var first = Math.Max(1, searched - specialTokens.LongestLength - 4);
        for (var place = PreviousCharacter(utf8, last); place >= first; place = PreviousCharacter(utf8, place))
        {
            if ((kind == SplitKind.WholeText || SeparatesChunks(utf8, place)) && !specialTokens.LieAcross(utf8, place))
            {
                return place;
            }
        }

        return 0;
    }

    private static bool SeparatesChunks(ReadOnlySpan<byte> utf8, int place) =>
        SafeCut.IsBehindWord(CharacterAt(utf8, PreviousCharacter(utf8, place)), CharacterAt(utf8, place));

    private static int CharacterAt(ReadOnlySpan<byte> utf8, int index) =>
        System.Text.Rune.DecodeFromUtf8(utf8[index..], out System.Text.Rune rune, out _) == System.Buffers.OperationStatus.Done
            ? rune.Value
            : -1;

    private static int PreviousCharacter(ReadOnlySpan<byte> utf8, int index)
    {
        do
        {
            index--;
        }
        while (index > 0 && (utf8[index] & 0xC0) == 0x80);
        return index;
    }
}
