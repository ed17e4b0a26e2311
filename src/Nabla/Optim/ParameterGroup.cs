namespace Nabla.Optim;

/// <summary>Parameters that share a learning rate and a weight decay.</summary>
public sealed class ParameterGroup
{
    private readonly Tensor[] _parameters;

    /// <summary>Makes a group of parameters.</summary>
    /// <param name="parameters">The tensors to train; kept in this order, which names the state in a checkpoint.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="weightDecay">The weight decay; customary is none for biases and the scales of normalisations.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate or the weight decay is negative or not finite.</exception>
    public ParameterGroup(IEnumerable<Tensor> parameters, float learningRate, float weightDecay)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>Gets the parameters.</summary>
    public IReadOnlyList<Tensor> Parameters => _parameters;

    /// <summary>Gets or sets the learning rate of the next step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = Checked(value, nameof(LearningRate));
    }

    /// <summary>Gets or sets the weight decay of the next step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float WeightDecay
    {
        get;
        set => field = Checked(value, nameof(WeightDecay));
    }

    private static float Checked(float value, string name) => value >= 0 && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and not negative.");
}
