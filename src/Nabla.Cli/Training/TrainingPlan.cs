using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>A run that is to be begun.</summary>
/// <param name="Source">A named set, or a path as the user wrote it.</param>
/// <param name="Kind">How the text is read.</param>
/// <param name="Settings">All that is set.</param>
/// <param name="Folder">The run's folder; null for a new one in <c>runs</c>.</param>
internal sealed record TrainingPlan(string Source, TextKind Kind, TrainSettings Settings, string? Folder)
{
    /// <summary>Refuses settings that make no run, before anything is loaded.</summary>
    /// <exception cref="UsageException">One is out of its range, or two contradict each other.</exception>
    public void Validate()
    {
        try
        {
            Settings.Model.Validate();
            Settings.Training.Validate();
            new GenerationOptions { Temperature = Settings.Temperature, MaxTokens = Settings.Training.SampleTokens }.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }

        if (Settings.Training.WarmupSteps > Settings.Training.Steps)
        {
            throw new UsageException(
                $"The warm-up ({Settings.Training.WarmupSteps} steps) is longer than the run ({Settings.Training.Steps} steps).");
        }

        if (Settings.SampleCount < 0)
        {
            throw new UsageException($"The number of samples must be at least 0, not {Settings.SampleCount}.");
        }
    }
}
