using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nabla.Cli.Tests;

/// <summary>A tiny run from end to end.</summary>
public sealed partial class TrainTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Training_on_words_writes_one_name_a_line_and_says_the_rest_on_the_error_stream()
    {
        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(
            _workspace.WriteWords(), _workspace.PathOf("run"), "--words", "--steps", "6", "--eval-interval", "3",
            "--samples", "5"));

        Assert.Equal(0, result.Code);
        Assert.Equal(5, result.Output.Count(character => character == '\n'));
        Assert.Collection(
            result.ErrorLines,
            line => Assert.Matches(@"^data      .*words\.txt: \d+ tokens to learn from, \d+ to validate on, 12 different$", line),
            line => Assert.Matches(@"^model     1 layers, 2 heads, width 8, context 8: [\d,]+ parameters$", line),
            line => Assert.Matches(@"^training  6 steps of 4 x 8 tokens, 1 thread$", line),
            line => Assert.Equal($"run       {_workspace.PathOf("run")}", line),
            line => Assert.Matches(@"^step 1/6: loss \d\.\d{4}, norm [\d.]+, learning rate \d\.\de-\d, [\d.,]+ m?s, [\d,]+ tokens/s$", line),
            line => Assert.Matches(@"^step 3/6: loss \d\.\d{4}, validation \d\.\d{4}, norm .*, [\d,]+ tokens/s$", line),
            line => Assert.Matches(@"^step 6/6: loss \d\.\d{4}, validation \d\.\d{4}, norm .*, [\d,]+ tokens/s$", line),
            line => Assert.Matches(
                @"^loss      \d\.\d{4} nats per token on the whole validation split \(best estimate \d\.\d{4} at step [36]\)$",
                line),
            line => Assert.Matches(@"^bytes     \d\.\d{4} bits per byte of it, whatever the tokenizer$", line),
            line => Assert.Matches(@"^bigrams   \d\.\d{4} nats per token, counted, on the same split$", line),
            line => Assert.Matches(@"^time      \d+\.\d s, [\d,]+ tokens/s$", line),
            line => Assert.Matches("^[0-5] of 5 are not in the list$", line));
    }

    [Fact]
    public void The_loss_of_a_long_validation_split_is_said_to_be_that_of_its_first_tokens()
    {
        string text = _workspace.Write("long.txt", string.Concat(Enumerable.Repeat("ab cde fgh\n", 1_000_000)));
        string[] args =
        [
            "train", text, "--model", "bigram", "--steps", "1", "--batch", "64", "--context", "256", "--samples", "0",
            "--eval-interval", "0", "--eval-batches", "1",
        ];
        CommandResult result = Workspace.Nabla([.. args, "--out", _workspace.PathOf("lines")]);
        CommandResult json = Workspace.Nabla([.. args, "--out", _workspace.PathOf("json"), "--json"]);

        Assert.Equal((0, 0), (result.Code, json.Code));
        Assert.Contains(
            " nats per token on the first 1,048,576 of 1,100,000 tokens of the validation split (", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"measuredTokens\":1048576,", json.OutputLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Training_on_running_text_writes_one_passage_of_500_characters()
    {
        CommandResult result = Workspace.Nabla(
            Workspace.TinyTraining(_workspace.WriteText(), _workspace.PathOf("run"), "--steps", "2"));

        Assert.Equal(0, result.Code);
        Assert.Equal(501, result.Output.Length);
    }

    [Fact]
    public void A_run_has_the_files_that_scripts_rely_on()
    {
        Train("--steps", "4", "--eval-interval", "2");

        string[] names = [.. Directory.GetFiles(_workspace.PathOf("run")).Select(path => Path.GetFileName(path)).Order()];
        Assert.Equal(["checkpoint.safetensors", "config.json", "metrics.jsonl", "tokenizer.json"], names);
        JsonElement[] steps = [.. File.ReadLines(_workspace.PathOf("run", "metrics.jsonl")).Select(Parse)];
        Assert.Equal([0, 1, 2, 3], steps.Select(step => step.GetProperty("step").GetInt32()));
        Assert.All(steps, step => Assert.True(float.IsFinite(step.GetProperty("loss").GetSingle())));
        Assert.Equal([false, true, false, true], steps.Select(step => step.TryGetProperty("valLoss", out _)));
    }

    [Fact]
    public void Json_is_one_object_a_line_on_the_output_and_nothing_on_the_error_stream()
    {
        CommandResult result = Train("--words", "--steps", "2", "--samples", "2", "--json");

        Assert.Empty(result.Error);
        Assert.Equal(
            ["start", "step", "step", "done", "sample", "sample"],
            result.OutputLines.Select(line => Parse(line).GetProperty("event").GetString()));
    }

    [Fact]
    public void The_same_seed_trains_the_same_model()
    {
        Train("--steps", "3");
        string first = File.ReadAllText(_workspace.PathOf("run", "metrics.jsonl"));
        Directory.Delete(_workspace.PathOf("run"), recursive: true);
        Train("--steps", "3");
        Assert.Equal(first, File.ReadAllText(_workspace.PathOf("run", "metrics.jsonl")));

        Directory.Delete(_workspace.PathOf("run"), recursive: true);
        Train("--steps", "3", "--seed", "7");
        Assert.NotEqual(first, File.ReadAllText(_workspace.PathOf("run", "metrics.jsonl")));
    }

    [Fact]
    public void Samples_depend_on_the_seed_alone()
    {
        Train("--steps", "3", "--words");

        CommandResult two = Workspace.Nabla("sample", _workspace.PathOf("run"), "--count", "2", "--seed", "5");
        CommandResult second = Workspace.Nabla("sample", _workspace.PathOf("run"), "--count", "1", "--seed", "6");

        Assert.Equal(0, two.Code);
        Assert.Equal(two.Output, Workspace.Nabla("sample", _workspace.PathOf("run"), "--count", "2", "--seed", "5").Output);
        Assert.Equal(two.Output.Split('\n')[1], second.Output.TrimEnd('\n'));
    }

    [Fact]
    public void A_sample_begins_with_its_prompt_and_has_as_many_tokens_as_were_asked_for()
    {
        Train("--steps", "2");

        CommandResult result = Workspace.Nabla("sample", _workspace.PathOf("run"), "--prompt", "the quick", "--max-tokens", "7");

        Assert.StartsWith("the quick", result.Output, StringComparison.Ordinal);
        Assert.Equal("the quick".Length + 7 + 1, result.Output.Length);
    }

    [Fact]
    public void A_sample_ends_before_a_stop_text()
    {
        Train("--steps", "2");

        string whole = Workspace.Nabla("sample", _workspace.PathOf("run"), "--max-tokens", "50").Output;
        string stop = whole[10..12];
        string cut = Workspace.Nabla("sample", _workspace.PathOf("run"), "--max-tokens", "50", "--stop", stop).Output;

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)] + "\n", cut);
    }

    [Fact]
    public void A_finished_run_resumes_to_its_samples()
    {
        CommandResult first = Train("--steps", "3", "--words");

        CommandResult again = Workspace.Nabla("train", "--resume", _workspace.PathOf("run"), "--threads", "1");

        Assert.Equal(0, again.Code);
        Assert.Equal(first.Output, again.Output);
    }

    [Fact]
    public void Info_shows_a_run_and_its_checkpoint()
    {
        Train("--steps", "3");

        CommandResult run = Workspace.Nabla("info", _workspace.PathOf("run"));
        CommandResult file = Workspace.Nabla("info", _workspace.PathOf("run", "checkpoint.safetensors"));

        Assert.Contains("checkpoint  after step 3\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(LastStep(), run.Output);
        Assert.Contains("c_attn: Linear", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^h\.0\.attn\.c_attn\.weight +F32 +\[24, 8\]$", file.Output);
        Assert.Matches(@"(?m)^batchRandom +.{60}\.\.\. \([\d,]+ characters\)$", file.Output);
    }

    [Fact]
    public void Latest_may_be_a_file_with_the_name_of_the_run()
    {
        Train("--steps", "2");
        _workspace.Write("latest", "run\n");

        Assert.Equal(0, Workspace.Nabla("sample", _workspace.PathOf("latest"), "--max-tokens", "3").Code);
    }

    private static JsonElement Parse(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    [GeneratedRegex(@"(?m)^last step +3, loss \d\.\d{4}$")]
    private static partial Regex LastStep();

    private CommandResult Train(params string[] more)
    {
        string source = more.Contains("--words") ? _workspace.WriteWords() : _workspace.WriteText();
        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(source, _workspace.PathOf("run"), more));
        Assert.True(result.Code == 0, result.Error);
        return result;
    }
}
