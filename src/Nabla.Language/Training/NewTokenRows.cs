using System.Globalization;

namespace Nabla.Language;

/// <summary>
/// The rows of a GPT's last tokens in its embedding and its head, the only part of it that is trained: everything else keeps its
/// bits.
/// </summary>
internal sealed class NewTokenRows
{
    private readonly int _firstNewId;

    /// <summary>Freezes a model but for the rows of its last tokens.</summary>
    /// <param name="model">The model; all parameters but the embedding's and the head's stop needing gradients.</param>
    /// <param name="firstNewId">The first id whose rows are trained, to the last of the vocabulary.</param>
    /// <param name="owner">What errors say they are from.</param>
    /// <exception cref="ArgumentException">The vocabulary has no such id.</exception>
    public NewTokenRows(Gpt model, int firstNewId, string owner)
    {
        if (firstNewId < 0 || firstNewId >= model.Config.VocabularySize)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{owner}: the first new id {firstNewId} is not one of the vocabulary of {model.Config.VocabularySize}."));
        }

        _firstNewId = firstNewId;
        Parameters = VocabularySurgery.PerToken(model);
        foreach (Tensor parameter in model.Parameters())
        {
            parameter.RequiresGrad = false;
        }

        foreach (Tensor parameter in Parameters)
        {
            parameter.RequiresGrad = true;
        }
    }

    /// <summary>
    /// Gets the parameters that hold the rows. They must not decay, which would move the rows of the other tokens all the same.
    /// </summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>Clears the gradients of the other tokens' rows.</summary>
    public void ClearOtherGradients()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.Grad?[.._firstNewId].ZeroInPlace();
        }
    }
}
