using System.Globalization;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>What happens where the text of a special token occurs, as a user writes it after <c>--special</c>.</summary>
internal enum SpecialText
{
    /// <summary>It is an error: the safe way for text that comes from others.</summary>
    Refuse,

    /// <summary>It becomes the token.</summary>
    Allow,

    /// <summary>It is text like any other.</summary>
    Text,
}

/// <summary>Encodes with a tokenizer of any kind as <c>--special</c> asks. Those without special tokens in text take no policy.</summary>
internal sealed class TextEncoding(ITokenizer tokenizer, SpecialText special)
{
    /// <summary>The words after <c>--special</c>.</summary>
    public static readonly IReadOnlyList<(string Word, SpecialText Value)> Choices =
        [("refuse", SpecialText.Refuse), ("allow", SpecialText.Allow), ("text", SpecialText.Text)];

    private readonly SpecialTokenPolicy _policy = special == SpecialText.Allow
        ? SpecialTokenPolicy.Allow
        : SpecialTokenPolicy.AsText;

    /// <summary>Gets the tokenizer.</summary>
    public ITokenizer Tokenizer { get; } = tokenizer;

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where it begins in a longer one, for messages.</param>
    /// <exception cref="TokenizerException">The text holds a special token that is refused, or cannot be written.</exception>
    public int[] Encode(string text, long start = 0)
    {
        Check(text, start);
        return Tokenizer is RegexTokenizer regex ? regex.Encode(text, _policy) : Tokenizer.Encode(text);
    }

    /// <summary>The ids of a text with the stretch of each.</summary>
    /// <exception cref="TokenizerException">The text holds a special token that is refused, or cannot be written.</exception>
    public TokenRange[] EncodeWithRanges(string text)
    {
        Check(text, start: 0);
        return Tokenizer is RegexTokenizer regex ? regex.EncodeWithRanges(text, _policy) : Tokenizer.EncodeWithRanges(text);
    }

    /// <summary>How many ids a text has.</summary>
    /// <inheritdoc cref="Encode"/>
    public int Count(string text, long start = 0)
    {
        Check(text, start);
        return Tokenizer is RegexTokenizer regex ? regex.Count(text, _policy) : Tokenizer.Count(text);
    }

    // The library refuses as well; here the message can name the option that is the mend.
    private void Check(string text, long start)
    {
        if (special == SpecialText.Refuse && Tokenizer is RegexTokenizer regex
            && regex.SpecialTokens.TryFindFirst(text, out int position, out string first))
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"The text holds the special token {first} at character {start + position}: write --special allow to have it as the "
                + $"token, or --special text as text."));
        }
    }
}
