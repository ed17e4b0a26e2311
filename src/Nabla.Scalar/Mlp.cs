namespace Nabla.Scalar;

/// <summary>A multi-layer perceptron: layers one after the other, each fed with the outputs of the one before.</summary>
public sealed class Mlp : Module
{
    /// <summary>Makes a network.</summary>
    /// <param name="inputs">How many inputs it has.</param>
    /// <param name="outputs">How many neurons each layer has, first to last: <c>[4, 4, 1]</c>.</param>
    /// <param name="random">Where weights and biases are drawn from.</param>
    /// <param name="hidden">What squashes the sums of all layers but the last; tanh if none is given.</param>
    /// <param name="last">What squashes those of the last layer, <c>x => x</c> for nothing; tanh if none is given.</param>
    public Mlp(
        int inputs,
        ReadOnlySpan<int> outputs,
        Random random,
        Func<Value, Value>? hidden = null,
        Func<Value, Value>? last = null)
    {
        if (outputs.IsEmpty)
        {
            throw new ArgumentException("Mlp: no layers: name the size of at least one.", nameof(outputs));
        }

        Layers = new Layer[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            Layers[i] = new(i == 0 ? inputs : outputs[i - 1], outputs[i], random, i < outputs.Length - 1 ? hidden : last);
        }
    }

    /// <summary>Gets the layers.</summary>
    public Layer[] Layers { get; }

    /// <inheritdoc/>
    public override IEnumerable<Value> Parameters => Layers.SelectMany(layer => layer.Parameters);

    /// <summary>Computes the outputs of the last layer.</summary>
    /// <param name="x">The inputs; plain numbers convert.</param>
    public Value[] Forward(params ReadOnlySpan<Value> x)
    {
        foreach (Layer layer in Layers)
        {
            x = layer.Forward(x);
        }

        return [.. x];
    }

    /// <summary>Computes the output of a network that ends in one neuron.</summary>
    /// <param name="x">The inputs; plain numbers convert.</param>
    /// <exception cref="InvalidOperationException">The network has several outputs.</exception>
    public Value Output(params ReadOnlySpan<Value> x) => Layers[^1].Neurons.Length == 1
        ? Forward(x)[0]
        : throw new InvalidOperationException($"Mlp: it has {Layers[^1].Neurons.Length} outputs, not one: call Forward.");
}
