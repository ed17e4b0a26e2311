namespace Nabla.Language;

/// <summary>How long the parts of a training step take on this machine, in seconds.</summary>
/// <param name="Batch">Forward and backward of one batch.</param>
/// <param name="Update">The norm of the gradients and AdamW's change of all parameters, once a step.</param>
public sealed record StepTime(double Batch, double Update)
{
    // A batch that is only measured has no backward, which is two thirds of the work.
    private const double EvaluationShare = 1.0 / 3;

    /// <summary>Gets what was timed where that was not the whole batch; null where it was.</summary>
    public string? TimedInstead { get; init; }

    /// <summary>Returns the time of a step.</summary>
    /// <param name="options">How many batches it has.</param>
    public double Step(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (options.AccumulationSteps * Batch) + Update;
    }

    /// <summary>Returns the time of all steps and of the estimates of the validation loss between them; not that of samples.</summary>
    /// <param name="options">How many there are of each.</param>
    public double All(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        long estimates = options.EvaluationInterval > 0 && options.Steps > 0
            ? (options.Steps + options.EvaluationInterval - 1) / options.EvaluationInterval
            : Math.Min(options.Steps, 1);
        return (options.Steps * Step(options)) + (estimates * options.EvaluationBatches * EvaluationShare * Batch);
    }
}
