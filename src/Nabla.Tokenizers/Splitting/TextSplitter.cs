namespace Nabla.Tokenizers;

/// <summary>
/// Cuts text into chunks that merges never cross: words with their leading space, numbers, punctuation, white space. What a
/// pattern leaves unmatched is a chunk of its own, so the chunks always join to the text.
/// </summary>
public sealed class TextSplitter
{
    private readonly SplitPattern? _pattern;

    private TextSplitter(string? pattern)
    {
        Pattern = pattern;
        Kind = pattern is null ? SplitKind.WholeText : SplitPatterns.KindOf(pattern);
        _pattern = Kind == SplitKind.Pattern ? new SplitPattern(pattern!) : null;
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
    /// The splitter of a regular expression in the syntax that Python, Rust and the files of tokenizers share: sets such as
    /// <c>\p{Lu}</c> or <c>[^\s\p{L}]</c>, which may be nested and intersected (<c>&amp;&amp;</c>), alternatives, lazy and
    /// possessive repetitions, looking ahead and behind, <c>(?i:...)</c>; <c>$</c> is the end of the text, as in Rust.
    /// It matches by code point. The published patterns of OpenAI, in all their forms, run without a regular expression
    /// engine; any other one has ten seconds for a match.
    /// </summary>
    /// <exception cref="TokenizerException">The pattern is none, or uses something that is not supported.</exception>
    public static TextSplitter FromPattern(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new TextSplitter(pattern);
    }

    /// <summary>The chunks of a text, in order.</summary>
    /// <inheritdoc cref="EnumerateChunks"/>
    public string[] Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var chunks = new List<string>();
        foreach (Range chunk in EnumerateChunks(text))
        {
            chunks.Add(text[chunk]);
        }

        return [.. chunks];
    }

    /// <summary>The chunks of a text, in order, as ranges of it: for foreach. Nothing is allocated for a chunk.</summary>
    /// <exception cref="TokenizerException">
    /// Half of a surrogate pair stands alone, or a pattern of the user's has too many ways to match the text.
    /// </exception>
    public ChunkEnumerator EnumerateChunks(ReadOnlySpan<char> text) => new(text, Kind, _pattern);
}
