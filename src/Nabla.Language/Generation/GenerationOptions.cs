namespace Nabla.Language;

/// <summary>How text is drawn from a model.</summary>
public sealed record GenerationOptions
{
    /// <summary>Gets the largest number of tokens to add to the prompt.</summary>
    public int MaxTokens { get; init; } = 500;

    /// <summary>Gets what the logits are divided by: below 1 is bolder, above 1 wilder, and 0 always takes the likeliest token.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Gets the number of likeliest tokens to draw from; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Gets the probability that the likeliest tokens drawn from must reach together, above 0 and up to 1, which is all of them:
    /// Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020.
    /// </summary>
    public float TopP { get; init; } = 1;

    /// <summary>Gets the seed: the same seed, model and prompt give the same text.</summary>
    public ulong Seed { get; init; } = 1337;

    /// <summary>Gets the token that ends the text and is not part of it, such as the boundary between names.</summary>
    public int? StopToken { get; init; }

    /// <summary>Gets the strings before which the text ends.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Gets whether a GPT keeps the keys and values of earlier tokens rather than computes them again.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Throws unless the options make sense.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        if (MaxTokens < 0)
        {
            throw new ArgumentException($"The number of tokens to generate must be at least 0, not {MaxTokens}.");
        }

        if (!(Temperature >= 0 && float.IsFinite(Temperature)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The temperature must be at least 0, not {Temperature}."));
        }

        if (TopK < 0)
        {
            throw new ArgumentException($"Top-k must be at least 0 (0 for all tokens), not {TopK}.");
        }

        if (!(TopP > 0 && TopP <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"Top-p must be above 0 and at most 1, not {TopP}."));
        }

        if (StopStrings.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop string must not be empty: it would end every text at once.");
        }
    }
}
