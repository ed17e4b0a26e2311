using Nabla.Cli.Training;
using Nabla.Language;

namespace Nabla.Cli.Tests;

/// <summary>The tokens of a step, its batches, and the padding of the vocabulary, from the command line into the run.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_tokens_of_a_step_make_its_batches()
    {
        TrainingOptions training = Trained("--batch-tokens", "96", "--batch", "3").Training;

        Assert.Equal((3, 4), (training.BatchSize, training.AccumulationSteps));
    }

    [Fact]
    public void Without_rows_the_batch_is_what_fits_in_memory_and_is_recorded()
    {
        TrainingOptions training = Trained("--batch-tokens", "1024").Training;

        Assert.Equal((64, 2), (training.BatchSize, training.AccumulationSteps));
    }

    [Fact]
    public void A_vocabulary_is_padded_and_the_padding_never_written()
    {
        RunConfig config = Trained("--batch", "2", "--vocab-multiple", "128");

        CommandResult info = Workspace.Nabla("sample", _workspace.PathOf("run"), "--temperature", "100", "--max-tokens", "300");

        Assert.Equal(128, config.Model.VocabularySize);
        Assert.Equal(0, info.Code);
        Assert.Equal(301, info.Output.Length);
    }

    [Fact]
    public void The_command_line_wins_over_the_file_in_how_a_step_is_made()
    {
        string tokens = _workspace.Write("tokens.json", """{ "batch-tokens": 96, "batch": 3 }""");
        Assert.Equal(2, Trained("--config", tokens, "--accumulate", "2").Training.AccumulationSteps);

        Directory.Delete(_workspace.PathOf("run"), recursive: true);
        string batches = _workspace.Write("batches.json", """{ "accumulate": 2, "batch": 3 }""");
        Assert.Equal(4, Trained("--config", batches, "--batch-tokens", "96").Training.AccumulationSteps);
    }

    [Theory]
    [InlineData("--batch-tokens and --accumulate both say how many batches make a step: give one of them.", "--batch-tokens", "96", "--accumulate", "2")]
    [InlineData("--batch-tokens: A step of 100 tokens is not a whole number of rows of 8: take 96 or 104 tokens.", "--batch-tokens", "100")]
    [InlineData("--batch-tokens: A step of 96 tokens is 12 rows of 8, which batches of 5 do not divide: take 4 or 6 rows in a batch.",
        "--batch-tokens", "96", "--batch", "5")]
    [InlineData("The vocabulary is padded to a multiple of 1 to 65536, not of 0.", "--vocab-multiple", "0")]
    [InlineData("The number of checkpoints to keep must be at least 0, not -1.", "--keep", "-1")]
    public void What_makes_no_step_is_refused_in_one_line(string message, params string[] options)
    {
        CommandResult result = Workspace.Nabla([.. Tiny(), .. options]);

        Assert.Equal((2, $"nabla: {message}\n"), (result.Code, result.Error));
        Assert.False(Directory.Exists(_workspace.PathOf("run")));
    }

    [Fact]
    [Trait("Number", "L10-099")]
    [Trait("Number", "L10-100")]
    public void The_preset_of_gpt2_is_the_lectures_last_setting()
    {
        TrainSettings settings = Preset.Named("gpt2-124m").Settings;
        TrainingOptions training = settings.Training;
        long tokens = settings.BatchTokens!.Value;

        Assert.Equal((64, 1024, 524_288, 19_073), (BatchPlan.MostRows, settings.Model.ContextLength, tokens, training.Steps));
        Assert.Equal((6e-4f, 6e-5f, 715), (training.LearningRate, training.MinimumLearningRate, training.WarmupSteps));
        Assert.Equal((0.9, 0.95, 0.1f, 1f), (training.Beta1, training.Beta2, training.WeightDecay, training.ClipNorm));
        Assert.Equal(RateSchedule.Cosine, training.Schedule);
        Assert.Equal(50_304, settings.Padded(50_257));
        Assert.Equal((10_000_000_000 / tokens, 375_000_000 / tokens), (training.Steps, training.WarmupSteps));
        Assert.Equal(76_292, 4 * training.Steps);
        Assert.Equal(new GptConfig(), settings.Model);
    }

    private string[] Tiny() =>
    [
        "train", _workspace.WriteText(), "--out", _workspace.PathOf("run"), "--layers", "1", "--heads", "2", "--width", "8", "--context", "8",
        "--steps", "1", "--samples", "0", "--eval-batches", "1", "--threads", "1",
    ];

    private RunConfig Trained(params string[] options)
    {
        CommandResult result = Workspace.Nabla([.. Tiny(), .. options]);
        Assert.True(result.Code == 0, result.Error);
        return RunConfig.FromJson(File.ReadAllText(_workspace.PathOf("run", "config.json")));
    }
}
