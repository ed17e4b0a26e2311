using Nabla.Nn;

namespace Nabla.Diagnostics;

/// <summary>
/// While it is open, sees on its thread what every layer below a module puts out and, after backward, the gradients of that. The
/// model's code need not know of it, and what the model computes stays the same bits.
/// </summary>
/// <example>
/// <code>
/// using LayerObserver observer = LayerObserver.Begin(model);
/// model.Forward(x).CrossEntropy(y).Backward();
/// observer.TakeGradients();
/// foreach (LayerStatistics layer in observer.Layers) { Console.WriteLine($"{layer.Name} {layer.Outputs.StandardDeviation}"); }
/// </code>
/// </example>
/// <remarks>
/// The layers of this library show their outputs themselves, and <see cref="Sequential"/> those of any layers in it; a module of
/// your own does so by <see cref="Module.Observed"/>. What passes a layer unchanged or in another
/// shape, such as through dropout in evaluation mode or <see cref="Flatten"/>, is seen once. Statistics gather over all forward passes.
/// </remarks>
public sealed class LayerObserver : IDisposable
{
    [ThreadStatic]
    private static LayerObserver? _current;

    private readonly Dictionary<Module, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Module, LayerStatistics> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<LayerStatistics> _layers = [];
    private readonly List<(LayerStatistics Layer, Tensor Output)> _awaited = [];
    private readonly LayerObserver? _outer;
    private readonly double _saturationBound;
    private Tensor? _last;
    private bool _isOpen = true;

    private LayerObserver(Module root, double saturationBound)
    {
        Name(root, string.Empty);
        (_saturationBound, _outer) = (saturationBound, _current);
        _current = this;
    }

    /// <summary>Gets the layers seen so far, in the order in which the first forward pass came to them.</summary>
    public IReadOnlyList<LayerStatistics> Layers => _layers;

    /// <summary>Gets the innermost open observer of this thread.</summary>
    internal static LayerObserver? Current => _current;

    /// <summary>Opens an observer on this thread; of several, the last one opened sees.</summary>
    /// <param name="root">The module below which layers are seen.</param>
    /// <param name="saturationBound">Beyond which |tanh| counts as saturated.</param>
    public static LayerObserver Begin(Module root, double saturationBound = 0.97)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new LayerObserver(root, saturationBound);
    }

    /// <summary>Takes in the gradients of the outputs seen since the last call. To be called after each backward.</summary>
    public void TakeGradients()
    {
        foreach ((LayerStatistics layer, Tensor output) in _awaited)
        {
            if (output.Grad is Tensor gradient)
            {
                layer.Gradients.Add(gradient.ToArray());
            }
        }

        _awaited.Clear();
        _last = null;
    }

    /// <summary>Stops seeing; what was seen can still be read.</summary>
    /// <exception cref="InvalidOperationException">An observer opened later is still open, or this is another thread.</exception>
    public void Dispose()
    {
        if (!_isOpen)
        {
            return;
        }

        if (_current != this)
        {
            throw new InvalidOperationException("LayerObserver: close later observers first, and each on the thread that opened it.");
        }

        _current = _outer;
        _isOpen = false;
        _awaited.Clear();
        _last = null;
    }

    /// <summary>Takes in what a module put out.</summary>
    internal void See(Module module, Tensor output)
    {
        // A chain puts out what its last layer did, and a layer that only reshapes or does nothing what came in.
        if ((_last is not null && output.Storage == _last.Storage && output.Count == _last.Count) || !_names.TryGetValue(module, out string? name))
        {
            return;
        }

        if (!_seen.TryGetValue(module, out LayerStatistics? layer))
        {
            layer = new LayerStatistics(name, module, _saturationBound);
            _seen.Add(module, layer);
            _layers.Add(layer);
        }

        _last = output;
        layer.AddOutput(output);
        if (!output.IsLeaf)
        {
            _awaited.Add((layer, output.RetainGrad()));
        }
    }

    private void Name(Module module, string path)
    {
        // A module in two places goes by its first.
        if (!_names.TryAdd(module, path))
        {
            return;
        }

        foreach ((string name, Module child) in module.Children)
        {
            Name(child, path.Length == 0 ? name : $"{path}.{name}");
        }
    }
}
