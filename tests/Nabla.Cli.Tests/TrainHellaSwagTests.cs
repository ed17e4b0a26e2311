using System.Text.Json;

namespace Nabla.Cli.Tests;

/// <summary>A model that is asked questions as it learns.</summary>
public sealed class TrainHellaSwagTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Run => _workspace.PathOf("run");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_share_of_right_answers_is_said_logged_and_drawn()
    {
        CommandResult result = Train(Questions(3), "--hellaswag-limit", "2");

        Assert.True(result.Code == 0, result.Error);
        Assert.Matches(@"(?m)^step 3/6: loss [\d.]+, validation [\d.]+, HellaSwag (0|50|100)\.00 %, norm ", result.Error);
        string[] log = File.ReadAllLines(Path.Combine(Run, "metrics.jsonl"));
        Assert.Equal([2, 5], Enumerable.Range(0, 6).Where(step => log[step].Contains("\"hellaSwag\":", StringComparison.Ordinal)));

        string figure = _workspace.PathOf("figure.svg");
        Assert.Equal(0, Workspace.Nabla("plot", Run, "--metric", "hellaswag", "--out", figure).Code);
        Assert.Contains(">GPT-2 (124M), all questions<", File.ReadAllText(figure), StringComparison.Ordinal);
        string report = _workspace.PathOf("report.html");
        Assert.Equal(0, Workspace.Nabla("plot", Run, "--out", report).Code);
        Assert.Contains(">HellaSwag<", File.ReadAllText(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_reads_it_of_each_step_that_has_it()
    {
        CommandResult result = Train(Questions(4), "--json");

        JsonElement[] steps = [.. result.OutputLines.Select(Parse).Where(json => json.GetProperty("event").GetString() == "step")];
        Assert.Equal([false, false, true, false, false, true], steps.Select(step => step.TryGetProperty("hellaSwag", out _)));
        Assert.InRange(steps[2].GetProperty("hellaSwag").GetSingle(), 0, 1);

        static JsonElement Parse(string line) => JsonElement.Parse(line);
    }

    [Fact]
    public void A_configuration_file_can_name_the_questions()
    {
        string config = _workspace.Write("my.json", JsonSerializer.Serialize(new Dictionary<string, object> { ["hellaswag"] = Questions(2) }));

        CommandResult result = Workspace.Nabla(
            Workspace.TinyTraining(_workspace.WriteText(), Run, "--steps", "1", "--samples", "0", "--config", config));

        Assert.True(result.Code == 0, result.Error);
        Assert.Contains(", HellaSwag ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_asking()
    {
        Assert.Equal(0, Train(Questions(4)).Code);
        string log = File.ReadAllText(Path.Combine(Run, "metrics.jsonl"));
        File.Delete(Path.Combine(Run, "checkpoint.safetensors"));

        Assert.Equal(0, Workspace.Nabla("train", "--resume", Run).Code);

        Assert.Equal(log, File.ReadAllText(Path.Combine(Run, "metrics.jsonl")));
    }

    [Fact]
    public void Wrong_questions_are_refused_in_one_line_before_anything_is_made()
    {
        Refused(1, "no-such.jsonl does not exist: check the name and the folder.", "--hellaswag", "no-such.jsonl");
        string text = _workspace.Write("plain.txt", "a question");
        Refused(1, $"{text}: line 1 is no JSON (byte 0 of the line): each line is one question of HellaSwag.", "--hellaswag", text);
        string long_ = Write("long.jsonl", "the dog", "the lazy fox");
        Refused(1, "long.jsonl: Line 1: an ending has 13 tokens, and the model sees 8 at once: take a model with a longer context.",
            "--hellaswag", long_);
        string foreign = Write("foreign.jsonl", "the dog", "42");
        CommandResult result = Train(foreign);
        Assert.Equal(1, result.Code);
        Assert.StartsWith("nabla: foreign.jsonl: Line 1: ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
        Refused(2, "--hellaswag-limit must be at least 1, not 0.", "--hellaswag", text, "--hellaswag-limit", "0");
        Refused(2, "--hellaswag-limit says how many questions are asked: name their file with --hellaswag.", "--hellaswag-limit", "5");
    }

    private CommandResult Train(string questions, params string[] more) => Workspace.Nabla(Workspace.TinyTraining(
        _workspace.WriteText(), Run, ["--steps", "6", "--eval-interval", "3", "--samples", "0", "--hellaswag", questions, .. more]));

    private void Refused(int code, string message, params string[] more)
    {
        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(_workspace.WriteText(), Run, ["--steps", "1", .. more]));

        Assert.Equal((code, $"nabla: {message}\n"), (result.Code, result.Error));
        Assert.False(Directory.Exists(Run));
    }

    private string Questions(int count)
        => _workspace.Write("questions.jsonl", string.Concat(Enumerable.Repeat(Question("the quick brown fox", "jumps") + "\n", count)));

    private string Write(string name, string context, string ending) => _workspace.Write(name, Question(context, ending) + "\n");

    private static string Question(string context, string ending)
        => $$"""{"ctx":"{{context}}","endings":["{{ending}}","over","lazy","dog"],"label":"1"}""";
}
