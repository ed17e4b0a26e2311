using Nabla.Diagnostics;
using Nabla.Nn;

namespace Nabla.Language;

/// <summary>Watches a model through one step of its training, which stays the same bits.</summary>
/// <param name="model">The model.</param>
internal sealed class StepObserver(Module model) : IDisposable
{
    private readonly LayerObserver _layers = LayerObserver.Begin(model);
    private UpdateRatios? _before;

    /// <summary>To be called after each backward.</summary>
    public void TakeGradients() => _layers.TakeGradients();

    /// <summary>To be called when the optimiser is about to change the parameters.</summary>
    public void BeforeUpdate() => _before = UpdateRatios.Before(model);

    /// <summary>Returns what the step showed, once the parameters have changed.</summary>
    public StepWatch Result() => Watch(
        _layers.Layers, _before?.After().ToDictionary(pair => pair.Key, pair => (float)pair.Value) ?? []);

    /// <summary>Puts together what is watched.</summary>
    public static StepWatch Watch(IReadOnlyList<LayerStatistics> layers, IReadOnlyDictionary<string, float> updates)
    {
        return new StepWatch(
            updates,
            Shares(layer => layer.Saturation),
            Shares(layer => (double?)layer.DeadUnitCount / layer.UnitCount));

        Dictionary<string, float> Shares(Func<LayerStatistics, double?> share)
        {
            Dictionary<string, float> shares = [];
            foreach (LayerStatistics layer in layers)
            {
                if (share(layer) is double value)
                {
                    shares.Add(layer.Name, (float)value);
                }
            }

            return shares;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.Dispose();
}
