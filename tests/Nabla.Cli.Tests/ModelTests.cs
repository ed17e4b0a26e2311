using System.Globalization;
using Nabla.Cli.Training;
using Nabla.Language;
using Nabla.Language.Data;

namespace Nabla.Cli.Tests;

/// <summary>Every model is trained, sampled, inspected and resumed by the same commands.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public static TheoryData<string> Names => [.. ModelChoice.All.Select(choice => choice.Name)];

    private string Run => _workspace.PathOf("run");

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_trained_on_words_sampled_inspected_and_resumed(string name)
    {
        CommandResult trained = Train(_workspace.WriteWords(), name, "--words", "--samples", "3");
        Assert.Equal(3, trained.Output.Count(character => character == '\n'));

        CommandResult sampled = Workspace.Nabla("sample", Run, "--count", "3");
        CommandResult info = Workspace.Nabla("info", Run);
        CommandResult resumed = Workspace.Nabla("train", "--resume", Run, "--threads", "1");

        Assert.Equal(trained.Output, sampled.Output);
        Assert.Contains("checkpoint  after step 3\n", info.Output, StringComparison.Ordinal);
        RunConfig config = RunConfig.FromJson(File.ReadAllText(Path.Combine(Run, "config.json")));
        Assert.Contains($"model       {config.Model.Describe()}\n", info.Output, StringComparison.Ordinal);
        Assert.Matches(string.Create(CultureInfo.InvariantCulture, $"(?m)^parameters +{config.Model.Create().ParameterCount:N0}$"), info.Output);
        Assert.Equal(0, resumed.Code);
        Assert.StartsWith(trained.Output, resumed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_trained_on_running_text(string name)
    {
        Train(_workspace.WriteText(), name);

        RunConfig config = RunConfig.FromJson(File.ReadAllText(Path.Combine(Run, "config.json")));
        Assert.Equal(BatchRows.Stream, config.Training.Rows);
        Assert.Equal(33, Workspace.Nabla("sample", Run, "--prompt", "the quick", "--max-tokens", "23").Output.Length);
    }

    [Fact]
    public void A_GPT_writes_with_half_the_bits_too_and_another_model_says_that_it_does_not()
    {
        Train(_workspace.WriteWords(), "gpt", "--words", "--samples", "0");
        CommandResult written = Workspace.Nabla("sample", Run, "--count", "2", "--precision", "bfloat16");
        Assert.Equal(0, written.Code);
        Assert.Equal(2, written.OutputLines.Length);

        Train(_workspace.WriteWords(), "bigram", "--words", "--samples", "0", "--out", _workspace.PathOf("small"));
        CommandResult refused = Workspace.Nabla("sample", _workspace.PathOf("small"), "--precision", "bfloat16");
        Assert.Equal(2, refused.Code);
        Assert.Contains("is for GPTs", refused.Error, StringComparison.Ordinal);
        Assert.Contains("one of float32, bfloat16", Workspace.Nabla("sample", Run, "--precision", "half").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_are_listed_with_their_parameters_and_losses_in_130_columns()
    {
        CommandResult result = Workspace.Nabla("train", "--list-models");

        Assert.Equal(0, result.Code);
        Assert.All(ModelChoice.All, choice => Assert.Contains(result.OutputLines, line => line.StartsWith($"{choice.Name} ", StringComparison.Ordinal)));
        Assert.Matches("(?m)^mlp +11,897 +2\\.17 ", result.Output);
        Assert.Matches("(?m)^deep +47,024 +- ", result.Output);
        Assert.Matches("(?m)^wavenet +76,579 +1\\.993 ", result.Output);
        Assert.All(result.OutputLines, line => Assert.InRange(line.Length, 0, 130));
    }

    [Fact]
    public void The_transformer_has_makemores_sizes()
    {
        var model = (GptConfig)ModelChoice.Named("transformer").Settings.Model.For(27, 0);

        Assert.Equal((4, 4, 64, 16, false), (model.LayerCount, model.HeadCount, model.Width, model.ContextLength, model.TieWeights));
        Assert.Equal(204_544, model.Create().ParameterCount);
    }

    [Fact]
    public void Every_choice_is_valid_for_every_kind_of_text()
        => Assert.All(ModelChoice.All, choice => Assert.All(
            Enum.GetValues<TextKind>(), kind => new TrainingPlan("names", kind, choice.For(kind), null).Validate()));

    [Fact]
    public void A_configuration_file_chooses_a_model_and_the_command_line_wins()
    {
        string file = _workspace.Write("my.json", """{ "model": "wavenet", "width": 9, "embedding": 5 }""");

        Train(_workspace.WriteWords(), null, "--config", file, "--words", "--samples", "0");
        Assert.Equal((9, 5, 8), Sizes("run"));
        Train(_workspace.WriteWords(), "mlp", "--config", file, "--words", "--samples", "0", "--out", _workspace.PathOf("other"));
        Assert.Equal((9, 5, 3), Sizes("other"));

        (int Width, int Embedding, int Context) Sizes(string run)
        {
            var model = (WindowConfig)RunConfig.FromJson(File.ReadAllText(_workspace.PathOf(run, "config.json"))).Model;
            return (model.Width, model.EmbeddingSize, model.ContextLength);
        }
    }

    private CommandResult Train(string source, string? model, params string[] more)
    {
        string[] place = more.Contains("--out") ? [] : ["--out", Run];
        string[] choice = model is null ? [] : ["--model", model];
        CommandResult result = Workspace.Nabla(
            ["train", source, .. choice, "--steps", "3", "--batch", "4", "--eval-batches", "2", "--threads", "1", .. place, .. more]);
        Assert.True(result.Code == 0, result.Error);
        return result;
    }
}
