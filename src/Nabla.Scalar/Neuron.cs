namespace Nabla.Scalar;

/// <summary>A neuron: <c>activation(w1 x1 + w2 x2 + ... + b)</c>.</summary>
public sealed class Neuron : Module
{
    private readonly Func<Value, Value> _activation;

    /// <summary>Makes a neuron with weights and bias drawn evenly from -1 to 1.</summary>
    /// <param name="inputs">How many inputs it has.</param>
    /// <param name="random">Where the numbers are drawn from.</param>
    /// <param name="activation">What squashes the sum; tanh if none is given.</param>
    public Neuron(int inputs, Random random, Func<Value, Value>? activation = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentNullException.ThrowIfNull(random);
        Weights = new Value[inputs];
        for (int i = 0; i < inputs; i++)
        {
            Weights[i] = new((2 * random.NextDouble()) - 1);
        }

        Bias = new((2 * random.NextDouble()) - 1);
        _activation = activation ?? (sum => sum.Tanh());
    }

    /// <summary>Gets the weights, one for each input.</summary>
    public Value[] Weights { get; }

    /// <summary>Gets the bias: how trigger-happy the neuron is, whatever its inputs.</summary>
    public Value Bias { get; }

    /// <inheritdoc/>
    public override IEnumerable<Value> Parameters => [.. Weights, Bias];

    /// <summary>Computes the output.</summary>
    /// <param name="x">The inputs; plain numbers convert: <c>Forward([2, 3])</c>.</param>
    /// <exception cref="ArgumentException">There are not as many inputs as weights.</exception>
    public Value Forward(params ReadOnlySpan<Value> x)
    {
        if (x.Length != Weights.Length)
        {
            throw new ArgumentException($"Neuron: {x.Length} inputs for {Weights.Length} weights: give one for each.", nameof(x));
        }

        Value sum = Bias;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Weights[i] * x[i];
        }

        return _activation(sum);
    }
}
