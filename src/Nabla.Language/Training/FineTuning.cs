using System.Globalization;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// Lets a training begin with the weights of a model that was trained before. A <see cref="Gpt"/> may come to know more tokens and to
/// see fewer of them at once; its other sizes are those of its weights.
/// </summary>
public static class FineTuning
{
    /// <summary>Returns the sizes of a model for a text's tokenizer and context.</summary>
    /// <param name="config">The sizes of the model that was trained before.</param>
    /// <param name="vocabularySize">The number of tokens; the model's own, which it may have more of, are kept.</param>
    /// <param name="contextLength">T, the tokens that the model is to see at once, at most as many as it does.</param>
    /// <exception cref="ArgumentException">The context is longer than the model's, or the model is no GPT and would change.</exception>
    public static LanguageModelConfig Resize(LanguageModelConfig config, int vocabularySize, int contextLength)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (contextLength > config.ContextLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The context of {contextLength} tokens is longer than the {config.ContextLength} that the model has positions for: "
                + $"take {config.ContextLength} or fewer."));
        }

        vocabularySize = Math.Max(vocabularySize, config.VocabularySize);
        LanguageModelConfig resized = config with { VocabularySize = vocabularySize, ContextLength = contextLength };
        return config is GptConfig || resized == config ? resized : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"Only a GPT's vocabulary and context can change; the model has {config.VocabularySize} tokens and a context of "
            + $"{config.ContextLength}, and {vocabularySize} and {contextLength} are asked for: take the model's."));
    }

    /// <summary>Returns how many tokens a tokenizer has after those of another, which it must begin with.</summary>
    /// <param name="known">The tokenizer that a model was trained with.</param>
    /// <param name="tokenizer">The tokenizer that it is to be trained with.</param>
    /// <exception cref="ArgumentException">A token of the first is missing in the second, or stands for something else.</exception>
    public static int AddedTokens(ITokenizer known, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(tokenizer);
        for (int id = 0; id < known.VocabularySize; id++)
        {
            if (id >= tokenizer.VocabularySize
                || known.IsSpecial(id) != tokenizer.IsSpecial(id) || !known.TokenBytes(id).SequenceEqual(tokenizer.TokenBytes(id)))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Token {id} of the model's tokenizer is not that of the text's: take the model's own tokenizer, or one that begins "
                    + $"with all its tokens."));
            }
        }

        return tokenizer.VocabularySize - known.VocabularySize;
    }

    /// <summary>
    /// Copies a model's weights into one of the sizes that <see cref="Resize"/> gave. Positions past the context are left out; the rows
    /// of added tokens begin as those of a new model, so that what the model says of the tokens it knows stays.
    /// </summary>
    /// <param name="from">The model that was trained.</param>
    /// <param name="into">The model to train.</param>
    /// <param name="random">Where the rows of added tokens are drawn from.</param>
    /// <exception cref="ArgumentException">The models are not of one form.</exception>
    internal static void CopyWeights(LanguageModel from, LanguageModel into, RandomGenerator random)
    {
        if (into.Config != Like(from.Config, into.Config))
        {
            throw new ArgumentException($"The weights of {from.Config} do not fit {into.Config}: only the vocabulary and the context may differ.");
        }

        Dictionary<string, Tensor> state = from.StateDict().ToDictionary();
        using (Tensor.NoGrad())
        {
            foreach ((string name, Tensor tensor) in into.StateDict())
            {
                Tensor old = state[name];
                int rows = tensor.Shape[0];
                int common = Math.Min(rows, old.Shape[0]);
                if (common == rows && common == old.Shape[0])
                {
                    tensor.CopyInPlace(old);
                    continue;
                }

                tensor[..common] = old[..common];
                if (common < rows)
                {
                    tensor[common..] = VocabularySurgery.NewRows(rows - common, old, random);
                }
            }
        }
    }

    // What does not enter the weights may differ.
    private static LanguageModelConfig Like(LanguageModelConfig config, LanguageModelConfig other)
    {
        LanguageModelConfig like = config with { VocabularySize = other.VocabularySize, ContextLength = other.ContextLength };
        return (like, other) is (GptConfig gpt, GptConfig changed)
            ? gpt with { Dropout = changed.Dropout, Recompute = changed.Recompute, Initialization = changed.Initialization }
            : like;
    }
}
