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

    /// <summary>Gets the number of tokens that a step is to be made of; null for as many as its batches have.</summary>
    public int? BatchTokens { get; init; }

    /// <summary>Gets the rows of a batch that the user asks for; null to take as many as fit, where a step's tokens are given.</summary>
    public int? Batch { get; init; }

    /// <summary>Gets what the vocabulary is padded to a multiple of.</summary>
    public int VocabularyMultiple { get; init; } = 1;

    /// <summary>Gets whether only the rows of tokens that the text adds to another model's are trained.</summary>
    public bool Freeze { get; init; }

    /// <summary>Gets how the text is read; null to read it as its kind asks.</summary>
    public TextKind? Kind { get; init; }

    /// <summary>Gets the name or path of the tokenizer; null for one id for each different character.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Gets the path of the questions that the model is asked as it learns; null for none.</summary>
    public string? HellaSwag { get; init; }

    /// <summary>Gets how many of them are asked; null for all.</summary>
    public int? HellaSwagLimit { get; init; }

    /// <summary>Gets the number of samples at the end; null for as many as suit the text.</summary>
    public int? SampleCount { get; init; }

    /// <summary>Gets the temperature of those samples.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Gets the number of threads; null for all processors.</summary>
    public int? Threads { get; init; }

    /// <summary>Returns what to train a model further with, unless the user says otherwise: few steps, of a low rate.</summary>
    /// <param name="from">The model.</param>
    /// <param name="kind">How the text is read.</param>
    public static TrainSettings Further(SavedModel from, TextKind kind) => new()
    {
        Training = new TrainingOptions
        {
            Steps = 500,
            BatchSize = 8,
            LearningRate = 1e-4f,
            MinimumLearningRate = 1e-5f,
            WarmupSteps = 20,
            EvaluationInterval = 100,
            CheckpointInterval = 100,
            Rows = from.Run is RunConfig run && run.Data.Kind == kind ? run.Training.Rows : BatchRows.Stream,
        },
    };

    /// <summary>Returns the vocabulary with its padding: tokens that stand for nothing, and are never drawn.</summary>
    /// <param name="vocabularySize">The number of tokens that there are.</param>
    public int Padded(int vocabularySize) => (vocabularySize + VocabularyMultiple - 1) / VocabularyMultiple * VocabularyMultiple;

    /// <summary>Returns the settings with a preset's warm-up cut to the steps, of which the user may want only a few.</summary>
    public TrainSettings WithWarmupWithinSteps()
        => this with { Training = Training with { WarmupSteps = Math.Min(Training.WarmupSteps, Math.Max(Training.Steps, 0)) } };
}
