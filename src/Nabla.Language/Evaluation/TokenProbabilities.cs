using System.Globalization;

namespace Nabla.Language;

/// <summary>Asks a model how likely each token of a short text is, given those before it.</summary>
public static class TokenProbabilities
{
    /// <summary>Returns the logarithm of the probability of each token but the first, which has nothing before it.</summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">The text; at most one token more than the model sees at once.</param>
    /// <returns>The natural logarithms, one fewer than there are tokens.</returns>
    /// <exception cref="ArgumentException">There is no token, there are too many, or one is none of the model's.</exception>
    public static float[] Logarithms(LanguageModel model, ReadOnlySpan<int> ids)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(model, ids, ids.Length - 1);
        if (ids.Length == 1)
        {
            return [];
        }

        using Inference asking = Inference.Begin(model);
        float[] losses = model.TargetLosses(
            IndexTensor.From(ids[..^1], 1, -1), IndexTensor.Arange(ids.Length - 1), IndexTensor.From(ids[1..])).ToArray();
        return Array.ConvertAll(losses, loss => -loss);
    }

    /// <summary>Returns the logits of the token after the last, V of them.</summary>
    /// <param name="model">The model; it is put into evaluation mode for the while.</param>
    /// <param name="ids">The text; at most as many tokens as the model sees at once.</param>
    /// <exception cref="ArgumentException">There is no token, there are too many, or one is none of the model's.</exception>
    public static float[] NextLogits(LanguageModel model, ReadOnlySpan<int> ids)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(model, ids, ids.Length);
        using Inference asking = Inference.Begin(model);
        return model.NextLogits(IndexTensor.From(ids, 1, -1)).ToArray();
    }

    private static void Check(LanguageModel model, ReadOnlySpan<int> ids, int read)
    {
        if (ids.IsEmpty)
        {
            throw new ArgumentException("There is no token: give at least one.");
        }

        if (read > model.LongestRow)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{ids.Length} tokens are too many: the model sees {model.LongestRow} at once."));
        }

        int wrong = ids.IndexOfAnyExceptInRange(0, model.VocabularySize - 1);
        if (wrong >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Token {ids[wrong]}, at place {wrong}, is none of the model's, which are 0 to {model.VocabularySize - 1}."));
        }
    }
}
