using Nabla.Optim;

namespace Nabla.Language;

/// <summary>
/// Trains nothing of a model but the rows of its last tokens: those that <see cref="VocabularySurgery.Grow"/> added, or gist
/// tokens that are to stand for a long prompt (Mu et al., "Learning to Compress Prompts with Gist Tokens", 2023).
/// </summary>
/// <remarks>
/// Compute a loss in any way, call <c>Backward()</c>, then <see cref="Step"/>. The rows of other tokens keep their bits: their
/// gradients are cleared, and there is no weight decay, which would move them all the same.
/// </remarks>
public sealed class NewTokenTraining
{
    private readonly NewTokenRows _rows;
    private readonly AdamW _optimizer;

    /// <summary>Freezes a model but for the rows of its last tokens.</summary>
    /// <param name="model">The model; all parameters but the embedding's and the head's stop needing gradients.</param>
    /// <param name="firstNewId">The first id whose rows are trained, to the last of the vocabulary.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <exception cref="ArgumentException">The vocabulary has no such id.</exception>
    public NewTokenTraining(Gpt model, int firstNewId, float learningRate = 1e-3f)
    {
        ArgumentNullException.ThrowIfNull(model);
        _rows = new NewTokenRows(model, firstNewId, nameof(NewTokenTraining));
        _optimizer = new AdamW(_rows.Parameters, learningRate, weightDecay: 0);
    }

    /// <summary>Moves the rows of the new tokens against their gradients, and forgets all gradients.</summary>
    public void Step()
    {
        _rows.ClearOtherGradients();
        _optimizer.Step();
        _optimizer.ZeroGrad();
    }
}
