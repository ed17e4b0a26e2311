using System.Globalization;

namespace Nabla.Nn;

/// <summary>Layers applied one after another; their names are their numbers, as in PyTorch.</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] _layers;

    /// <summary>Creates the chain.</summary>
    public Sequential(params Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = layers;
        for (int index = 0; index < layers.Length; index++)
        {
            AddModule(index.ToString(CultureInfo.InvariantCulture), layers[index]);
        }
    }

    /// <summary>Applies the layers in order.</summary>
    public override Tensor Forward(Tensor x)
    {
        foreach (Layer layer in _layers)
        {
            x = layer.Observed(layer.Forward(x));
        }

        return x;
    }
}
