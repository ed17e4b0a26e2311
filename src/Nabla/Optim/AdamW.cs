namespace Nabla.Optim;

/// <summary>
/// Adam with decoupled weight decay: a step first shrinks a parameter by <c>lr weightDecay p</c>, whatever its gradient, then
/// does what <see cref="Adam"/> does. I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization" (2017),
/// arXiv:1711.05101.
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>Trains parameters with one learning rate and weight decay.</summary>
    /// <param name="parameters">The tensors to train.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">How much of the mean gradient a step keeps.</param>
    /// <param name="beta2">How much of the mean squared gradient a step keeps.</param>
    /// <param name="epsilon">What is added to the root, which may be zero.</param>
    /// <param name="weightDecay">What of a parameter a step removes, times the learning rate; 0 for none.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public AdamW(
        IEnumerable<Tensor> parameters,
        float learningRate = 1e-3f,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        float weightDecay = 0.01f)
        : this([new ParameterGroup(parameters, learningRate, weightDecay)], beta1, beta2, epsilon)
    {
    }

    /// <summary>Trains groups of parameters, each with its own learning rate and weight decay.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="beta1">How much of the mean gradient a step keeps.</param>
    /// <param name="beta2">How much of the mean squared gradient a step keeps.</param>
    /// <param name="epsilon">What is added to the root, which may be zero.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups, beta1, beta2, epsilon, decoupled: true)
    {
    }
}
