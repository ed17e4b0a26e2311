using Nabla.Autograd;

namespace Nabla.Language;

/// <summary>
/// A while in which a model is only asked: it is in evaluation mode and nothing is recorded, and what is made is released at the
/// end, tensors that others keep included.
/// </summary>
internal readonly ref struct Inference : IDisposable
{
    private readonly LanguageModel _model;
    private readonly bool _wasTraining;
    private readonly NoGradScope _noGrad;
    private readonly MemoryScope _outer; // what is kept in the inner one, such as a cache, belongs to it
    private readonly MemoryScope _inner;

    private Inference(LanguageModel model)
    {
        (_model, _wasTraining) = (model, model.IsTraining);
        model.Eval();
        _noGrad = Tensor.NoGrad();
        _outer = MemoryScope.Begin();
        _inner = MemoryScope.Begin();
    }

    /// <summary>Begins the while.</summary>
    public static Inference Begin(LanguageModel model) => new(model);

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner.Dispose();
        _outer.Dispose();
        _noGrad.Dispose();
        _model.Train(_wasTraining);
    }
}
