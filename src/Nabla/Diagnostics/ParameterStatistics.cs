using Nabla.Nn;

namespace Nabla.Diagnostics;

/// <summary>What is to be known of one parameter and its gradients.</summary>
public sealed class ParameterStatistics
{
    private readonly Tensor _parameter;

    private ParameterStatistics(string name, Tensor parameter)
    {
        (Name, _parameter) = (name, parameter);
        Values.Add(parameter.ToArray());
    }

    /// <summary>Gets the parameter's path, such as <c>h.0.mlp.c_fc.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Gets its shape.</summary>
    public Shape Shape => _parameter.Shape;

    /// <summary>Gets its values, as they were when the statistics were begun.</summary>
    public ValueStatistics Values { get; } = new();

    /// <summary>Gets its gradients, of all that were taken.</summary>
    public ValueStatistics Gradients { get; } = new();

    /// <summary>
    /// Gets the spread of the gradients over that of the values; null where the values have none. It says how much a step of plain
    /// gradient descent with a rate of 1 would change; a parameter far above the others learns that much faster.
    /// </summary>
    public double? GradientToData => Values.StandardDeviation > 0 ? Gradients.StandardDeviation / Values.StandardDeviation : null;

    /// <summary>Begins statistics of every parameter below a module.</summary>
    public static IReadOnlyList<ParameterStatistics> Of(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return [.. module.NamedParameters().Select(pair => new ParameterStatistics(pair.Key, pair.Value))];
    }

    /// <summary>Takes in the gradient as it is now, if there is one. To be called after each backward.</summary>
    public void TakeGradient()
    {
        if (_parameter.Grad is Tensor gradient)
        {
            Gradients.Add(gradient.ToArray());
        }
    }
}
