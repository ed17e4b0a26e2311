namespace Nabla.Language;

/// <summary>What the trainer says after each step.</summary>
/// <param name="Step">The number of the step just done, from 0.</param>
/// <param name="Steps">The number of steps in all.</param>
/// <param name="Loss">The loss of the step's batch, in nats per token.</param>
/// <param name="ValidationLoss">The estimated validation loss after the step, where there is one.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="GradientNorm">The norm of all gradients together, before clipping.</param>
/// <param name="TokensPerSecond">The speed over the last steps, evaluation and checkpoints left out.</param>
/// <param name="Sample">A text drawn from the model as it is now, where one was asked for.</param>
/// <param name="Warnings">What the step is the first to show to be wrong with the training, a line each.</param>
public sealed record TrainingProgress(
    int Step,
    int Steps,
    float Loss,
    float? ValidationLoss,
    float LearningRate,
    float GradientNorm,
    double TokensPerSecond,
    string? Sample,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Gets the share of HellaSwag's questions that the model answers rightly after the step, where it was asked.</summary>
    public float? HellaSwag { get; init; }

    /// <summary>Gets how long the step took, evaluation and checkpoints left out.</summary>
    public TimeSpan StepTime { get; init; }
}

/// <summary>Thrown when training cannot go on; the message names the step, the fault and the mend.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
