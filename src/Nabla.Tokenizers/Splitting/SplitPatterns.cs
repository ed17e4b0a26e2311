namespace Nabla.Tokenizers;

/// <summary>The published patterns by which OpenAI's tokenizers split text, in tiktoken's form.</summary>
public static class SplitPatterns
{
    /// <summary>The form in GPT-2's encoder.py, in Hugging Face's tokenizers and in early releases of tiktoken.</summary>
    internal const string Gpt2Original = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The form in later releases of tiktoken.</summary>
    internal const string Gpt2Possessive = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s";

    /// <summary>The form in minbpe and, for a while, in tiktoken.</summary>
    internal const string Cl100kMinbpe =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";

    /// <summary>The pattern of GPT-2, r50k_base and p50k_base.</summary>
    public const string Gpt2 = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>The pattern of GPT-4, cl100k_base.</summary>
    public const string Cl100k =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>
    /// The form in which later releases of tiktoken have the pattern of cl100k_base. It cuts one thing in another way: white
    /// space at the very end of a text, which is one chunk here and may be two by <see cref="Cl100k"/>, the first up to the
    /// last new line.
    /// </summary>
    public const string Cl100kPossessive =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s";

    /// <summary>The pattern of GPT-4o, o200k_base.</summary>
    public const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The forms in which the patterns were published, and the scanner that does the same.</summary>
    internal static SplitKind KindOf(string pattern) => pattern switch
    {
        Gpt2 or Gpt2Original or Gpt2Possessive => SplitKind.Gpt2,
        Cl100k or Cl100kMinbpe => SplitKind.Cl100k,
        Cl100kPossessive => SplitKind.Cl100kPossessive,
        O200k => SplitKind.O200k,
        _ => SplitKind.Pattern,
    };
}
