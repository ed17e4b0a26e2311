using Nabla.Nn;

namespace Nabla.Diagnostics;

/// <summary>
/// How much a step changes each parameter in proportion to what it is: the standard deviation of the change over that of the
/// values before it. About 1e-3 is healthy; far less learns slowly, far more breaks what was learned.
/// </summary>
/// <example><code>UpdateRatios before = UpdateRatios.Before(model); optimizer.Step(); var ratios = before.After();</code></example>
/// <remarks>Parameters of one dimension are left out: biases and scales may begin all equal, with no spread to compare with.</remarks>
public sealed class UpdateRatios
{
    private readonly List<(string Name, Tensor Parameter, float[] Before)> _parameters = [];

    private UpdateRatios(Module module)
    {
        foreach ((string name, Tensor parameter) in module.NamedParameters())
        {
            if (parameter.Rank >= 2)
            {
                _parameters.Add((name, parameter, parameter.ToArray()));
            }
        }
    }

    /// <summary>Remembers the parameters of a module as they are now.</summary>
    public static UpdateRatios Before(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new UpdateRatios(module);
    }

    /// <summary>
    /// Returns the ratio of each parameter's change since then, by its path; without those that had no spread, such as a matrix of
    /// zeros, and those that are not finite now.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> After()
    {
        List<KeyValuePair<string, double>> ratios = [];
        foreach ((string name, Tensor parameter, float[] before) in _parameters)
        {
            float[] change = parameter.ToArray();
            for (int i = 0; i < change.Length; i++)
            {
                change[i] -= before[i];
            }

            double ratio = Spread(change) / Spread(before);
            if (double.IsFinite(ratio))
            {
                ratios.Add(new(name, ratio));
            }
        }

        return ratios;
    }

    // In double and twice over the values: a change is small beside its mean where all values shrink alike.
    private static double Spread(float[] values)
    {
        double mean = 0;
        foreach (float value in values)
        {
            mean += value;
        }

        mean /= values.Length;
        double squares = 0;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (values.Length - 1));
    }
}
