using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>A model that can be chosen by name.</summary>
/// <param name="Name">The name, as a user writes it.</param>
/// <param name="Description">What it is, in a few words.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="LectureLoss">The lecture's validation loss on names, where there is one.</param>
/// <param name="MeasuredLoss">The loss of the whole validation split of names-full with these settings, as we measured it.</param>
/// <param name="Settings">The sizes, and how a model of them is trained on names.</param>
internal sealed record ModelChoice(
    string Name, string Description, string Source, double? LectureLoss, double? MeasuredLoss, TrainSettings Settings)
{
    private static readonly TrainingOptions _ofWindows = new()
    {
        Steps = 20_000,
        BatchSize = 256,
        LearningRate = 5e-3f,
        MinimumLearningRate = 5e-5f,
        WeightDecay = 0.01f,
        EvaluationInterval = 1000,
        CheckpointInterval = 1000,
    };

    private static readonly TrainingOptions _ofDocuments = new()
    {
        Steps = 10_000,
        BatchSize = 32,
        LearningRate = 3e-3f,
        MinimumLearningRate = 3e-5f,
        WeightDecay = 0.01f,
        Rows = BatchRows.Documents,
        EvaluationInterval = 1000,
        CheckpointInterval = 1000,
    };

    /// <summary>Gets all of them, the simplest first.</summary>
    public static IReadOnlyList<ModelChoice> All { get; } =
    [
        Make("bigram", "the next token from the last: a table of logits", "lecture 2", 2.45, 2.461,
            new BigramConfig(), _ofDocuments with { Steps = 2000, LearningRate = 0.1f, MinimumLearningRate = 1e-3f, WeightDecay = 0 }),
        Make("mlp", "the last three vectors, one hidden layer", "Bengio et al., 2003", 2.17, 2.101,
            new MlpConfig(), _ofWindows),
        Make("deep", "an MLP of five hidden layers with batch norm", "Ioffe and Szegedy, 2015", null, 2.078,
            new DeepMlpConfig(), _ofWindows),
        Make("wavenet", "a tree that joins eight vectors two by two", "van den Oord et al., 2016", 1.993, 2.006,
            new WaveNetConfig(), _ofWindows),
        Make("convolution", "the same tree as dilated causal convolutions", "van den Oord et al., 2016", null, 2.011,
            new ConvolutionConfig(), _ofDocuments with { Steps = 20_000 }),
        Make("rnn", "a state carried along the text", "Mikolov et al., 2010", null, 2.067,
            new RecurrentConfig { Cell = RecurrentKind.Rnn }, _ofDocuments),
        Make("gru", "a state with gates", "Cho et al., 2014", null, 2.023,
            new RecurrentConfig { Cell = RecurrentKind.Gru }, _ofDocuments),
        Make("lstm", "a state with gates and a memory", "Hochreiter and Schmidhuber, 1997", null, 2.015,
            new RecurrentConfig { Cell = RecurrentKind.Lstm }, _ofDocuments),
        Make("bow", "a bag of words: the mean of all vectors so far", "makemore", null, 2.163,
            new BagOfWordsConfig(), _ofDocuments),
        Make("transformer", "attention, with makemore's sizes and rates", "Vaswani et al., 2017", null, 2.017,
            new GptConfig
            {
                LayerCount = 4,
                HeadCount = 4,
                Width = 64,
                ContextLength = 16,
                TieWeights = false,
                Initialization = GptInitialization.LayerDefault,
            },
            _ofDocuments with
            {
                LearningRate = 5e-4f,
                MinimumLearningRate = 5e-4f,
                Schedule = RateSchedule.Constant,
                WarmupSteps = 0,
                ClipNorm = 0,
            }),
        new("gpt", "attention as in GPT-2: what is trained by default", "Radford et al., 2019", null, 2.037, Preset.Named("names").Settings),
    ];

    /// <summary>Returns the choice of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static ModelChoice Named(string name) => All.FirstOrDefault(choice => choice.Name == name) ?? throw new UsageException(
        $"Unknown model {name}. Did you mean {NearestName.Find(name, All.Select(choice => choice.Name))}?");

    /// <summary>Returns the settings for a kind of text: only a word list is trained on document by document.</summary>
    public TrainSettings For(TextKind kind) => kind switch
    {
        TextKind.WordList => Settings,
        _ when Settings.ModelName == new TrainSettings().ModelName => Preset.For(kind).Settings,
        _ => Settings with { Training = Settings.Training with { Rows = BatchRows.Stream } },
    };

    private static ModelChoice Make(
        string name, string description, string source, double? lectureLoss, double? measuredLoss,
        LanguageModelConfig model, TrainingOptions training)
        => new(name, description, source, lectureLoss, measuredLoss,
            new TrainSettings { ModelName = name, Model = model, Training = training });
}
