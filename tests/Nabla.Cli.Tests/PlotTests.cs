using System.Text.RegularExpressions;
using Nabla.Cli.Plots;

namespace Nabla.Cli.Tests;

/// <summary>The metrics of runs, drawn over each other.</summary>
public sealed partial class PlotTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Figure => _workspace.PathOf("figure.svg");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Each_run_has_one_colour_a_solid_line_for_training_and_a_dashed_one_for_validation()
    {
        CommandResult result = Workspace.Nabla("plot", Train("one"), Train("two", "--learning-rate", "0.5"), "--out", Figure);

        Assert.Equal((0, Figure + "\n"), (result.Code, result.Output));
        Assert.Equal(["run", "one", "two"], result.ErrorLines.Select(line => line.Split(' ')[0]));
        string svg = File.ReadAllText(Figure);
        Assert.Equal(
            ["c0", "c0 dashed", "c1", "c1 dashed"],
            Lines().Matches(svg).Select(line => line.Groups[1].Value + (line.Value.Contains("dasharray") ? " dashed" : "")).Distinct());
        Assert.Contains(">Loss (dashed: validation)<", svg, StringComparison.Ordinal);
        Assert.Contains(">one: learning rate 0.01<", svg, StringComparison.Ordinal);
        Assert.Contains(">two: learning rate 0.5<", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_place_for_it_the_figure_is_put_into_the_current_folder_under_the_name_of_its_metric()
    {
        Train("one");

        using NablaProcess process = NablaProcess.StartIn(_workspace.Folder, "plot", "one", "--metric", "gradient-norm");

        Assert.Equal("gradient-norm.svg\n", process.Result().Output);
        Assert.Contains(">Norm of the gradients<", File.ReadAllText(_workspace.PathOf("gradient-norm.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_has_every_metric_and_in_what_the_runs_differ()
    {
        string report = _workspace.PathOf("report.html");

        Assert.Equal(0, Workspace.Nabla("plot", Train("one"), Train("two", "--width", "12"), "--out", report).Code);

        string html = File.ReadAllText(report);
        Assert.Equal(3, Regex.Count(html, "<svg"));
        Assert.Contains("<th>one</th><th>two</th>", html, StringComparison.Ordinal);
        Assert.Contains("<td>width</td><td>8</td><td>12</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_decides_the_learning_is_named_before_how_often_it_was_looked_at()
    {
        string[] all = ["--eval-interval", "2", "--checkpoint-interval", "1", "--seed", "7", "--weight-decay", "0.5"];

        Workspace.Nabla("plot", Train("one"), Train("two", all), "--out", Figure);

        Assert.Contains(
            ">two: weight decay 0.5, seed 7, evaluation interval 2, ...<", File.ReadAllText(Figure), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_progress_is_drawn_to_its_last_whole_line()
    {
        string run = Train("one");
        Workspace.Nabla("plot", run, "--out", Figure);
        string whole = File.ReadAllText(Figure);
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"), "{\"step\":3,\"loss\":1.5,\"lear");

        CommandResult result = Workspace.Nabla("plot", run, "--out", Figure);

        Assert.Equal(0, result.Code);
        Assert.Equal(whole, File.ReadAllText(Figure));
    }

    [Fact]
    public void A_pattern_that_no_shell_expanded_stands_for_the_runs_it_matches_each_drawn_once()
    {
        Train("b");
        Train("a");
        Directory.CreateDirectory(_workspace.PathOf("no-run"));
        _workspace.Write("latest", "a\n");

        CommandResult result = Workspace.Nabla("plot", _workspace.PathOf("*"), _workspace.PathOf("latest"), "--out", Figure);

        Assert.Equal(0, result.Code);
        Assert.Equal(["run", "a", "b"], result.ErrorLines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Runs_of_one_name_are_called_by_their_paths()
    {
        (string one, string two) = (Train("x/run"), Train("y/run"));

        CommandResult result = Workspace.Nabla("plot", one, two, "--out", Figure);

        Assert.Equal(["run", one, two], result.ErrorLines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Tokens_are_counted_by_the_batches_of_each_run()
    {
        IReadOnlyList<PlottedRun> runs = PlottedRun.Open([Train("one"), Train("two", "--batch", "2")], _ => { });

        Assert.Equal([96, 48], runs.Select(run => run.Position(run.Steps[^1], inTokens: true)));
        Assert.Equal([3, 3], runs.Select(run => run.Position(run.Steps[^1], inTokens: false)));
    }

    [Theory]
    [InlineData(1, new double[] { 1, 2, 4, 8 })]
    [InlineData(2, new double[] { 1.5, 3, 6, 8 })]
    [InlineData(3, new[] { 1.5, 7 / 3.0, 14 / 3.0, 6 })]
    [InlineData(int.MaxValue, new[] { 3.75, 3.75, 3.75, 3.75 })]
    public void A_mean_takes_neighbours_on_both_sides(int window, double[] means)
        => Assert.Equal(means, MovingMean.Of([1, 2, 4, 8], window), (a, b) => Math.Abs(a - b) < 1e-12);

    [Fact]
    public void A_run_without_a_step_is_refused_alone_and_left_out_beside_others()
    {
        string empty = Train("empty");
        File.WriteAllText(Path.Combine(empty, "metrics.jsonl"), "{\"step\":0");

        CommandResult alone = Workspace.Nabla("plot", empty, "--out", Figure);
        CommandResult beside = Workspace.Nabla("plot", empty, Train("one"), "--out", Figure);

        Assert.Equal(
            (1, $"nabla: The run in {empty} has no step to draw yet: let it train, with `nabla train --resume {empty}`.\n"),
            (alone.Code, alone.Error));
        Assert.Equal((0, $"{empty} has no step yet and is left out."), (beside.Code, beside.ErrorLines[0]));
    }

    [Fact]
    public void A_metric_that_no_run_has_measured_yet_is_refused()
    {
        string run = Train("one", "--eval-interval", "2");
        string log = Path.Combine(run, "metrics.jsonl");
        File.WriteAllText(log, File.ReadLines(log).First() + "\n");

        CommandResult result = Workspace.Nabla("plot", run, "--metric", "validation", "--out", Figure);

        Assert.Equal(
            (1, "nabla: validation has not been measured in any of these runs yet: let them train on, or draw another metric.\n"),
            (result.Code, result.Error));
        Assert.False(File.Exists(Figure));
    }

    [Fact]
    public void A_pattern_that_matches_no_run_is_refused()
    {
        CommandResult result = Workspace.Nabla("plot", _workspace.PathOf("x*"), "--out", Figure);

        Assert.Equal(
            (1, $"nabla: No run is called {_workspace.PathOf("x*")}: look into {_workspace.Folder}, or begin a run with `nabla train`.\n"),
            (result.Code, result.Error));
    }

    [Fact]
    public void A_damaged_log_is_named_with_its_line()
    {
        string run = Train("one");
        string log = Path.Combine(run, "metrics.jsonl");
        File.AppendAllText(log, "nonsense\n");

        CommandResult result = Workspace.Nabla("plot", run, "--out", Figure);

        Assert.Equal(
            (1, $"nabla: {log}, line 4, is not that of a step: mend it, or delete it.\n"), (result.Code, result.Error));
    }

    [GeneratedRegex("class=\"(c[0-9]) line\"[^>]*")]
    private static partial Regex Lines();

    private string Train(string name, params string[] more)
    {
        string[] words = ["--steps", "3", "--learning-rate", "0.01", "--eval-interval", "1", "--samples", "0"];
        string run = _workspace.PathOf(name.Split('/'));
        string[] training = Workspace.TinyTraining(_workspace.WriteText(), run);
        CommandResult result = Workspace.Nabla([.. training[..4], .. Override([.. training[4..], .. words], more)]);
        Assert.True(result.Code == 0, result.Error);
        return run;
    }

    // An option may be given once only.
    private static string[] Override(string[] words, string[] more)
        => [.. words.Chunk(2).Where(pair => !more.Contains(pair[0])).SelectMany(pair => pair), .. more];
}
