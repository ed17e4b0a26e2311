using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>A token and the text that is shown for it.</summary>
/// <param name="Id">The token.</param>
/// <param name="Start">Where its text begins, in UTF-16 code units.</param>
/// <param name="End">Where it ends, exclusive; equal to the start where an earlier token shows it all.</param>
/// <param name="HoldsPart">Whether the token begins or ends inside a character.</param>
internal readonly record struct TokenSpan(int Id, int Start, int End, bool HoldsPart)
{
    /// <summary>
    /// Gives each character to the first of the tokens that share it, so that the texts of all spans join to the text. What a
    /// tokenizer drops, such as spaces at the ends, goes to the token that follows, or else to the last.
    /// </summary>
    /// <param name="tokens">The tokens of a text, or the first of them.</param>
    /// <param name="length">How far the text goes; 0 for no further than the tokens.</param>
    public static TokenSpan[] Of(ReadOnlySpan<TokenRange> tokens, int length = 0)
    {
        TokenSpan[] spans = new TokenSpan[tokens.Length];
        int shown = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            TokenRange token = tokens[i];
            bool sharesFirst = i > 0 && token.Start < tokens[i - 1].End;
            bool sharesLast = i + 1 < tokens.Length && tokens[i + 1].Start < token.End;
            int end = Math.Max(Math.Max(shown, token.End), i + 1 == tokens.Length ? length : 0);
            spans[i] = new TokenSpan(token.Id, shown, end, sharesFirst || sharesLast);
            shown = end;
        }

        return spans;
    }
}
