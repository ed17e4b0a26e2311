using System.Text.Json;

namespace Nabla.Cli.Tests;

/// <summary><c>nabla plan</c>.</summary>
public sealed class PlanTests : IDisposable
{
    private static readonly string[] _tiny = ["--layers", "1", "--heads", "2", "--width", "8", "--context", "8"];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_preset_of_the_lecture_is_planned_without_a_text()
    {
        JsonElement plan = Plan("--preset", "gpt2-124m", "--batch", "8", "--no-timing");

        Assert.Equal(50_304, plan.GetProperty("vocabulary").GetInt32());
        Assert.Equal(124_475_904, plan.GetProperty("parameters").GetProperty("total").GetInt64());
        JsonElement tokens = plan.GetProperty("tokens");
        Assert.Equal(64, tokens.GetProperty("accumulate").GetInt32());
        Assert.Equal(524_288, tokens.GetProperty("perStep").GetInt64());
        Assert.Equal(19_073L * 524_288, tokens.GetProperty("total").GetInt64());
        Assert.Equal(JsonValueKind.Null, tokens.GetProperty("inText").ValueKind);
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("time").ValueKind);
        Assert.Equal(3.06, plan.GetProperty("expectedLoss").GetDouble(), 0.01);
    }

    [Fact]
    public void The_kinds_of_parameters_and_memory_add_up()
    {
        JsonElement plan = Plan("--vocabulary", "1000", "--layers", "2", "--width", "64", "--tie-weights", "false", "--no-timing");

        AssertAddsUp(plan.GetProperty("parameters"));
        AssertAddsUp(plan.GetProperty("memory"));
        Assert.Equal(64_000, plan.GetProperty("parameters").GetProperty("head").GetInt64());
    }

    [Fact]
    public void A_text_gives_its_vocabulary_and_how_often_it_is_seen()
    {
        string text = _workspace.WriteText();
        JsonElement plan = Plan([text, .. _tiny, "--batch", "4", "--steps", "99", "--no-timing"]);

        JsonElement tokens = plan.GetProperty("tokens");
        Assert.Equal(28, plan.GetProperty("vocabulary").GetInt32());
        Assert.Equal(792, tokens.GetProperty("inText").GetInt64());
        Assert.Equal(99 * 32 / 792.0, tokens.GetProperty("epochs").GetDouble(), 1e-9);
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("expectedLoss").ValueKind);
    }

    [Fact]
    public void A_model_to_begin_from_gives_its_sizes()
    {
        string run = _workspace.PathOf("run");
        CommandResult trained = Workspace.Nabla(Workspace.TinyTraining(_workspace.WriteText(), run, "--steps", "1"));
        Assert.Equal(0, trained.Code);

        JsonElement plan = Plan("--from", run, "--no-timing");

        Assert.Equal(28, plan.GetProperty("vocabulary").GetInt32());
        Assert.Contains("1 layers, 2 heads, width 8, context 8", plan.GetProperty("model").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_comes_with_what_would()
    {
        string[] sizes = ["--vocabulary", "5000", "--layers", "4", "--width", "256", "--context", "256", "--batch", "64", "--no-timing"];
        long whole = Plan(sizes).GetProperty("memory").GetProperty("total").GetInt64();
        double less = (whole - (100 << 20)) / 1e9;

        JsonElement plan = Plan([.. sizes, "--memory", FormattableString.Invariant($"{less:F3}")]);
        CommandResult shown = Workspace.Nabla(["plan", .. sizes, "--memory", FormattableString.Invariant($"{less:F3}")]);

        Assert.InRange(plan.GetProperty("missingMemory").GetInt64(), 104_000_000, 106_000_000);
        JsonElement first = plan.GetProperty("whatFits")[0];
        Assert.Equal(64, first.GetProperty("batch").GetInt32() * first.GetProperty("accumulate").GetInt32());
        Assert.InRange(first.GetProperty("memory").GetInt64(), 1, (long)(less * 1e9));
        Assert.Contains(FormattableString.Invariant(
            $"--batch {first.GetProperty("batch").GetInt32()} --accumulate {first.GetProperty("accumulate").GetInt32()}: the same steps"),
            shown.Output, StringComparison.Ordinal);
        Assert.Contains("--recompute: the same steps in about a third more time", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_do_not_fit_say_so()
    {
        CommandResult result = Workspace.Nabla("plan", "--vocabulary", "5000", "--width", "256", "--memory", "0.05", "--no-timing");

        Assert.Equal(0, result.Code);
        Assert.Contains("the parameters alone are too many: take fewer --layers or less --width", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_steps_tell_the_time()
    {
        JsonElement time = Plan(["--vocabulary", "30", .. _tiny, "--steps", "10", "--threads", "1"]).GetProperty("time");

        Assert.True(time.GetProperty("step").GetDouble() > 0);
        Assert.True(time.GetProperty("total").GetDouble() > 10 * time.GetProperty("step").GetDouble());
        Assert.Equal(1, time.GetProperty("threads").GetInt32());
    }

    [Fact]
    public void Another_model_is_planned_without_its_memory()
    {
        CommandResult result = Workspace.Nabla("plan", "names", "--model", "mlp", "--no-timing");

        Assert.Equal(0, result.Code);
        Assert.Contains("memory      not foretold", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("plan names --vocabulary 10", "--vocabulary stands for a text or a model that is not there yet: leave it out, or names.")]
    [InlineData("plan --vocabulary 0", "--vocabulary must be at least 1, not 0.")]
    [InlineData("plan --memory 0", "--memory takes a number of gigabytes above 0 and below a million, not '0'.")]
    [InlineData("plan --memory lots", "--memory takes a number, not 'lots'.")]
    [InlineData("plan --presets small", "Unknown option --presets. Did you mean --preset?")]
    [InlineData("plan --vocabulary 10 --heads 7",
        "The model's width (64) is not divisible by its heads (7): each head takes an equal part of the width.")]
    public void What_is_written_wrongly_is_one_line_with_the_mend(string line, string message)
    {
        CommandResult result = Workspace.Nabla(line.Split(' '));

        Assert.Equal(2, result.Code);
        Assert.Equal($"nabla: {message}", Assert.Single(result.ErrorLines));
        Assert.Empty(result.Output);
    }

    private static void AssertAddsUp(JsonElement parts) => Assert.Equal(
        parts.GetProperty("total").GetInt64(),
        parts.EnumerateObject().Where(part => part.Name != "total").Sum(part => part.Value.GetInt64()));

    private static JsonElement Plan(params string[] arguments)
    {
        CommandResult result = Workspace.Nabla(["plan", .. arguments, "--json"]);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.Code);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        return json.RootElement.Clone();
    }
}
