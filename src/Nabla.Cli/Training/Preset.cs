using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>A named set of settings to begin from.</summary>
/// <param name="Name">The name, as a user writes it.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Settings">The settings.</param>
internal sealed record Preset(string Name, string Description, TrainSettings Settings)
{
    /// <summary>Gets all presets.</summary>
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("names", "for word lists: 4 layers, width 64, context 32, 3,000 steps; about a minute on 4 cores", new TrainSettings
        {
            Model = new GptConfig { LayerCount = 4, HeadCount = 4, Width = 64, ContextLength = 32 },
            Training = new TrainingOptions { Steps = 3000, BatchSize = 32, LearningRate = 5e-3f, MinimumLearningRate = 1e-4f },
        }),
        new("shakespeare", "for running text: 4 layers, width 128, context 64, 2,000 steps", new TrainSettings
        {
            Model = new GptConfig { LayerCount = 4, HeadCount = 4, Width = 128, ContextLength = 64 },
            Training = new TrainingOptions { Steps = 2000, BatchSize = 12, LearningRate = 3e-3f, MinimumLearningRate = 1e-4f },
        }),
        new("lecture", "the 209,729-parameter model of the GPT lecture (on its text), 5,000 steps", new TrainSettings
        {
            Model = GptConfig.SmallLecture,
            Training = new TrainingOptions
            {
                Steps = 5000,
                BatchSize = 16,
                LearningRate = 1e-3f,
                Schedule = RateSchedule.Constant,
                WarmupSteps = 0,
                WeightDecay = 0.01f,
                Beta2 = 0.999,
                ClipNorm = 0,
            },
        }),
        new("lecture-large", "its large one of 10,788,929: 6 layers, width 384, context 256, 1,500 steps; a hundred minutes on 4 cores", new TrainSettings
        {
            Model = GptConfig.Lecture,
            Training = new TrainingOptions
            {
                Steps = 1500,
                BatchSize = 64,
                LearningRate = 1e-3f,
                MinimumLearningRate = 5e-5f,
                EvaluationInterval = 100,
                EvaluationBatches = 7,
                CheckpointInterval = 50,
            },
        }),
        new("small", "6 layers, width 192, context 128, dropout 0.1, 5,000 steps; some tens of minutes", new TrainSettings
        {
            Model = new GptConfig { LayerCount = 6, HeadCount = 6, Width = 192, ContextLength = 128, Dropout = 0.1f },
            Training = new TrainingOptions { Steps = 5000, BatchSize = 16, LearningRate = 1e-3f },
        }),
        new("gpt2-124m", "GPT-2 as its lecture trains it: 19,073 steps of 524,288 tokens; months on a CPU", new TrainSettings
        {
            Model = new GptConfig(),
            VocabularyMultiple = 128,
            BatchTokens = 1 << 19,
            Training = new TrainingOptions
            {
                Steps = 19_073,
                LearningRate = 6e-4f,
                MinimumLearningRate = 6e-5f,
                WarmupSteps = 715,
                WeightDecay = 0.1f,
                Beta1 = 0.9,
                Beta2 = 0.95,
                ClipNorm = 1,
                EvaluationInterval = 250,
                EvaluationBatches = 20,
                SampleInterval = 250,
                CheckpointInterval = 10,
            },
        }),
    ];

    /// <summary>Returns the preset for a kind of text.</summary>
    public static Preset For(TextKind kind) => Named(kind == TextKind.WordList ? "names" : "shakespeare");

    /// <summary>Returns the preset of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Preset Named(string name) => All.FirstOrDefault(preset => preset.Name == name) ?? throw new UsageException(
        $"Unknown preset {name}. Did you mean {NearestName.Find(name, All.Select(preset => preset.Name))}?");
}
