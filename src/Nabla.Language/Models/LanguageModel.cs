using Nabla.Nn;

namespace Nabla.Language;

/// <summary>
/// A model that says for every place in a row of tokens which token comes next, from the tokens up to there and never from later
/// ones. In the shapes below B is the batch, T the tokens of a row and V the vocabulary.
/// </summary>
public abstract class LanguageModel : Module
{
    /// <summary>Gets the sizes and options.</summary>
    public abstract LanguageModelConfig Config { get; }

    /// <summary>Gets V, the number of distinct tokens.</summary>
    public int VocabularySize => Config.VocabularySize;

    /// <summary>Gets the number of tokens in a row of a batch, and the most that the model sees at once.</summary>
    public int ContextLength => Config.ContextLength;

    /// <summary>Returns the logits of every next token: ids [B, T] give [B, T, V].</summary>
    /// <param name="ids">The tokens of each row, in order.</param>
    /// <exception cref="ShapeException">The ids are not [B, T], or more than the model can see.</exception>
    public abstract Tensor Forward(IndexTensor ids);

    /// <summary>Returns the logits of the token after the last: ids [B, T] give [B, V].</summary>
    /// <inheritdoc cref="Forward"/>
    public virtual Tensor NextLogits(IndexTensor ids) => Forward(ids)[.., ^1];

    /// <summary>
    /// Returns the mean cross-entropy, in nats, of the targets [B, T] that follow the ids [B, T]. The first
    /// <see cref="ContextLength"/> - <see cref="LanguageModelConfig.TargetsPerRow"/> of each row are not counted: before them the
    /// row is shorter than the model's window.
    /// </summary>
    /// <exception cref="ShapeException">The ids are not [B, T], or more than the model can see, or the shapes differ.</exception>
    public virtual Tensor Loss(IndexTensor ids, IndexTensor targets)
    {
        Tensor logits = Forward(ids);
        Tensor loss = logits.CrossEntropy(targets);
        logits.Release();
        return loss;
    }

    /// <summary>
    /// Returns the cross-entropy, in nats, of single targets: of what follows the ids [B, T] in the places that count. What
    /// is only read, or only fills a row up, costs no logits.
    /// </summary>
    /// <param name="ids">The tokens of each row, in order.</param>
    /// <param name="places">[N]: places among the B T ids, counted row by row.</param>
    /// <param name="targets">[N]: the token that follows in each of the places.</param>
    /// <returns>[N].</returns>
    /// <exception cref="ShapeException">The ids are not [B, T], or more than the model can see, or a place or target is wrong.</exception>
    public virtual Tensor TargetLosses(IndexTensor ids, IndexTensor places, IndexTensor targets)
    {
        Tensor logits = Forward(ids);
        Tensor losses = logits.View(-1, VocabularySize)[places].CrossEntropy(targets, LossReduction.None);
        logits.Release();
        return losses;
    }

    /// <summary>
    /// Gets the most tokens that a row may hold: for a model that looks through a window, as many as one likes.
    /// </summary>
    internal int LongestRow => Config.TargetsPerRow < ContextLength ? int.MaxValue : ContextLength;

    /// <summary>Throws unless the ids are rows of tokens.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="most">The most that a row may hold.</param>
    private protected void CheckRows(IndexTensor ids, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Rank != 2 || ids.Shape[1] < 1 || ids.Shape[1] > most)
        {
            string limit = most < int.MaxValue ? $" with at most {most} tokens" : string.Empty;
            throw new ShapeException($"{GetType().Name}: ids {ids.Shape}; give rows of tokens, [B, T]{limit}.");
        }
    }
}
