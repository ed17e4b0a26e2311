namespace Nabla.Language;

/// <summary>Says of a training what is wrong with it, once for each kind of fault.</summary>
/// <param name="options">How the training goes.</param>
/// <param name="vocabularySize">The number of tokens to guess from.</param>
internal sealed class TrainingWarnings(TrainingOptions options, int vocabularySize)
{
    // The mean forgets so that about the last fifty steps count; before there are as many, it says little.
    private const double Memory = 0.98;
    private const int FirstSteps = 50;

    private readonly HashSet<FindingKind> _said = [];
    private double _mean;
    private double _lowest = double.PositiveInfinity;
    private int _steps;

    /// <summary>Returns a line for each fault that a step is the first to show.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="watch">What else it showed, where it was watched.</param>
    /// <param name="isUntrained">Whether the model had learned nothing before it.</param>
    public IReadOnlyList<string> Of(int step, float loss, StepWatch? watch, bool isUntrained)
    {
        List<Finding> findings = [];
        if (isUntrained && FindingRules.FirstLoss(loss, vocabularySize) is Finding first)
        {
            findings.Add(first);
        }

        if (watch is not null)
        {
            findings.AddRange(FindingRules.Of(watch, step, options));
        }

        if (options.WatchInterval > 0 && Rises(loss))
        {
            findings.Add(FindingRules.RisingLoss(_mean, _lowest));
        }

        return [.. findings.Where(finding => _said.Add(finding.Kind)).Select(finding => $"Step {step}: {finding}")];
    }

    private bool Rises(float loss)
    {
        _steps++;
        _mean += (loss - _mean) * Math.Max(1 - Memory, 1.0 / _steps);
        if (_steps < FirstSteps)
        {
            return false;
        }

        _lowest = Math.Min(_lowest, _mean);
        return _mean > (1.1 * _lowest) + 0.1;
    }
}
