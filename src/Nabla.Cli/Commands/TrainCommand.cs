using System.CommandLine;
using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla train</c>: from a text to a model and its first samples.</summary>
internal sealed class TrainCommand : NablaCommand
{
    private const string DefaultSource = "names";

    private readonly Terminal _terminal;
    private readonly Argument<string?> _source = new("source")
    {
        HelpName = "set|file|folder",
        Description = "a named set (see `nabla data list`), a text file, or a folder of `nabla data prepare`; names if left out",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _out = Text("--out", "DIR", "folder of the run; runs/<date>-<name> if left out");
    private readonly Option<string> _resume = Text("--resume", "DIR", "go on with a run where it stopped");
    private readonly Option<string> _from =
        Text("--from", "DIR", "begin with the weights of a run or an imported model, and train it further on this text");

    private readonly Option<string> _preset = Text("--preset", "NAME", "settings to begin from");
    private readonly Option<string> _model = Text("--model", "NAME", "model to train, with settings that suit it (gpt)");
    private readonly Option<bool> _listModels = new("--list-models") { Description = "show the models that there are" };
    private readonly Option<string> _config = Text("--config", "FILE", "settings from a JSON file");
    private readonly Option<bool> _json = new("--json") { Description = "one JSON object a line on the output, for machines" };
    private readonly IReadOnlyList<(Setting Setting, Option Option)> _settings;

    public TrainCommand(Terminal terminal)
        : base("train", "Train a language model on a text; write samples when it is done.")
    {
        _terminal = terminal;
        _settings = [.. SettingTable.All.Select(setting => (setting, ToOption(setting)))];
        Arguments.Add(_source);
        foreach (Option option in (Option[])[_out, _resume, _from, _model, _listModels, _preset, _config, _json, .. _settings.Select(pair => pair.Option)])
        {
            Options.Add(option);
        }

        OptionGroups =
        [
            ("Run", Group(SettingGroup.Run)),
            ("Model", Group(SettingGroup.Model)),
            ("Training", Group(SettingGroup.Training)),
            ("Measuring and saving", Group(SettingGroup.Measuring)),
        ];
        Notes =
        [
            ("Models", [.. ModelChoice.All.Select(choice => (choice.Name, choice.Description))]),
            ("Presets of the gpt", [.. Preset.All.Select(preset => (preset.Name, preset.Description))]),
            ("Configuration file", [("{ \"preset\": \"small\", \"learning-rate\": 5e-4, \"tie-weights\": false }",
                "the options' names; the command line wins")]),
        ];
        Examples =
        [
            ("nabla train", "learn names for about a minute, then write twenty new ones"),
            ("nabla train shakespeare", "learn to write like a play"),
            ("nabla train words.txt --words", "learn a list of words of your own"),
            ("nabla train my.txt --layers 6 --width 192", "choose the sizes of the GPT"),
            ("nabla train names-full --model mlp", "train another model: the MLP of makemore"),
            ("nabla train my.txt --tokenizer gpt2", "learn the tokens of GPT-2, not characters"),
            ("nabla train my.txt --from runs/latest", "train a model further, on another text; --context 64 cuts its context"),
            ("nabla train --resume runs/latest", "go on after Ctrl-C, or after a crash"),
        ];
        SetAction(Run);
    }

    private static Option ToOption(Setting setting) => setting.IsSwitch
        ? new Option<bool>($"--{setting.Name}") { Description = setting.Help, HelpName = "[true|false]" }
        : Text($"--{setting.Name}", setting.ValueName, setting.Help);

    private Option[] Group(SettingGroup group)
        => [.. _settings.Where(pair => pair.Setting.Group == group).Select(pair => pair.Option)];

    private int Run(ParseResult result)
    {
        if (result.GetValue(_listModels))
        {
            ModelTable.Write(_terminal.Output);
            return ExitCode.Done;
        }

        using Interrupt interrupt = new(_terminal);
        bool json = result.ValueOf(_json, Values.Switch, false);
        TrainingSession session = result.TextOf(_resume) is string folder
            ? TrainingSession.Resume(RunFolders.Resolve(folder), Threads(result), _terminal, json, interrupt.Token)
            : TrainingSession.Begin(Plan(result), _terminal, json, interrupt.Token);
        using (session)
        {
            return session.Run();
        }
    }

    private TrainingPlan Plan(ParseResult result)
    {
        ConfigFile file = result.TextOf(_config) is string path ? ConfigFile.Read(path) : ConfigFile.None;
        List<Override> overrides = [.. Consistent([.. file.Overrides]), .. Consistent([.. Overrides(result)])];
        string source = result.GetValue(_source) ?? DefaultSource;
        TextKind kind = With(overrides.Where(change => change.Setting.Group == SettingGroup.Run), new TrainSettings()).Kind
            ?? TextSource.KindOf(source);
        SavedModel? from = result.TextOf(_from) is string folder ? SavedModel.Open(RunFolders.Resolve(folder)) : null;
        TrainSettings settings = With(overrides, from is null ? Beginning(result, file, kind) : Further(result, file, from, kind, overrides));
        if (!overrides.Exists(change => change.Setting.Name == SettingTable.Warmup))
        {
            settings = settings.WithWarmupWithinSteps();
        }

        return new TrainingPlan(source, kind, settings, result.TextOf(_out), from);
    }

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

    // A run goes on as it began, so what would change it is refused rather than passed over.
    private int? Threads(ParseResult result)
    {
        IEnumerable<Option> options = Options.Where(option => option != _resume && option != _json);
        IEnumerable<string> written = options.Where(option => result.TextOf(option) is not null).Select(option => option.Name)
            .Concat(result.GetValue(_source) is string source ? [source] : []);
        return written.FirstOrDefault(name => name != "--threads") is string refused
            ? throw new UsageException($"--resume goes on with what the run began with: leave out {refused}, or begin a new run.")
            : With(Overrides(result).Where(change => change.Setting.Group == SettingGroup.Run), new TrainSettings()).Threads;
    }

    private static TrainSettings With(IEnumerable<Override> overrides, TrainSettings settings)
        => overrides.Aggregate(settings, (current, change) => change.Apply(current));
}
