using System.Text.RegularExpressions;

namespace Nabla.Cli.Tests;

/// <summary>A page about a run, which stays as it is.</summary>
public sealed class DiagnoseTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private string Page => _workspace.PathOf("page.html");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_page_shows_layers_gradients_updates_and_rates_and_is_the_same_each_time()
    {
        string run = Train("--watch-interval", "1");

        CommandResult result = Workspace.Nabla("diagnose", run, "--find-rate", "--steps", "3", "--out", Page);

        Assert.Equal((0, Page + "\n"), (result.Code, result.Output));
        string html = File.ReadAllText(Page);
        Assert.Contains("Diagnosis of run", html, StringComparison.Ordinal);
        foreach (string text in new[]
        {
            "What is wrong", "of a guess, ln(", ">h.*.mlp.act Gelu<", "<td>h.0.attn.c_attn Linear</td>", "<td>wte.weight</td>",
            "Updates of the next steps", "Updates over the training", "Loss at growing learning rates", "lessons/04-activations",
        })
        {
            Assert.Contains(text, html, StringComparison.Ordinal);
        }

        Workspace.Nabla("diagnose", run, "--find-rate", "--steps", "3", "--out", Page);
        Assert.Equal(html, File.ReadAllText(Page));
    }

    [Fact]
    public void Nothing_in_the_run_changes()
    {
        string run = Train();
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"), "{\"step\":3,\"lo");
        (string, string, DateTime)[] before = Files();

        Assert.Equal(0, Workspace.Nabla("diagnose", run, "--out", Page).Code);

        Assert.Equal(before, Files());

        (string, string, DateTime)[] Files() =>
        [
            .. Directory.GetFiles(run, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => (file, Convert.ToHexString(File.ReadAllBytes(file)), File.GetLastWriteTimeUtc(file))),
        ];
    }

    [Fact]
    public void The_beginning_is_that_of_a_run_without_a_checkpoint()
    {
        string run = Train();
        Workspace.Nabla("diagnose", run, "--initial", "--out", Page);
        string initial = File.ReadAllText(Page);
        Assert.Contains("after 0 of 3 steps", initial, StringComparison.Ordinal);

        Workspace.Nabla("diagnose", run, "--out", Page);
        Assert.Contains("after 3 of 3 steps", File.ReadAllText(Page), StringComparison.Ordinal);

        File.Delete(Path.Combine(run, "checkpoint.safetensors"));
        Workspace.Nabla("diagnose", run, "--out", Page);
        Assert.Equal(initial, File.ReadAllText(Page));
    }

    [Fact]
    public void What_is_wrong_is_on_the_page_and_a_line_each()
    {
        string run = Train("--learning-rate", "3", "--min-learning-rate", "3", "--warmup", "0");

        CommandResult result = Workspace.Nabla("diagnose", run, "--initial", "--steps", "3", "--out", Page);

        string line = Assert.Single(result.ErrorLines);
        Assert.Matches("^A step changes .* lower the learning rate. See lessons/04-activations.$", line);
        Assert.Contains($"<p>{line}</p>", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_said_in_one_line()
    {
        string none = _workspace.PathOf("none");
        CommandResult missing = Workspace.Nabla("diagnose", none, "--out", Page);
        Assert.Equal(
            (1, $"nabla: There is no run in {none}: config.json is missing. Begin one with `nabla train`.\n"),
            (missing.Code, missing.Error));

        string run = Train();
        string text = _workspace.PathOf("text.txt");
        File.AppendAllText(text, "and more");
        CommandResult changed = Workspace.Nabla("diagnose", run, "--out", Page);

        Assert.Equal(1, changed.Code);
        Assert.Matches($"^nabla: The text of {Regex.Escape(text)} has changed since the run in .* began: .*\n$", changed.Error);
        Assert.False(File.Exists(Page));
    }

    private string Train(params string[] more)
    {
        string run = _workspace.PathOf("run");
        CommandResult result = Workspace.Nabla(Workspace.TinyTraining(
            _workspace.WriteText(), run, ["--steps", "3", "--eval-interval", "1", "--samples", "0", .. more]));
        Assert.True(result.Code == 0, result.Error);
        return run;
    }
}
