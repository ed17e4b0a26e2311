using System.CommandLine;
using Nabla.Cli.Diagnosing;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla diagnose</c>: a page on how a run's model, its layers and its steps are.</summary>
internal sealed class DiagnoseCommand : NablaCommand
{
    private const int DefaultBatches = 10;
    private const int DefaultSteps = 20;

    private readonly Terminal _terminal;
    private readonly Argument<string> _run = new("run")
    {
        HelpName = "run",
        Description = "folder of a run, such as runs/latest",
    };

    private readonly Option<string> _out = Text("--out", "FILE", "the page to write (diagnosis.html)");
    private readonly Option<string> _batches = Text("--batches", "N", $"batches to see layers and gradients on ({DefaultBatches})");
    private readonly Option<string> _steps = Text("--steps", "N", $"steps to take, on a copy, and see what they change ({DefaultSteps})");
    private readonly Option<bool> _initial = new("--initial") { Description = "look at the weights that the run began with" };
    private readonly Option<bool> _findRate = new("--find-rate") { Description = "try learning rates, and suggest one" };
    private readonly Option<string> _threads = Text("--threads", "N", "threads to compute on");

    public DiagnoseCommand(Terminal terminal)
        : base("diagnose", "Look into a run's layers, gradients and updates, and say what is wrong.")
    {
        _terminal = terminal;
        Arguments.Add(_run);
        foreach (Option option in (Option[])[_out, _batches, _steps, _initial, _findRate, _threads])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla diagnose runs/latest", "the run that was begun last, at its last checkpoint; the run stays as it is"),
            ("nabla diagnose runs/latest --initial --find-rate", "how it began, and with which learning rate it should have"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        string path = result.TextOf(_out) ?? "diagnosis.html";
        if (Path.GetExtension(path).ToLowerInvariant() is not (".html" or ".htm"))
        {
            throw new UsageException($"{path}: a diagnosis is a page: give a file that ends in .html.");
        }

        int batches = Values.AtLeast(1, _batches.Name, result.ValueOf(_batches, Values.WholeNumber, DefaultBatches));
        int steps = Values.AtLeast(0, _steps.Name, result.ValueOf(_steps, Values.WholeNumber, DefaultSteps));
        ThreadOption.Apply(result.TextOf(_threads) is string threads ? Values.WholeNumber(_threads.Name, threads) : null);
        OutputFile.Require(path);
        string folder = RunFolders.Resolve(result.GetRequiredValue(_run));
        using RunDirectory run = RunDirectory.Open(folder);
        DownloadLine progress = new(run.Config.Data.Source, _terminal);
        TextDataset data = run.LoadDataAsync(progress: progress, cancellationToken: interrupt.Token).GetAwaiter().GetResult();
        Trainer trainer = run.LoadTrainer(data, result.ValueOf(_initial, Values.Switch, false));
        bool findRate = result.ValueOf(_findRate, Values.Switch, false);
        Diagnosis diagnosis = Diagnosis.Of(trainer, batches, steps, findRate, interrupt.Token);
        new DiagnosisPage(Path.GetFileName(run.Path), run.Config, run.ReadMetrics(), diagnosis).Save(path);

        foreach (Finding finding in diagnosis.Findings)
        {
            _terminal.Error.WriteLine(finding);
        }

        if (diagnosis.Rates?.Suggested is float rate)
        {
            _terminal.Error.WriteLine(FormattableString.Invariant($"The loss fell fastest at a learning rate of {rate:0.0e+0}."));
        }

        _terminal.Output.WriteLine(path);
        return ExitCode.Done;
    }
}
