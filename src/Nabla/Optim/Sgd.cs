using Nabla.Kernels;

namespace Nabla.Optim;

/// <summary>
/// Stochastic gradient descent, with or without momentum: <c>b = momentum b + g; p = p - lr b</c>, where g is the gradient with
/// the weight decay, <c>weightDecay p</c>, added.
/// </summary>
/// <remarks>
/// Momentum and Nesterov's variant, <c>p = p - lr (g + momentum b)</c>, are those of PyTorch's <c>SGD</c> without dampening,
/// after I. Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013).
/// </remarks>
public sealed class Sgd : Optimizer
{
    private readonly Tensor[] _momenta;

    /// <summary>Trains parameters with one learning rate and weight decay.</summary>
    /// <param name="parameters">The tensors to train.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="momentum">The part of the last step that is taken again; 0 for none.</param>
    /// <param name="weightDecay">What of a parameter is added to its gradient; 0 for none.</param>
    /// <param name="nesterov">Whether to look ahead by the momentum.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public Sgd(
        IEnumerable<Tensor> parameters,
        float learningRate,
        float momentum = 0,
        float weightDecay = 0,
        bool nesterov = false)
        : this([new ParameterGroup(parameters, learningRate, weightDecay)], momentum, nesterov)
    {
    }

    /// <summary>Trains groups of parameters, each with its own learning rate and weight decay.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="momentum">The part of the last step that is taken again; 0 for none.</param>
    /// <param name="nesterov">Whether to look ahead by the momentum.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public Sgd(IEnumerable<ParameterGroup> groups, float momentum = 0, bool nesterov = false)
        : base(groups)
    {
        if (!(momentum >= 0 && float.IsFinite(momentum)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(momentum), momentum, "Sgd: the momentum must be finite and not negative.");
        }

        if (nesterov && momentum == 0)
        {
            throw new ArgumentException(
                "Sgd: Nesterov's variant looks ahead by the momentum, which is 0; give one, such as 0.9.", nameof(nesterov));
        }

        Momentum = momentum;
        Nesterov = nesterov;
        _momenta = momentum > 0 ? NewState("momentum") : [];
    }

    /// <summary>Gets the part of the last step that is taken again.</summary>
    public float Momentum { get; }

    /// <summary>Gets whether a step looks ahead by the momentum.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    protected override unsafe void Update(int index, ParameterGroup group, Tensor parameter, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(gradient);
        Tensor? momenta = Momentum > 0 ? _momenta[index] : null;
        float* b = momenta is null ? null : momenta.Pointer;
        SgdKernel kernel = new(parameter.Pointer, gradient.Pointer, b, group.LearningRate, group.WeightDecay, Momentum, Nesterov);
        ParallelFor.Run(parameter.Count, 2, new VectorLoop<SgdKernel>(kernel));
        momenta?.Touch();
        GC.KeepAlive(parameter);
        GC.KeepAlive(gradient);
        GC.KeepAlive(momenta);
    }
}

/// <summary>A step of <see cref="Sgd"/> in one pass over memory; b is null where there is no momentum.</summary>
file readonly unsafe struct SgdKernel(
    float* p, float* g, float* b, float learningRate, float weightDecay, float momentum, bool nesterov) : IVectorBody
{
    public int Range<V>(int index, int end)
        where V : unmanaged, IVector<V>
    {
        for (; index <= end - V.Count; index += V.Count)
        {
            V parameter = V.Load(p + index);
            V step = V.MultiplyAdd(V.Broadcast(weightDecay), parameter, V.Load(g + index));
            if (b is not null)
            {
                V running = V.MultiplyAdd(V.Broadcast(momentum), V.Load(b + index), step);
                running.Store(b + index);
                step = nesterov ? V.MultiplyAdd(V.Broadcast(momentum), running, step) : running;
            }

            V.MultiplyAdd(V.Broadcast(-learningRate), step, parameter).Store(p + index);
        }

        return index;
    }
}
