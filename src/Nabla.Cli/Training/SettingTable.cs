using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>
/// Every setting of a training run, once: the command line, the configuration file and the help are all made from this table.
/// </summary>
internal static class SettingTable
{
    /// <summary>The name of the setting that a preset's number of steps must not fall below.</summary>
    public const string Warmup = "warmup";

    private static readonly (string, Activation)[] _activations =
        [("relu", Activation.Relu), ("gelu", Activation.Gelu), ("gelu-exact", Activation.GeluExact)];

    private static readonly (string, GptInitialization)[] _initializations =
        [("gpt2", GptInitialization.Gpt2), ("layer-default", GptInitialization.LayerDefault)];

    private static readonly (string, RateSchedule)[] _schedules =
        [("cosine", RateSchedule.Cosine), ("linear", RateSchedule.Linear), ("constant", RateSchedule.Constant)];

    /// <summary>Gets all settings, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Count("steps", SettingGroup.Run, "steps of the optimiser", (s, v) => Train(s, s.Training with { Steps = v })),
        new("seed", SettingGroup.Run, "S", "seed of the weights, the batches, dropout and the samples",
            (s, name, text) => Train(s, s.Training with { Seed = Values.Seed(name, text) })),
        Count("threads", SettingGroup.Run, "threads to compute on; results do not depend on it (also NABLA_THREADS)",
            (s, v) => s with { Threads = v }),
        Switch("words", SettingGroup.Run, "the file is a word list: one document a line",
            (s, v) => s with { Kind = v ? TextKind.WordList : TextKind.RunningText }),
        Count("samples", SettingGroup.Run, "texts to write at the end (20 for word lists, else 1)", (s, v) => s with { SampleCount = v }),
        Number("temperature", SettingGroup.Run, "temperature of those texts: below 1 bolder, above 1 wilder",
            (s, v) => s with { Temperature = (float)v }),

        Count("layers", SettingGroup.Model, "blocks", (s, v) => Shape(s, s.Model with { LayerCount = v })),
        Count("heads", SettingGroup.Model, "attention heads in a block; they divide the width",
            (s, v) => Shape(s, s.Model with { HeadCount = v })),
        Count("width", SettingGroup.Model, "length of a token's vector", (s, v) => Shape(s, s.Model with { Width = v })),
        Count("context", SettingGroup.Model, "tokens that the model sees at once", (s, v) => Shape(s, s.Model with { ContextLength = v })),
        Number("dropout", SettingGroup.Model, "share of values dropped in training",
            (s, v) => Shape(s, s.Model with { Dropout = (float)v })),
        Switch("bias", SettingGroup.Model, "biases in norms and in layers that write to the residual stream",
            (s, v) => Shape(s, s.Model with { Bias = v })),
        Switch("attention-bias", SettingGroup.Model, "biases of queries, keys and values",
            (s, v) => Shape(s, s.Model with { AttentionBias = v })),
        Switch("head-bias", SettingGroup.Model, "a bias of the head", (s, v) => Shape(s, s.Model with { HeadBias = v })),
        Switch("tie-weights", SettingGroup.Model, "the head shares the token embedding's weights",
            (s, v) => Shape(s, s.Model with { TieWeights = v })),
        Choice("activation", SettingGroup.Model, "nonlinearity of the MLP", _activations,
            (s, v) => Shape(s, s.Model with { Activation = v })),
        Choice("init", SettingGroup.Model, "how the weights start", _initializations,
            (s, v) => Shape(s, s.Model with { Initialization = v })),

        Count("batch", SettingGroup.Training, "rows in a batch", (s, v) => Train(s, s.Training with { BatchSize = v })),
        Count("accumulate", SettingGroup.Training, "batches averaged into one step",
            (s, v) => Train(s, s.Training with { AccumulationSteps = v })),
        Number("learning-rate", SettingGroup.Training, "highest learning rate",
            (s, v) => Train(s, s.Training with { LearningRate = (float)v })),
        Number("min-learning-rate", SettingGroup.Training, "learning rate at the end",
            (s, v) => Train(s, s.Training with { MinimumLearningRate = (float)v })),
        Count(Warmup, SettingGroup.Training, "steps over which the rate rises", (s, v) => Train(s, s.Training with { WarmupSteps = v })),
        Choice("schedule", SettingGroup.Training, "how the rate moves after that", _schedules,
            (s, v) => Train(s, s.Training with { Schedule = v })),
        Number("weight-decay", SettingGroup.Training, "AdamW's decay of matrices",
            (s, v) => Train(s, s.Training with { WeightDecay = (float)v })),
        Number("beta1", SettingGroup.Training, "AdamW's memory of gradients", (s, v) => Train(s, s.Training with { Beta1 = v })),
        Number("beta2", SettingGroup.Training, "AdamW's memory of their squares", (s, v) => Train(s, s.Training with { Beta2 = v })),
        Number("clip", SettingGroup.Training, "norm that gradients are clipped to; 0 for no clipping",
            (s, v) => Train(s, s.Training with { ClipNorm = (float)v })),

        Count("eval-interval", SettingGroup.Progress, "steps between estimates of the validation loss; 0 for none",
            (s, v) => Train(s, s.Training with { EvaluationInterval = v })),
        Count("eval-batches", SettingGroup.Progress, "batches of an estimate", (s, v) => Train(s, s.Training with { EvaluationBatches = v })),
        Count("sample-interval", SettingGroup.Progress, "steps between samples as it learns; 0 for none",
            (s, v) => Train(s, s.Training with { SampleInterval = v })),
        Count("sample-tokens", SettingGroup.Progress, "tokens of such a sample", (s, v) => Train(s, s.Training with { SampleTokens = v })),
        Count("checkpoint-interval", SettingGroup.Progress, "steps between checkpoints; 0 for one at the end",
            (s, v) => Train(s, s.Training with { CheckpointInterval = v })),
    ];

    /// <summary>Returns the setting of a name, or null.</summary>
    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    private static TrainSettings Shape(TrainSettings settings, GptConfig model) => settings with { Model = model };

    private static TrainSettings Train(TrainSettings settings, TrainingOptions training) => settings with { Training = training };

    private static Setting Count(string name, SettingGroup group, string help, Func<TrainSettings, int, TrainSettings> set)
        => new(name, group, "N", help, (settings, label, text) => set(settings, Values.WholeNumber(label, text)));

    private static Setting Number(string name, SettingGroup group, string help, Func<TrainSettings, double, TrainSettings> set)
        => new(name, group, "X", help, (settings, label, text) => set(settings, Values.Number(label, text)));

    private static Setting Switch(string name, SettingGroup group, string help, Func<TrainSettings, bool, TrainSettings> set)
        => new(name, group, null, help, (settings, label, text) => set(settings, Values.Switch(label, text)));

    private static Setting Choice<T>(
        string name, SettingGroup group, string help, (string Word, T Value)[] choices, Func<TrainSettings, T, TrainSettings> set)
        => new(name, group, string.Join('|', choices.Select(choice => choice.Word)), help,
            (settings, label, text) => set(settings, Values.Choice(label, text, choices)));
}
