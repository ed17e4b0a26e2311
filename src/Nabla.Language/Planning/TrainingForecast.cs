namespace Nabla.Language;

/// <summary>What can be told of a training before it begins.</summary>
/// <param name="Model">The model, its vocabulary included.</param>
/// <param name="Training">How it is trained, with the batches that a step is made of.</param>
/// <param name="AvailableBytes">The memory that there is for it.</param>
/// <param name="TextTokens">The tokens of the text to train on; null where no text is named.</param>
public sealed record TrainingForecast(
    LanguageModelConfig Model, TrainingOptions Training, long AvailableBytes, long? TextTokens = null)
{
    /// <summary>Gets the parameters by kind; null for other models than GPTs.</summary>
    public GptParameters? Parameters { get; } = Model is GptConfig gpt ? GptParameters.Of(gpt) : null;

    /// <summary>Gets the number of all parameters.</summary>
    public long ParameterCount { get; } = Model is GptConfig gpt ? GptParameters.Of(gpt).Total : Model.Create().ParameterCount;

    /// <summary>Gets the memory by kind; null for other models than GPTs.</summary>
    public TrainingMemory? Memory { get; } = TrainingMemory.Of(Model, Training.BatchSize, Training.AccumulationSteps);

    /// <summary>Gets how long the parts of a step take; null where that was not found out.</summary>
    public StepTime? Time { get; init; }

    /// <summary>Gets the tokens that a step predicts, if its rows are full.</summary>
    public long StepTokens => (long)Training.AccumulationSteps * Training.BatchSize * Model.TargetsPerRow;

    /// <summary>Gets the tokens that all steps predict.</summary>
    public long Tokens => Training.Steps * StepTokens;

    /// <summary>Gets how often the text is seen; null where none is named.</summary>
    public double? Epochs => Tokens / (double?)TextTokens;

    /// <summary>Gets the tokens predicted in a second of training; null where the time is not known.</summary>
    public double? TokensPerSecond => StepTokens / Time?.Step(Training);

    /// <summary>Gets the loss to expect, or why there is none.</summary>
    public ExpectedLoss Loss => ExpectedLoss.Of(ParameterCount, Tokens, Model.VocabularySize, TextTokens);

    /// <summary>Gets the bytes that are missing; 0 where there are enough, null where it is not known.</summary>
    public long? MissingBytes => Memory is null ? null : Math.Max(Memory.Total - AvailableBytes, 0);

    /// <summary>Gets what to change so that the memory is enough; nothing where it is, or where nothing helps.</summary>
    public IReadOnlyList<MemoryFit> Ways() => MissingBytes > 0 && Model is GptConfig gpt
        ? MemoryFit.Ways(gpt, Training.BatchSize, Training.AccumulationSteps, AvailableBytes)
        : [];
}
