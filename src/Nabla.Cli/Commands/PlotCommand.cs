using System.CommandLine;
using Nabla.Cli.Plots;
using Nabla.Cli.Tokenizing;
using Nabla.Language;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla plot</c>: the metrics of runs, drawn over each other.</summary>
internal sealed class PlotCommand : NablaCommand
{
    private static readonly (string, bool)[] _axes = [("steps", false), ("tokens", true)];

    private readonly Terminal _terminal;
    private readonly Argument<string[]> _runs = new("run")
    {
        HelpName = "run...",
        Description = "folders of runs, such as runs/latest or runs/*",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out =
        Text("--out", "FILE", "the file to write: .svg for a figure, .html for a report of all metrics (METRIC.svg)");

    private readonly Option<string> _metric =
        Text("--metric", "METRIC", $"what to draw: {string.Join(", ", PlotMetric.Choices.Select(choice => choice.Name))} (loss)");

    private readonly Option<string> _x = Text("--x", "UNIT", "what the horizontal axis counts: steps or tokens (steps)");
    private readonly Option<string> _smooth = Text("--smooth", "N", "draw the mean over N neighbouring steps (1)");
    private readonly Option<bool> _log = new("--log") { Description = "a logarithmic vertical axis" };

    public PlotCommand(Terminal terminal)
        : base("plot", "Draw the losses of runs over each other.")
    {
        _terminal = terminal;
        Arguments.Add(_runs);
        foreach (Option option in (Option[])[_out, _metric, _x, _smooth, _log])
        {
            Options.Add(option);
        }

        Notes =
        [
            ("Lines",
            [
                ("solid", "the training loss, of each step's batch"),
                ("dashed", "the validation loss, where it was measured"),
            ]),
        ];
        Examples =
        [
            ("nabla plot runs/latest", "the run that was begun last, also while it trains; writes loss.svg"),
            ("nabla plot runs/* --smooth 50", "all runs in one figure, with less noise"),
            ("nabla plot runs/a runs/b --x tokens --log", "by how much text they have read"),
            ("nabla plot runs/latest --metric gradient-norm --out norm.svg", "another metric, another file"),
            ("nabla plot runs/* --out report.html", "a page with every metric, and in what the runs differ"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        PlotMetric? metric = result.TextOf(_metric) is string name ? Values.Choice(_metric.Name, name, PlotMetric.Choices) : null;
        bool inTokens = result.ValueOf(_x, (option, text) => Values.Choice(option, text, _axes), false);
        int window = Values.AtLeast(1, _smooth.Name, result.ValueOf(_smooth, Values.WholeNumber, 1));

        string path = result.TextOf(_out) ?? $"{(metric ?? PlotMetric.Loss).Name}.svg";
        bool report = IsReport(path);
        OutputFile.Require(path);

        IReadOnlyList<PlottedRun> runs = PlottedRun.Open(
            result.GetRequiredValue(_runs), folder => _terminal.Error.WriteLine($"{folder} has no step yet and is left out."));
        if (metric is not null && !metric.IsMeasured(runs))
        {
            throw new InvalidRunException(
                $"{metric.Name} has not been measured in any of these runs yet: let them train on, or draw another metric.");
        }

        RunFigure figure = new(runs, inTokens, window, result.ValueOf(_log, Values.Switch, false));
        if (report)
        {
            figure.SaveReport(path, metric is null ? [.. PlotMetric.Report.Where(known => known.IsMeasured(runs))] : [metric]);
        }
        else
        {
            figure.Draw(metric ?? PlotMetric.Loss).Save(path);
        }

        // What was drawn is for the eye; the path alone is on the output, for a script or a browser to take.
        Columns.Write(_terminal.Error, [PlottedRun.Columns, .. runs.Select(run => run.Row())]);
        _terminal.Output.WriteLine(path);
        return ExitCode.Done;
    }

    private static bool IsReport(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".svg" => false,
        ".html" or ".htm" => true,
        _ => throw new UsageException($"{path}: the ending does not tell what to write: give .svg for a figure, or .html for a report."),
    };
}
