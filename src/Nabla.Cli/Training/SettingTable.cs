using Nabla.Cli.Tokenizing;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>
/// Every setting of a training run, once: the command line, the configuration file and the help are all made from this table.
/// </summary>
internal static class SettingTable
{
    /// <summary>The name of the setting for the steps over which the learning rate rises.</summary>
    public const string Warmup = "warmup";

    /// <summary>The names of the settings that both say how many batches a step averages.</summary>
    public const string BatchTokens = "batch-tokens", Accumulate = "accumulate";

    // What of a model can be set that does not enter its weights, or only in part.
    private static readonly string[] _ofTrainedModels = ["context", "dropout", "recompute", "vocab-multiple"];

    private static readonly SettingSection<TrainSettings> _run = new(SettingGroup.Run, s => s, (_, s) => s);
    private static readonly SettingSection<TrainSettings> _model = new(SettingGroup.Model, s => s, (_, s) => s);
    private static readonly SettingSection<TrainSettings> _batch = new(SettingGroup.Training, s => s, (_, s) => s);
    private static readonly SettingSection<TrainingOptions> _length = Training(SettingGroup.Run);
    private static readonly SettingSection<TrainingOptions> _training = Training(SettingGroup.Training);
    private static readonly SettingSection<TrainingOptions> _measuring = Training(SettingGroup.Measuring);
    private static readonly SettingSection<TrainSettings> _asking = new(SettingGroup.Measuring, s => s, (_, s) => s);
    private static readonly (string, BatchRows)[] _rows =
        [("stream", BatchRows.Stream), ("documents", BatchRows.Documents)];

    private static readonly (string, BatchOrder)[] _orders =
        [("random", BatchOrder.Random), ("shuffled", BatchOrder.Shuffled), ("sequential", BatchOrder.Sequential)];

    private static readonly (string, RateSchedule)[] _schedules =
        [("cosine", RateSchedule.Cosine), ("linear", RateSchedule.Linear), ("constant", RateSchedule.Constant)];

    /// <summary>Gets all settings, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        _length.Count("steps", "steps of the optimiser", (t, v) => t with { Steps = v }),
        _length.Seed("seed", "seed of the weights, the batches, dropout and the samples", (t, v) => t with { Seed = v }),
        _run.Count("threads", "threads to compute on; results do not depend on it (also NABLA_THREADS)",
            (s, v) => s with { Threads = v }),
        _run.Switch("words", "the file is a word list: one document a line",
            (s, v) => s with { Kind = v ? TextKind.WordList : TextKind.RunningText }),
        _run.Name("tokenizer", TokenizerChoice.ValueName, "tokenizer of the text (one id for each character)",
            (s, v) => s with { Tokenizer = v }),
        _run.Count("samples", "texts to write at the end (20 for word lists, else 1)", (s, v) => s with { SampleCount = v }),
        _run.Number("temperature", "temperature of those texts: below 1 bolder, above 1 wilder",
            (s, v) => s with { Temperature = (float)v }),

        .. ModelSettings.All,
        _model.Count("vocab-multiple", "pad the vocabulary to a multiple of this, such as 128; padding is never drawn",
            (s, v) => s with { VocabularyMultiple = v }),

        _batch.Count("batch", "rows in a batch", (s, v) => s with { Batch = v, Training = s.Training with { BatchSize = v } }),
        _batch.Count(BatchTokens, "tokens in a step, of as many batches as it takes; without --batch, of rows that fit memory",
            (s, v) => s with { BatchTokens = v }),
        _training.Choice("rows", "what a row is: a piece of the text, or one of its documents", _rows, (t, v) => t with { Rows = v }),
        _training.Choice("order", "how rows come: drawn at random, each once an epoch, or as they stand", _orders,
            (t, v) => t with { Order = v }),
        _batch.Count(Accumulate, "batches averaged into one step",
            (s, v) => s with { BatchTokens = null, Training = s.Training with { AccumulationSteps = v } }),
        _training.Number("learning-rate", "highest learning rate", (t, v) => t with { LearningRate = (float)v }),
        _training.Number("min-learning-rate", "learning rate at the end", (t, v) => t with { MinimumLearningRate = (float)v }),
        _training.Count(Warmup, "steps over which the rate rises", (t, v) => t with { WarmupSteps = v }),
        _training.Choice("schedule", "how the rate moves after that", _schedules, (t, v) => t with { Schedule = v }),
        _training.Number("weight-decay", "AdamW's decay of matrices", (t, v) => t with { WeightDecay = (float)v }),
        _training.Number("beta1", "AdamW's memory of gradients", (t, v) => t with { Beta1 = v }),
        _training.Number("beta2", "AdamW's memory of their squares", (t, v) => t with { Beta2 = v }),
        _training.Number("clip", "norm that gradients are clipped to; 0 for none", (t, v) => t with { ClipNorm = (float)v }),

        _batch.Switch("freeze", "with --from: train only the rows of tokens that the text adds", (s, v) => s with { Freeze = v }),

        _measuring.Count("eval-interval", "steps between estimates of the validation loss; 0 for none",
            (t, v) => t with { EvaluationInterval = v }),
        _measuring.Count("eval-batches", "batches of an estimate", (t, v) => t with { EvaluationBatches = v }),
        _asking.Name("hellaswag", "FILE", "with each estimate, how often it finds the right ending: HellaSwag's hellaswag_val.jsonl",
            (s, v) => s with { HellaSwag = v }),
        _asking.Count("hellaswag-limit", "ask the first N questions only", (s, v) => s with { HellaSwagLimit = v }),
        _measuring.Count("sample-interval", "steps between samples as it learns; 0 for none",
            (t, v) => t with { SampleInterval = v }),
        _measuring.Count("sample-tokens", "tokens of such a sample", (t, v) => t with { SampleTokens = v }),
        _measuring.Switch("watch", "look at layers and updates every 100 steps, and warn of what is wrong",
            (t, v) => t with { WatchInterval = v ? 100 : 0 }),
        _measuring.Count("watch-interval", "steps between such looks; 0 for none", (t, v) => t with { WatchInterval = v }),
        _measuring.Count("checkpoint-interval", "steps between checkpoints; 0 for one at the end",
            (t, v) => t with { CheckpointInterval = v }),
        _measuring.Count("keep", "checkpoints to keep besides the last one, the newest before it (0)",
            (t, v) => t with { KeepCheckpoints = v }),
    ];

    /// <summary>Returns the setting of a name, or null.</summary>
    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Returns whether a setting may change a run that begins with the weights of a model.</summary>
    public static bool IsForTrainedModels(Setting setting) => setting.Group != SettingGroup.Model || _ofTrainedModels.Contains(setting.Name);

    private static SettingSection<TrainingOptions> Training(SettingGroup group)
        => new(group, s => s.Training, (s, training) => s with { Training = training });
}
