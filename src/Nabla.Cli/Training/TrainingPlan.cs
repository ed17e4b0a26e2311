using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>A run that is to be begun.</summary>
/// <param name="Source">A named set, or a path as the user wrote it.</param>
/// <param name="Kind">How the text is read.</param>
/// <param name="Settings">All that is set.</param>
/// <param name="Folder">The run's folder; null for a new one in <c>runs</c>.</param>
/// <param name="From">The model whose weights the run begins with; null for new ones.</param>
internal sealed record TrainingPlan(string Source, TextKind Kind, TrainSettings Settings, string? Folder, SavedModel? From = null)
{
    // What training may take of the machine's memory: the rest is for the text, and for other programs.
    private const double MemoryShare = 0.5;

    private const int MostPadding = 1 << 16;

    /// <summary>
    /// Returns how a model is trained, with the batches that make up a step where its tokens are given: of the rows asked for, else of
    /// as many as fit in this machine's memory.
    /// </summary>
    /// <param name="model">The model, its vocabulary included.</param>
    /// <exception cref="UsageException">The tokens of a step are not a whole number of rows, or of the batches asked for.</exception>
    public TrainingOptions TrainingOf(LanguageModelConfig model)
    {
        if (Settings.BatchTokens is not int tokens)
        {
            return Settings.Training;
        }

        try
        {
            BatchPlan batches = Settings.Batch is int rows
                ? BatchPlan.Of(tokens, rows, model.TargetsPerRow)
                : BatchPlan.Fit(tokens, model.TargetsPerRow, BytesOf, Memory());
            return Settings.Training with { BatchSize = batches.BatchSize, AccumulationSteps = batches.AccumulationSteps };
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--batch-tokens: {error.Message}");
        }

        // What is not foretold is small.
        long BytesOf(int batch) => TrainingMemory.Bytes(model, batch, tokens / (batch * model.TargetsPerRow)) ?? 0;

        static long Memory() => (long)(MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

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

        if (Settings.Freeze && From is null)
        {
            throw new UsageException("--freeze is for a run that begins with the weights of a model: name it with --from.");
        }

        if (Settings.VocabularyMultiple is < 1 or > MostPadding)
        {
            throw new UsageException($"The vocabulary is padded to a multiple of 1 to {MostPadding}, not of {Settings.VocabularyMultiple}.");
        }

        if (Settings.HellaSwagLimit is int limit && (limit < 1 || Settings.HellaSwag is null))
        {
            throw new UsageException(Settings.HellaSwag is null
                ? "--hellaswag-limit says how many questions are asked: name their file with --hellaswag."
                : $"--hellaswag-limit must be at least 1, not {limit}.");
        }

        if (Settings.SampleCount < 0)
        {
            throw new UsageException($"The number of samples must be at least 0, not {Settings.SampleCount}.");
        }
    }
}
