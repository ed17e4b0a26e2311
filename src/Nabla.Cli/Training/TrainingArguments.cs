using System.CommandLine;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Training;

/// <summary>The arguments that say what is trained and how: of <c>nabla train</c>, and of what tells of a training beforehand.</summary>
internal sealed class TrainingArguments
{
    private const string DefaultSource = "names";

    private readonly Option<string> _from =
        NablaCommand.Text("--from", "DIR", "begin with the weights of a run or an imported model, and train it further on this text");

    private readonly Option<string> _preset = NablaCommand.Text("--preset", "NAME", "settings to begin from");
    private readonly Option<string> _model = NablaCommand.Text("--model", "NAME", "model to train, with settings that suit it (gpt)");
    private readonly Option<string> _config = NablaCommand.Text("--config", "FILE", "settings from a JSON file");
    private readonly IReadOnlyList<(Setting Setting, Option Option)> _settings =
        [.. SettingTable.All.Select(setting => (setting, ToOption(setting)))];

    /// <summary>Gets the argument that names the text.</summary>
    public Argument<string?> Source { get; } = new("source")
    {
        HelpName = "set|file|folder",
        Description = "a named set (see `nabla data list`), a text file, or a folder of `nabla data prepare`; names if left out",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Gets the options.</summary>
    public IReadOnlyList<Option> Options => [_from, _model, _preset, _config, .. _settings.Select(pair => pair.Option)];

    /// <summary>Gets those of them that a help page shows under titles.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> OptionGroups =>
    [
        ("Run", Group(SettingGroup.Run)),
        ("Model", Group(SettingGroup.Model)),
        ("Training", Group(SettingGroup.Training)),
        ("Measuring and saving", Group(SettingGroup.Measuring)),
    ];

    /// <summary>Gets what else a help page tells of them.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<(string Name, string Meaning)> Rows)> Notes { get; } =
    [
        ("Models", [.. ModelChoice.All.Select(choice => (choice.Name, choice.Description))]),
        ("Presets of the gpt", [.. Preset.All.Select(preset => (preset.Name, preset.Description))]),
        ("Configuration file", [("{ \"preset\": \"small\", \"learning-rate\": 5e-4, \"tie-weights\": false }",
            "the options' names; the command line wins")]),
    ];

    /// <summary>Reads what was written.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="folder">The folder of the run; null for a new one.</param>
    /// <exception cref="UsageException">Something is written wrongly, or contradicts something else.</exception>
    public TrainingPlan Read(ParseResult result, string? folder)
    {
        ConfigFile file = result.TextOf(_config) is string path ? ConfigFile.Read(path) : ConfigFile.None;
        List<Override> overrides = [.. Consistent([.. file.Overrides]), .. Consistent([.. Overrides(result)])];
        string source = result.GetValue(Source) ?? DefaultSource;
        TextKind kind = OfRun(overrides).Kind ?? TextSource.KindOf(source);
        SavedModel? from = result.TextOf(_from) is string saved ? SavedModel.Open(RunFolders.Resolve(saved)) : null;
        TrainSettings beginning = from is null ? Beginning(result, file, kind) : Further(result, file, from, kind, overrides);
        TrainSettings settings = With(overrides, beginning);
        if (!overrides.Exists(change => change.Setting.Name == SettingTable.Warmup))
        {
            settings = settings.WithWarmupWithinSteps();
        }

        return new TrainingPlan(source, kind, settings, folder, from);
    }

    /// <summary>Reads only what was written of the run, not of what it computes.</summary>
    public TrainSettings ReadRun(ParseResult result) => OfRun(Overrides(result));

    private static Option ToOption(Setting setting) => setting.IsSwitch
        ? new Option<bool>($"--{setting.Name}") { Description = setting.Help, HelpName = "[true|false]" }
        : NablaCommand.Text($"--{setting.Name}", setting.ValueName, setting.Help);

    private Option[] Group(SettingGroup group)
        => [.. _settings.Where(pair => pair.Setting.Group == group).Select(pair => pair.Option)];

    // The sizes of a trained model are those of its weights; a preset says only how it is trained.
    private TrainSettings Further(ParseResult result, ConfigFile file, SavedModel from, TextKind kind, List<Override> overrides)
    {
        string? refused = result.TextOf(_model) is not null ? _model.Name
            : overrides.Find(change => !SettingTable.IsForTrainedModels(change.Setting))?.Label;
        if (refused is not null)
        {
            throw new UsageException($"--from has a model already, whose weights have their sizes: leave out {refused}.");
        }

        TrainSettings settings = (result.TextOf(_preset) ?? file.Preset) is string preset
            ? Preset.Named(preset).Settings
            : TrainSettings.Further(from, kind);
        return settings with { Model = from.Config, ModelName = $"in {from.Path}" };
    }

    // What settings begin from: a model's own, a preset's, or what suits the text. The command line wins over the file.
    private TrainSettings Beginning(ParseResult result, ConfigFile file, TextKind kind)
    {
        (string? model, string? preset) = (result.TextOf(_model), result.TextOf(_preset));
        if (model is null && preset is null)
        {
            (model, preset) = (file.Model, file.Preset);
        }

        return (model, preset) switch
        {
            (null, null) => Preset.For(kind).Settings,
            (null, _) => Preset.Named(preset).Settings,
            (_, null) => ModelChoice.Named(model).For(kind),
            _ => throw new UsageException(
                $"The model {model} and the preset {preset} are given: give one of them; the presets are of the model gpt."),
        };
    }

    private IEnumerable<Override> Overrides(ParseResult result)
    {
        foreach ((Setting setting, Option option) in _settings)
        {
            if (result.TextOf(option) is string text)
            {
                yield return new Override(setting, option.Name, text);
            }
        }
    }

    // Said in one place, they contradict each other; of two places the command line wins over the file.
    private static Override[] Consistent(Override[] overrides)
    {
        Override? tokens = Array.Find(overrides, change => change.Setting.Name == SettingTable.BatchTokens);
        Override? batches = Array.Find(overrides, change => change.Setting.Name == SettingTable.Accumulate);
        return tokens is null || batches is null ? overrides : throw new UsageException(
            $"{tokens.Label} and {batches.Label} both say how many batches make a step: give one of them.");
    }

    private static TrainSettings OfRun(IEnumerable<Override> overrides)
        => With(overrides.Where(change => change.Setting.Group == SettingGroup.Run), new TrainSettings());

    private static TrainSettings With(IEnumerable<Override> overrides, TrainSettings settings)
        => overrides.Aggregate(settings, (current, change) => change.Apply(current));
}
