using System.Globalization;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// Changes the vocabulary of a trained model. It enters a GPT in two places only, the token embedding's rows and the head's
/// outputs, so these are resized and everything else is copied.
/// </summary>
public static class VocabularySurgery
{
    /// <summary>How far the rows of new tokens lie from zero: as those of a new model.</summary>
    private const double NewRowDeviation = 0.02;

    // What has one row, or one number, for each token. A tied head has no parameter of its own.
    private static readonly string[] _perToken = ["wte.weight", "lm_head.weight", "lm_head.bias"];

    /// <summary>
    /// Returns a copy of a model with more tokens at the end of its vocabulary, such as the special tokens of a chat. What the
    /// model says about the tokens that it has does not change: their rows and logits stay. New rows are small random numbers,
    /// new biases zero.
    /// </summary>
    /// <param name="model">The model, which stays as it is.</param>
    /// <param name="count">n, the number of tokens to add to V: the embedding becomes [V + n, C], the logits [B, T, V + n].</param>
    /// <param name="random">Where the new rows are drawn from.</param>
    /// <param name="dropoutRandom">Where the copy's dropout masks are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The number is below 1.</exception>
    public static Gpt Grow(Gpt model, int count, RandomGenerator random, RandomGenerator? dropoutRandom = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(random);
        if (count < 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"VocabularySurgery.Grow: the number of tokens to add must be at least 1, not {count}."));
        }

        int size = model.Config.VocabularySize;
        return Copy(model, size + count, dropoutRandom, (old, grown) =>
        {
            grown[..size] = old;
            grown[size..] = NewRows(count, old, random);
        });
    }

    /// <summary>
    /// Returns a copy of a model with a part of its vocabulary. The logits of the tokens that are kept do not change; their
    /// probabilities grow, since there are fewer to share with.
    /// </summary>
    /// <param name="model">The model, which stays as it is.</param>
    /// <param name="newIds">For each old id, [V], its new one, or -1 to drop it. The new ids run from 0 without a gap.</param>
    /// <param name="dropoutRandom">Where the copy's dropout masks are drawn from; null for the default generator.</param>
    /// <exception cref="ArgumentException">The map has not V entries, keeps nothing, or gives an id twice or leaves one out.</exception>
    public static Gpt Shrink(Gpt model, ReadOnlySpan<int> newIds, RandomGenerator? dropoutRandom = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        IndexTensor oldIds = IndexTensor.From(Invert(newIds, model.Config.VocabularySize));
        return Copy(model, oldIds.Count, dropoutRandom, (old, shrunk) => shrunk.CopyInPlace(old[oldIds]));
    }

    /// <summary>Returns the parameters that have a row, or a number, for each token: two places, or one where they are tied.</summary>
    internal static IReadOnlyList<Tensor> PerToken(Gpt model)
        => [.. model.NamedParameters().Where(pair => _perToken.Contains(pair.Key)).Select(pair => pair.Value)];

    /// <summary>Returns what new tokens begin with beside the rows, or numbers, of old ones.</summary>
    internal static Tensor NewRows(int count, Tensor old, RandomGenerator random) => old.Rank == 1
        ? Tensor.Zeros(count)
        : Initialization.Normal(Tensor.Zeros(count, old.Shape[1]), 0, NewRowDeviation, random);

    private static Gpt Copy(Gpt model, int vocabularySize, RandomGenerator? dropoutRandom, Action<Tensor, Tensor> resize)
    {
        // Its own weights are drawn only to be written over.
        Gpt copy = new(model.Config with { VocabularySize = vocabularySize }, new RandomGenerator(0), dropoutRandom);
        using (Tensor.NoGrad())
        {
            foreach (((string name, Tensor old), (_, Tensor parameter)) in model.NamedParameters().Zip(copy.NamedParameters()))
            {
                if (_perToken.Contains(name))
                {
                    resize(old, parameter);
                }
                else
                {
                    parameter.CopyInPlace(old);
                }
            }
        }

        copy.Train(model.IsTraining);
        return copy;
    }

    private static int[] Invert(ReadOnlySpan<int> newIds, int vocabularySize)
    {
        if (newIds.Length != vocabularySize)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"VocabularySurgery.Shrink: the map has {newIds.Length} ids and the model {vocabularySize}: give one for each."));
        }

        int[] oldIds = new int[newIds.Length - newIds.Count(-1)];
        Array.Fill(oldIds, -1);
        for (int old = 0; old < newIds.Length; old++)
        {
            int id = newIds[old];
            if (id != -1 && ((uint)id >= (uint)oldIds.Length || oldIds[id] >= 0))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"VocabularySurgery.Shrink: id {old} becomes {id}, but the {oldIds.Length} ids that are kept must become 0 to "
                    + $"{oldIds.Length - 1}, each once."));
            }

            if (id >= 0)
            {
                oldIds[id] = old;
            }
        }

        return oldIds.Length > 0
            ? oldIds
            : throw new ArgumentException("VocabularySurgery.Shrink: the map keeps no token: keep at least one.");
    }
}
