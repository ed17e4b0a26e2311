using System.CommandLine;
using Nabla.Cli.Training;
using Nabla.Cli.Views;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla train</c>: from a text to a model and its first samples.</summary>
internal sealed class TrainCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly Option<string> _out = Text("--out", "DIR", "folder of the run; runs/<date>-<name> if left out");
    private readonly Option<string> _resume = Text("--resume", "DIR", "go on with a run where it stopped");
    private readonly Option<bool> _listModels = new("--list-models") { Description = "show the models that there are" };
    private readonly Option<bool> _json = new("--json") { Description = "one JSON object a line on the output, for machines" };
    private readonly TrainingArguments _training = new();

    public TrainCommand(Terminal terminal)
        : base("train", "Train a language model on a text; write samples when it is done.")
    {
        _terminal = terminal;
        Arguments.Add(_training.Source);
        foreach (Option option in (Option[])[_out, _resume, .. _training.Options, _listModels, _json])
        {
            Options.Add(option);
        }

        OptionGroups = _training.OptionGroups;
        Notes = _training.Notes;
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
            : TrainingSession.Begin(_training.Read(result, result.TextOf(_out)), _terminal, json, interrupt.Token);
        using (session)
        {
            return session.Run();
        }
    }

    // A run goes on as it began, so what would change it is refused rather than passed over.
    private int? Threads(ParseResult result)
    {
        IEnumerable<Option> options = Options.Where(option => option != _resume && option != _json);
        IEnumerable<string> written = options.Where(option => result.TextOf(option) is not null).Select(option => option.Name)
            .Concat(result.GetValue(_training.Source) is string source ? [source] : []);
        return written.FirstOrDefault(name => name != "--threads") is string refused
            ? throw new UsageException($"--resume goes on with what the run began with: leave out {refused}, or begin a new run.")
            : _training.ReadRun(result).Threads;
    }
}
