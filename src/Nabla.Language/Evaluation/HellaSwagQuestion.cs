using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// A question of HellaSwag: the beginning of a scene and four endings, of which a human finds one sensible. Zellers et al.,
/// "HellaSwag: Can a Machine Really Finish Your Sentence?", 2019, arXiv:1905.07830.
/// </summary>
/// <param name="Line">The line of the file that it stands in, the first being 1.</param>
/// <param name="Context">The beginning of the scene.</param>
/// <param name="Endings">The four endings.</param>
/// <param name="Label">The right one, from 0 to 3.</param>
public sealed record HellaSwagQuestion(int Line, string Context, IReadOnlyList<string> Endings, int Label)
{
    /// <summary>Returns the question in tokens; the space between the context and an ending is part of the ending.</summary>
    /// <exception cref="TokenizerException">The tokenizer has no token for something in it.</exception>
    public ChoiceQuestion Encode(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        string name = FormattableString.Invariant($"Line {Line}");
        try
        {
            int[][] endings = [.. Endings.Select(ending => tokenizer.Encode(" " + ending))];
            return new ChoiceQuestion(name, tokenizer.Encode(Context), endings, Label);
        }
        catch (TokenizerException error)
        {
            throw new TokenizerException($"{name}: {error.Message}", error);
        }
    }
}
