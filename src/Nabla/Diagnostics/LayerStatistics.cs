using Nabla.Nn;

namespace Nabla.Diagnostics;

/// <summary>What a <see cref="LayerObserver"/> saw of one layer.</summary>
public sealed class LayerStatistics
{
    /// <summary>A tanh unit counts as active in an example where it is not further out than this.</summary>
    private const float DeadTanh = 0.99f;

    private readonly Func<float, float>? _size;
    private readonly Func<float, bool>? _active;
    private readonly double _bound;
    private long _saturated;
    private bool[] _wasActive = [];

    internal LayerStatistics(string name, Module module, double saturationBound)
    {
        (Name, Kind, _bound) = (name, module.GetType().Name.Split('`')[0], saturationBound);
        _size = module switch
        {
            Tanh or Rnn => MathF.Abs,
            Sigmoid => y => MathF.Abs((2 * y) - 1), // sigmoid(x) = (1 + tanh(x / 2)) / 2
            _ => null,
        };
        _active = module is Relu ? y => y > 0 : _size is Func<float, float> size ? y => size(y) <= DeadTanh : null;
    }

    /// <summary>Gets the layer's path, such as <c>h.0.mlp.c_fc</c>; empty for the observed module itself.</summary>
    public string Name { get; }

    /// <summary>Gets the type of the layer, such as <c>Tanh</c>.</summary>
    public string Kind { get; }

    /// <summary>Gets what the layer put out, over all examples.</summary>
    public ValueStatistics Outputs { get; } = new();

    /// <summary>Gets the gradients of the loss with respect to that.</summary>
    public ValueStatistics Gradients { get; } = new();

    /// <summary>Gets the number of units: the size of the output's last dimension.</summary>
    public int UnitCount => _wasActive.Length;

    /// <summary>
    /// Gets the share of the outputs that lie in a flat tail, |tanh| above the bound, where next to no gradient comes through; null
    /// for layers without tails.
    /// </summary>
    public double? Saturation => _size is null || Outputs.Count == 0 ? null : (double)_saturated / Outputs.Count;

    /// <summary>
    /// Gets how many units let no gradient through in any example seen: ReLU never above 0, or |tanh| always above 0.99; null for
    /// layers that cannot die.
    /// </summary>
    public int? DeadUnitCount => _active is null ? null : _wasActive.Count(active => !active);

    internal void AddOutput(Tensor output)
    {
        float[] values = output.ToArray();
        Outputs.Add(values);
        int units = output.Rank > 0 ? output.Shape[^1] : 1;
        if (_wasActive.Length < units)
        {
            Array.Resize(ref _wasActive, units);
        }

        for (int i = 0; _size is not null && i < values.Length; i++)
        {
            _saturated += _size(values[i]) > _bound ? 1 : 0;
        }

        for (int i = 0; _active is not null && i < values.Length; i++)
        {
            _wasActive[i % units] |= _active(values[i]);
        }
    }
}
