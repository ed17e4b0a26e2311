using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

public sealed class CheckpointFilesTests : IDisposable
{
    private static readonly TextDataset _data = RunningText.Create(string.Concat(Enumerable.Repeat("the cat sat on the mat. ", 40)), "cats");

    private static readonly TrainingOptions _options = new()
    {
        Steps = 12,
        BatchSize = 2,
        AccumulationSteps = 3,
        LearningRate = 1e-2f,
        WarmupSteps = 2,
        EvaluationInterval = 0,
        CheckpointInterval = 2,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, new string[0])]
    [InlineData(2, new[] { "checkpoint-00000008.safetensors", "checkpoint-00000010.safetensors" })]
    [InlineData(9, new[]
    {
        "checkpoint-00000002.safetensors", "checkpoint-00000004.safetensors", "checkpoint-00000006.safetensors",
        "checkpoint-00000008.safetensors", "checkpoint-00000010.safetensors",
    })]
    public void As_many_checkpoints_as_asked_for_are_kept_besides_the_last(int keep, string[] kept)
    {
        string path = Train(_options with { KeepCheckpoints = keep });

        Assert.Equal([.. kept, "checkpoint.safetensors"], Checkpoints(path));
    }

    [Fact]
    [Trait("Number", "L10-103")]
    public void The_lectures_checkpoints_come_every_5000_steps_and_at_the_end()
    {
        // The lecture writes one before it takes the step of that number, we after as many steps: what is written is the same.
        int[] steps = [.. Enumerable.Range(1, 19_073).Where(step => Trainer.IsDue(step, 5000, 19_073))];

        Assert.Equal([5000, 10_000, 15_000, 19_073], steps);
    }

    [Fact]
    [Trait("Number", "L10-107")]
    public void A_kept_checkpoint_put_back_goes_on_to_the_same_bits()
    {
        string path = Train(_options with { KeepCheckpoints = 3 });
        (byte[] weights, string metrics) = Content(path);
        File.Move(Path.Combine(path, "checkpoint-00000006.safetensors"), Path.Combine(path, "checkpoint.safetensors"), overwrite: true);

        Resume(path);

        Assert.Equal(weights, Content(path).Weights);
        Assert.Equal(metrics, Content(path).Metrics);
    }

    [Fact]
    public void A_crash_while_the_last_checkpoint_changes_its_name_costs_nothing_but_its_steps()
    {
        string path = Train(_options with { KeepCheckpoints = 1 });
        (byte[] weights, string metrics) = Content(path);

        // The one before has taken its number, the new one not yet the name of the last.
        File.Move(Path.Combine(path, "checkpoint.safetensors"), Path.Combine(path, "checkpoint-next.safetensors"));
        using (RunDirectory run = RunDirectory.Open(path))
        {
            Assert.Equal("checkpoint-00000010.safetensors", Path.GetFileName(run.CheckpointPath));
            Assert.Equal(10, run.LoadTrainer(_data).Step);
        }

        Resume(path);

        Assert.Equal(weights, Content(path).Weights);
        Assert.Equal(metrics, Content(path).Metrics);
    }

    [Fact]
    public void Where_the_last_one_is_missing_the_newest_of_those_kept_stands_in()
    {
        string path = Train(_options with { KeepCheckpoints = 3 });
        File.Delete(Path.Combine(path, "checkpoint.safetensors"));

        using RunDirectory run = RunDirectory.Open(path);

        Assert.Equal("checkpoint-00000010.safetensors", Path.GetFileName(run.CheckpointPath));
    }

    [Fact]
    public void Where_none_is_kept_those_that_somebody_put_there_stay()
    {
        string path = Train(_options with { Steps = 4 });
        File.Copy(Path.Combine(path, "checkpoint.safetensors"), Path.Combine(path, "checkpoint-00000002.safetensors"));
        using RunDirectory run = RunDirectory.Open(path);
        Trainer trainer = run.LoadTrainer(_data, fromStart: true);
        trainer.WatchStep();

        run.Save(trainer);

        Assert.Equal(["checkpoint-00000002.safetensors", "checkpoint.safetensors"], Checkpoints(path));
        Assert.Equal(1, run.LoadTrainer(_data).Step);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Fewer_than_none_cannot_be_kept(int keep)
        => Assert.Equal(
            $"The number of checkpoints to keep must be at least 0, not {keep}.",
            Assert.Throws<ArgumentException>(() => Train(_options with { KeepCheckpoints = keep })).Message);

    [Fact]
    public void A_run_resumed_at_its_end_writes_no_second_checkpoint()
    {
        string path = Train(_options with { KeepCheckpoints = 1 });
        string[] before = Checkpoints(path);

        Resume(path);

        Assert.Equal(before, Checkpoints(path));
    }

    private static string[] Checkpoints(string path)
        => [.. Directory.GetFiles(path, "checkpoint*").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static (byte[] Weights, string Metrics) Content(string path)
        => (File.ReadAllBytes(Path.Combine(path, "checkpoint.safetensors")), File.ReadAllText(Path.Combine(path, "metrics.jsonl")));

    private static void Resume(string path)
    {
        using RunDirectory run = RunDirectory.Open(path);
        run.Resume(_data).Run(null, run);
    }

    private string Train(TrainingOptions options)
    {
        string path = Path.Combine(_folder, "run");
        RunConfig config = new()
        {
            Data = new RunData { Source = "cats", Kind = TextKind.RunningText, Sha256 = _data.SourceHash },
            Model = new GptConfig { VocabularySize = _data.Tokenizer.VocabularySize, ContextLength = 8, LayerCount = 1, HeadCount = 2, Width = 8 },
            Training = options,
        };
        RunDirectory.Create(path, config, _data.Tokenizer).Dispose();
        Resume(path);
        return path;
    }
}
