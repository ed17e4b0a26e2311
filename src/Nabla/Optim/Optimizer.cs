using Nabla.Kernels;

namespace Nabla.Optim;

/// <summary>Changes parameters by their gradients, one step at a time.</summary>
/// <remarks>
/// A step is the same bits on any number of threads. It writes to the parameters without a trace on the tape; a backward pass
/// that still needs their old values says so. To write another optimiser, derive from this class, make its state by
/// <see cref="NewState"/> in the constructor, and do one parameter in <see cref="Update"/>.
/// </remarks>
public abstract class Optimizer
{
    private readonly ParameterGroup[] _groups;
    private readonly Tensor[] _parameters;
    private readonly List<KeyValuePair<string, Tensor>> _state = [];

    /// <summary>Takes charge of groups of parameters.</summary>
    /// <param name="groups">The groups; no tensor may be in them twice.</param>
    /// <exception cref="ArgumentException">
    /// There is no parameter, or one appears twice, is not contiguous, or was computed rather than given.
    /// </exception>
    protected Optimizer(IEnumerable<ParameterGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _groups = [.. groups];
        _parameters = [.. _groups.SelectMany(group => group.Parameters)];
        CheckParameters();
    }

    /// <summary>Gets the groups, each with its own learning rate and weight decay.</summary>
    public IReadOnlyList<ParameterGroup> Groups => _groups;

    /// <summary>Gets the parameters of all groups, in order.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>Gets the number of steps taken so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>
    /// Gets what the optimiser remembers between steps, for a checkpoint: the tensors themselves, not copies, under names such as
    /// <c>m.0</c>, which number the parameters in their order over all groups.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _state;

    /// <summary>Takes one step. A parameter without a gradient stays as it is.</summary>
    public void Step() => Step(1);

    /// <summary>
    /// Takes one step by the gradients times a factor, to the same bits as if they had been multiplied before. What they hold
    /// afterwards, the product or what it was, depends on the optimiser.
    /// </summary>
    /// <param name="gradientScale">The factor, such as that of <see cref="GradientClipping.Measure"/>.</param>
    public void Step(float gradientScale)
    {
        StepCount++;
        GradientScale = gradientScale;
        int index = 0;
        foreach (ParameterGroup group in _groups)
        {
            for (int i = 0; i < group.Parameters.Count; i++, index++)
            {
                Tensor parameter = _parameters[index];
                if (parameter.Grad is Tensor gradient)
                {
                    if (gradientScale != 1 && !ScalesGradients)
                    {
                        GradientClipping.Scale(gradient, gradientScale);
                    }

                    Update(index, group, parameter, gradient);
                    parameter.Touch();
                }
            }
        }
    }

    /// <summary>Forgets the gradient of every parameter, so that the next backward pass starts from zero.</summary>
    public void ZeroGrad()
    {
        foreach (Tensor parameter in _parameters)
        {
            parameter.ZeroGrad();
        }
    }

    /// <summary>Sets the learning rate of every group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public void SetLearningRate(float learningRate)
    {
        foreach (ParameterGroup group in _groups)
        {
            group.LearningRate = learningRate;
        }
    }

    /// <summary>
    /// Goes back to where <see cref="State"/> and <see cref="StepCount"/> were saved; the steps that follow are the same bits.
    /// </summary>
    /// <param name="state">The saved tensors by name; they are copied.</param>
    /// <param name="stepCount">The saved number of steps.</param>
    /// <exception cref="ArgumentException">
    /// A tensor is missing, has another shape, or does not belong to this optimiser; nothing has been changed then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stepCount"/> is negative.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state, long stepCount)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfNegative(stepCount);
        CheckState(state);
        foreach ((string name, Tensor own) in _state)
        {
            StridedCopy.Run(state[name], own, add: false);
            own.Touch();
        }

        StepCount = stepCount;
    }

    /// <summary>Gets whether <see cref="Update"/> itself multiplies gradients by <see cref="GradientScale"/>.</summary>
    protected virtual bool ScalesGradients => false;

    /// <summary>Gets the factor of the gradients in the running step.</summary>
    protected float GradientScale { get; private set; } = 1;

    /// <summary>Changes one parameter, which has a gradient, and the state that belongs to it.</summary>
    /// <param name="index">The place of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="group">The group of the parameter.</param>
    /// <param name="parameter">The parameter, contiguous.</param>
    /// <param name="gradient">Its gradient, contiguous and of the same shape.</param>
    protected abstract void Update(int index, ParameterGroup group, Tensor parameter, Tensor gradient);

    /// <summary>
    /// Makes a tensor of zeros for every parameter, which <see cref="State"/> lists and no <see cref="MemoryScope"/> releases.
    /// </summary>
    /// <param name="name">What the tensors are called in front of the number of the parameter.</param>
    /// <param name="shape">Their shape; none for that of the parameter.</param>
    /// <returns>The tensors in the order of <see cref="Parameters"/>.</returns>
    protected Tensor[] NewState(string name, Shape? shape = null)
    {
        Tensor[] tensors = new Tensor[_parameters.Length];
        for (int index = 0; index < tensors.Length; index++)
        {
            tensors[index] = new Tensor(shape ?? _parameters[index].Shape, scoped: false);
            tensors[index].Clear();
            _state.Add(new($"{name}.{index}", tensors[index]));
        }

        return tensors;
    }

    private void CheckParameters()
    {
        string self = GetType().Name;
        if (_parameters.Length == 0)
        {
            throw new ArgumentException($"{self}: there is no parameter to train.");
        }

        Dictionary<nint, int> places = [];
        for (int index = 0; index < _parameters.Length; index++)
        {
            Tensor parameter = _parameters[index];
            if (!parameter.IsLeaf || !parameter.IsContiguous)
            {
                string fault = parameter.IsLeaf ? "not contiguous" : "computed from others";
                throw new ArgumentException(
                    $"{self}: parameter {index} of shape {parameter.Shape} is {fault}; give the tensor that holds the weights.");
            }

            // Views of the same memory are the same weights, so it is the address that must be new.
            if (parameter.Count > 0 && !places.TryAdd(AddressOf(parameter), index))
            {
                throw new ArgumentException(
                    $"{self}: parameters {places[AddressOf(parameter)]} and {index} of shape {parameter.Shape} are the same " +
                    "memory; list tied weights once.");
            }
        }
    }

    private void CheckState(IReadOnlyDictionary<string, Tensor> state)
    {
        string self = GetType().Name;
        foreach ((string name, Tensor own) in _state)
        {
            if (!state.TryGetValue(name, out Tensor? saved))
            {
                throw new ArgumentException(
                    $"{self}: the state has no '{name}'; it was saved by another optimiser or for fewer parameters.");
            }

            if (saved.Shape != own.Shape)
            {
                throw new ArgumentException(
                    $"{self}: '{name}' of the state is {saved.Shape}, here it is {own.Shape}; " +
                    "it was saved for other parameters or in another order.");
            }
        }

        if (state.Count != _state.Count)
        {
            HashSet<string> known = [.. _state.Select(entry => entry.Key)];
            throw new ArgumentException(
                $"{self}: '{state.Keys.First(name => !known.Contains(name))}' of the state is not known here; " +
                "it was saved by another optimiser or for more parameters.");
        }
    }

    private static unsafe nint AddressOf(Tensor parameter) => (nint)parameter.Pointer;
}
