using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>All that a user can set about a training run.</summary>
internal sealed record TrainSettings
{
    /// <summary>Gets what the user calls the model.</summary>
    public string ModelName { get; init; } = "gpt";

    /// <summary>Gets the model; its vocabulary comes from the data.</summary>
    public LanguageModelConfig Model { get; init; } = new GptConfig();

    /// <summary>Gets how it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Gets how the text is read; null to read it as its kind asks.</summary>
    public TextKind? Kind { get; init; }

    /// <summary>Gets the name or path of the tokenizer; null for one id for each different character.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Gets the number of samples at the end; null for as many as suit the text.</summary>
    public int? SampleCount { get; init; }

    /// <summary>Gets the temperature of those samples.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Gets the number of threads; null for all processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Returns the settings with a preset's warm-up cut to the steps, of which the user may want only a few.</summary>
    public TrainSettings WithWarmupWithinSteps()
        => this with { Training = Training with { WarmupSteps = Math.Min(Training.WarmupSteps, Math.Max(Training.Steps, 0)) } };
}
