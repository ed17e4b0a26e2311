using System.Text.RegularExpressions;

namespace Nabla.Tokenizers;

/// <summary>
/// Cuts text into chunks that merges never cross: words with their leading space, numbers, punctuation, white space. What a
/// pattern leaves unmatched is a chunk of its own, so the chunks always join to the text.
/// </summary>
public sealed class TextSplitter
{
    private readonly Regex? _regex;

    private TextSplitter(string? pattern)
    {
        Pattern = pattern;
        Kind = pattern is null ? SplitKind.WholeText : SplitPatterns.KindOf(pattern);
        _regex = pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant);
    }

    /// <summary>No splitting: the whole text is one chunk.</summary>
    public static TextSplitter None { get; } = new(null);

    /// <summary>GPT-2's pattern, also that of r50k_base and p50k_base.</summary>
    public static TextSplitter Gpt2 { get; } = FromPattern(SplitPatterns.Gpt2);

    /// <summary>GPT-4's pattern, cl100k_base.</summary>
    public static TextSplitter Cl100k { get; } = FromPattern(SplitPatterns.Cl100k);

    /// <summary>The pattern of o200k_base.</summary>
    public static TextSplitter O200k { get; } = FromPattern(SplitPatterns.O200k);

    /// <summary>The regular expression, or null if the text is not split.</summary>
    public string? Pattern { get; }

    /// <summary>Which scanner does the work.</summary>
    internal SplitKind Kind { get; }

    /// <summary>
    /// The splitter of a regular expression. The known patterns, in all the forms in which they are published, run without a
    /// regular expression engine.
    /// </summary>
    /// <exception cref="TokenizerException">The pattern is no regular expression.</exception>
    public static TextSplitter FromPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new TextSplitter(pattern);
    }

    /// <summary>The chunks of a text, in order.</summary>
    public string[] Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Chunks(text).Select(chunk => text[chunk])];
    }

    internal IEnumerable<Range> Chunks(string text)
    {
        var end = 0;
        if (_regex is not null)
        {
            foreach (Match match in _regex.Matches(text))
            {
                if (match.Index > end)
                {
                    yield return end..match.Index;
                }

                if (match.Length > 0)
                {
                    yield return match.Index..(match.Index + match.Length);
                }

                end = match.Index + match.Length;
            }
        }

        if (end < text.Length)
        {
            yield return end..text.Length;
        }
    }
}
