using System.Globalization;
using System.Text.Json;
using Nabla.Cli.Training;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Tests;

/// <summary>A run that is stopped, or killed, or out of disk, goes on as if nothing had happened.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Run => _workspace.PathOf("run");

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_stops_after_the_step_with_everything_saved_and_says_how_to_go_on(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string text = _workspace.WriteText();
        using NablaProcess process = NablaProcess.Start(
            Workspace.TinyTraining(text, Run, "--steps", "1000000", "--checkpoint-interval", "0", "--json"));
        Assert.Equal(0, process.WaitForSteps(5));

        process.Signal(signal);
        CommandResult result = process.Result();

        Assert.Equal(130, result.Code);
        Assert.Empty(result.Error);
        using JsonDocument last = JsonDocument.Parse(result.OutputLines[^1]);
        Assert.Equal("interrupted", last.RootElement.GetProperty("event").GetString());
        int step = last.RootElement.GetProperty("step").GetInt32();
        Assert.Equal(step, File.ReadLines(Path.Combine(Run, "metrics.jsonl")).Count());
        using NablaProcess again = NablaProcess.Start("train", "--resume", Run, "--json");
        Assert.Equal(step, again.WaitForSteps(1));
    }

    [Fact]
    public void A_stop_while_the_last_loss_is_measured_says_that_everything_is_saved()
    {
        using CancellationTokenSource source = new();
        using CancelsAt error = new("step 2/2:", source);
        TrainingPlan plan = new(
            _workspace.WriteText(),
            TextKind.RunningText,
            new TrainSettings { Model = new BigramConfig(), Training = new TrainingOptions { Steps = 2, WarmupSteps = 0 } },
            Run);

        using (TrainingSession session = TrainingSession.Begin(plan, new Terminal(TextWriter.Null, error), json: false, source.Token))
        {
            Assert.Equal(130, session.Run());
        }

        Assert.EndsWith(
            $"Stopped at step 2, with everything saved. Go on with: nabla train --resume {Run}\n", error.ToString(), StringComparison.Ordinal);
        using RunDirectory run = RunDirectory.Open(Run);
        Assert.True(run.HasCheckpoint);
    }

    [Fact]
    public void In_a_pipe_the_last_line_after_a_signal_is_the_command_to_resume()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        string text = _workspace.WriteText();
        using NablaProcess process = NablaProcess.StartProgram(
            "sh", ["-c", "exec dotnet \"$@\" 2>&1", "sh", NablaProcess.Assembly,
                .. Workspace.TinyTraining(text, Run, "--steps", "1000000")]);
        while (process.NextLine()?.StartsWith("step 1/", StringComparison.Ordinal) == false)
        {
        }

        process.Signal("TERM");
        CommandResult result = process.Result();

        Assert.Equal(130, result.Code);
        Assert.Matches(
            $@"^Stopped at step [\d,]+, with everything saved\. Go on with: nabla train --resume {Run}$", result.OutputLines[^1]);
    }

    [Fact]
    public void Killed_five_times_a_run_ends_with_the_same_metrics() => KilledRunEndsTheSame(kills: 5, steps: 120);

    [Theory]
    [InlineData("deep")]
    [InlineData("convolution")]
    [InlineData("lstm")]
    public void Killed_twice_a_run_of_another_model_ends_with_the_same_metrics(string model) => KilledRunEndsTheSame(
        ["train", _workspace.WriteWords(), "--words", "--out", Run, "--model", model, "--width", "8", "--batch", "4",
            "--eval-batches", "2", "--threads", "1"],
        kills: 2, steps: 40);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public void Killed_twenty_times_a_run_ends_with_the_same_metrics() => KilledRunEndsTheSame(kills: 20, steps: 400);

    [Fact]
    public void A_new_run_becomes_the_latest()
    {
        _workspace.WriteText();
        string[] training = ["train", "text.txt", "--width", "8", "--steps", "1", "--samples", "0"];
        using NablaProcess first = NablaProcess.StartIn(_workspace.Folder, training);
        Assert.Equal(0, first.Result().Code);
        using NablaProcess second = NablaProcess.StartIn(_workspace.Folder, training);
        Assert.Equal(0, second.Result().Code);

        string[] runs = [.. Directory.GetDirectories(_workspace.PathOf("runs"), "*-text*").Order()];
        Assert.Equal(2, runs.Length);
        Assert.All(runs, run => Assert.Matches(@"^\d{8}-\d{6}-text(-2)?$", Path.GetFileName(run)));
        Assert.Equal(Path.GetFileName(runs[1]), new FileInfo(_workspace.PathOf("runs", "latest")).LinkTarget);

        // What latest stands for is settled as a command begins, not each time that it writes.
        using NablaProcess resumed = NablaProcess.StartIn(_workspace.Folder, "train", "--resume", "runs/latest", "--json");
        using JsonDocument start = JsonDocument.Parse(resumed.NextLine()!);
        Assert.Equal(Path.Combine("runs", Path.GetFileName(runs[1])), start.RootElement.GetProperty("run").GetString());

        // And the text is found from any folder.
        Assert.Equal(0, Workspace.Nabla("train", "--resume", runs[0]).Code);
    }

    [Fact]
    public void On_a_full_disk_a_run_stops_with_one_line_and_goes_on_when_there_is_room()
    {
        using (NablaProcess probe = NablaProcess.StartProgram(
            "unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "-o", "size=4k", "none", _workspace.Folder))
        {
            CommandResult mounted = probe.Result();
            Assert.SkipUnless(mounted.Code == 0, $"A small disk cannot be mounted here: {mounted.Error.Trim()}");
        }

        string text = _workspace.WriteText();
        string[] training = Workspace.TinyTraining(text, "disk/run", "--steps", "600", "--checkpoint-interval", "50");
        Directory.CreateDirectory(_workspace.PathOf("disk"));
        string script =
            """
            cd "$0"
            mount -t tmpfs -o size=96k none disk
            dotnet "$@" >out 2>err; echo $?
            ls disk/run
            mount -o remount,size=1m disk
            dotnet "$1" train --resume disk/run >out2 2>err2; echo $?
            cp disk/run/metrics.jsonl metrics.jsonl
            """;
        using NablaProcess process = NablaProcess.StartProgram(
            "unshare", ["--mount", "--map-root-user", "sh", "-c", script, _workspace.Folder, NablaProcess.Assembly, .. training]);
        CommandResult result = process.Result();

        Assert.Equal(["1", "checkpoint.safetensors", "config.json", "metrics.jsonl", "tokenizer.json", "0"], result.OutputLines);
        string last = File.ReadAllLines(_workspace.PathOf("err"))[^1];
        Assert.StartsWith("nabla: ", last, StringComparison.Ordinal);
        Assert.Contains("No space left on device", last, StringComparison.Ordinal);
        Assert.Equal(Uninterrupted(training), File.ReadAllText(_workspace.PathOf("metrics.jsonl")));
    }

    private void KilledRunEndsTheSame(int kills, int steps)
        => KilledRunEndsTheSame(Workspace.TinyTraining(_workspace.WriteText(), Run, "--dropout", "0.1"), kills, steps);

    private void KilledRunEndsTheSame(string[] tiny, int kills, int steps)
    {
        string[] training =
        [
            .. tiny, "--steps", steps.ToString(CultureInfo.InvariantCulture), "--checkpoint-interval", "3",
            "--eval-interval", "10", "--samples", "0", "--json",
        ];
        string expected = Uninterrupted(training);
        Random random = new(20260);
        string[] command = training;
        for (int kill = 0; kill < kills; kill++)
        {
            // The first dies before its first checkpoint; the others write one at most of their steps.
            using NablaProcess process = NablaProcess.Start(command);
            process.WaitForSteps(kill == 0 ? 2 : random.Next(2 * steps / kills));
            process.Kill();
            command = ["train", "--resume", Run, "--json"];
        }

        CommandResult end = Workspace.Nabla(command);

        Assert.True(end.Code == 0, end.Error);
        Assert.Equal(expected, File.ReadAllText(Path.Combine(Run, "metrics.jsonl")));
    }

    private string Uninterrupted(string[] training)
    {
        string other = _workspace.PathOf("uninterrupted");
        CommandResult result = Workspace.Nabla([.. training.Select(word => word == Run || word == "disk/run" ? other : word)]);
        Assert.True(result.Code == 0, result.Error);
        return File.ReadAllText(Path.Combine(other, "metrics.jsonl"));
    }

    /// <summary>Asks for a stop when a line with some words is written.</summary>
    private sealed class CancelsAt(string words, CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(words, StringComparison.Ordinal) == true)
            {
                source.Cancel();
            }
        }
    }
}
