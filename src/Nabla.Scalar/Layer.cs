namespace Nabla.Scalar;

/// <summary>Neurons side by side: all see the same inputs, each has its own weights.</summary>
public sealed class Layer : Module
{
    /// <summary>Makes a layer.</summary>
    /// <param name="inputs">How many inputs each neuron has.</param>
    /// <param name="outputs">How many neurons there are.</param>
    /// <param name="random">Where weights and biases are drawn from.</param>
    /// <param name="activation">What squashes the sums; tanh if none is given.</param>
    public Layer(int inputs, int outputs, Random random, Func<Value, Value>? activation = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Neurons = new Neuron[outputs];
        for (int i = 0; i < outputs; i++)
        {
            Neurons[i] = new(inputs, random, activation);
        }
    }

    /// <summary>Gets the neurons.</summary>
    public Neuron[] Neurons { get; }

    /// <inheritdoc/>
    public override IEnumerable<Value> Parameters => Neurons.SelectMany(neuron => neuron.Parameters);

    /// <summary>Computes the output of every neuron.</summary>
    /// <param name="x">The inputs; plain numbers convert.</param>
    public Value[] Forward(params ReadOnlySpan<Value> x)
    {
        var outputs = new Value[Neurons.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Neurons[i].Forward(x);
        }

        return outputs;
    }
}
