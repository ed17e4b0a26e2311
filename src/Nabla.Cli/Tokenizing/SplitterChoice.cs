using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>How text is split before pairs are merged, as a user writes it after <c>--pattern</c>.</summary>
internal static class SplitterChoice
{
    /// <summary>What the option takes, as help pages call it.</summary>
    public const string ValueName = "NAME|REGEX";

    private static readonly IReadOnlyList<(string Name, TextSplitter Splitter)> _known =
        [("gpt2", TextSplitter.Gpt2), ("gpt4", TextSplitter.Cl100k), ("o200k", TextSplitter.O200k)];

    /// <summary>The splitter of a name, or else of a regular expression.</summary>
    /// <exception cref="UsageException">It is neither; a word of letters and digits alone is taken for a name.</exception>
    public static TextSplitter Read(string option, string text)
    {
        foreach ((string name, TextSplitter splitter) in _known)
        {
            if (name == text)
            {
                return splitter;
            }
        }

        string[] names = [.. _known.Select(known => known.Name)];
        if (text.Length == 0 || text.All(char.IsAsciiLetterOrDigit))
        {
            throw new UsageException($"{option} takes one of {string.Join(", ", names)}, or a regular expression, not '{text}'. "
                + $"Did you mean {NearestName.Find(text, names)}?");
        }

        try
        {
            return TextSplitter.FromPattern(text);
        }
        catch (TokenizerException error)
        {
            throw new UsageException($"{option}: {error.Message}");
        }
    }

    /// <summary>What a user would write for a splitter.</summary>
    public static string Describe(TextSplitter splitter)
        => splitter.Pattern is null
            ? "none: the whole text is one chunk"
            : _known.FirstOrDefault(known => known.Splitter.Pattern == splitter.Pattern).Name is string name
                ? $"{name}: {splitter.Pattern}"
                : splitter.Pattern;
}
