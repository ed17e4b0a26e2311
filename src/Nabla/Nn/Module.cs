namespace Nabla.Nn;

/// <summary>
/// A part of a network: it owns parameters, buffers and other modules. Creating one of them registers it, so there is no second
/// step that could be forgotten.
/// </summary>
public abstract partial class Module
{
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly List<KeyValuePair<string, Module>> _children = [];

    /// <summary>Gets whether the module is in training mode, where dropout drops and batch norm looks at the batch.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Gets the modules that this one owns directly, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => _children;

    /// <summary>Gets the number of trainable numbers; a parameter used in two places counts once.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    /// <summary>Sets training or evaluation mode for this module and everything below it.</summary>
    /// <param name="isTraining">True for training.</param>
    public void Train(bool isTraining = true)
    {
        IsTraining = isTraining;
        foreach ((_, Module child) in _children)
        {
            child.Train(isTraining);
        }
    }

    /// <summary>Sets evaluation mode for this module and everything below it.</summary>
    public void Eval() => Train(isTraining: false);

    /// <summary>
    /// Returns every parameter below this module with its path, such as <c>h.0.attn.c_proj.weight</c>, in the order of creation.
    /// A parameter used in two places appears once, under its first path.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> NamedParameters()
        => Collect(parameters: true, buffers: false);

    /// <summary>Returns every parameter below this module once, in the order of creation.</summary>
    public IReadOnlyList<Tensor> Parameters() => [.. NamedParameters().Select(pair => pair.Value)];

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (Tensor parameter in Parameters())
        {
            parameter.ZeroGrad();
        }
    }

    /// <summary>Makes a tensor a parameter of this module.</summary>
    /// <param name="name">Its name in this module, such as <c>weight</c>.</param>
    /// <param name="parameter">A tensor that was not computed on the tape.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is taken, or it is empty or has a dot.</exception>
    protected Tensor AddParameter(string name, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckName(name);
        parameter.RequiresGrad = true;
        _parameters.Add(new(name, parameter.Keep()));
        return parameter;
    }

    /// <summary>Makes a module a part of this one.</summary>
    /// <param name="name">Its name in this module, such as <c>ln_1</c>.</param>
    /// <param name="child">The module.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">The name is taken, or it is empty or has a dot.</exception>
    protected TModule AddModule<TModule>(string name, TModule child)
        where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        _children.Add(new(name, child));
        return child;
    }

    private void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{GetType().Name}: '{name}' cannot name a parameter, buffer or module; dots separate the levels of a path.");
        }

        if (_parameters.Concat(_buffers).Any(pair => pair.Key == name) || _children.Exists(pair => pair.Key == name))
        {
            throw new ArgumentException($"{GetType().Name}: there is already a parameter, buffer or module named '{name}'.");
        }
    }

    private List<KeyValuePair<string, Tensor>> Collect(bool parameters, bool buffers)
    {
        List<KeyValuePair<string, Tensor>> found = [];
        HashSet<Tensor> seen = new(ReferenceEqualityComparer.Instance);
        Visit(this, string.Empty);
        return found;

        void Visit(Module module, string path)
        {
            Add(parameters ? module._parameters : [], path);
            Add(buffers ? module._buffers : [], path);
            foreach ((string name, Module child) in module._children)
            {
                Visit(child, $"{path}{name}.");
            }
        }

        void Add(List<KeyValuePair<string, Tensor>> tensors, string path)
        {
            foreach ((string name, Tensor tensor) in tensors)
            {
                if (seen.Add(tensor))
                {
                    found.Add(new(path + name, tensor));
                }
            }
        }
    }
}
