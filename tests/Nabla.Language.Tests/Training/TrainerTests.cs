using System.Text.Json;
using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TextDataset _data = RunningText.Create(string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog ran by. ", 40)), "cats");

    private static readonly TrainingOptions _options = new()
    {
        Steps = 12,
        BatchSize = 4,
        LearningRate = 1e-2f,
        WarmupSteps = 2,
        EvaluationInterval = 5,
        EvaluationBatches = 2,
        CheckpointInterval = 4,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Training_learns()
    {
        Trainer trainer = new(Model(), _data, _options with { Steps = 80 });
        double before = Evaluation.WholeLoss(trainer.Model, _data.ValidationIds);
        Assert.True(trainer.Run());
        double after = Evaluation.WholeLoss(trainer.Model, _data.ValidationIds);
        Assert.Equal(Math.Log(_data.Tokenizer.VocabularySize), before, 0.3);
        Assert.True(after < 0.6 * before, $"{before} -> {after}");
    }

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(0.2f, 3)]
    [Trait("Number", "L07-090")]
    public void A_run_stopped_and_resumed_equals_one_that_was_not(float dropout, int accumulation)
    {
        TrainingOptions options = _options with { AccumulationSteps = accumulation, WatchInterval = accumulation - 1 };
        (string whole, float[] wholeWeights) = Train("whole", options, dropout, []);
        (string parts, float[] weights) = Train("parts", options, dropout, [3, 4, 9]);
        Assert.Equal(whole, parts);
        Assert.Equal(wholeWeights, weights);
        Assert.Equal(12, whole.Count(character => character == '\n'));
    }

    [Fact]
    public void A_crash_after_the_checkpoint_is_rolled_back_to_it()
    {
        (string whole, _) = Train("whole", _options, 0, []);
        string path = Path.Combine(_folder, "crashed");
        using (RunDirectory run = RunDirectory.Create(path, Config(_options, 0), Tokenizer()))
        {
            using CancellationTokenSource stop = new();
            run.Resume(_data).Run(new Progress(report => Stop(report, 7, stop)), run, stop.Token);
        }

        // What a kill between the checkpoint and the next one leaves: more lines than steps, the last one cut off.
        File.AppendAllText(Path.Combine(path, "metrics.jsonl"), "{\"step\":8,\"loss\":1.5}\n{\"step\":9,\"lo");
        using (RunDirectory run = RunDirectory.Open(path))
        {
            Assert.True(run.Resume(_data).Run(null, run));
        }

        Assert.Equal(whole, File.ReadAllText(Path.Combine(path, "metrics.jsonl")));
    }

    [Fact]
    public void A_run_killed_before_its_first_checkpoint_starts_again_at_step_0()
    {
        string path = Path.Combine(_folder, "young");
        RunDirectory.Create(path, Config(_options, 0), Tokenizer()).Dispose();
        File.WriteAllText(Path.Combine(path, "metrics.jsonl"), "{\"step\":0,\"loss\":1}\n{\"step\":1,\"loss\":1}\n");
        using RunDirectory run = RunDirectory.Open(path);
        Assert.False(run.HasCheckpoint);
        Assert.Contains("no checkpoint yet", Assert.Throws<InvalidRunException>(() => run.LoadModel()).Message, StringComparison.Ordinal);
        Assert.Equal(0, run.Resume(_data).Step);
        Assert.Equal(0, new FileInfo(Path.Combine(path, "metrics.jsonl")).Length);
    }

    [Fact]
    [Trait("Number", "L06-049")]
    public void Metrics_read_back_to_the_same_bits()
    {
        List<float> losses = [];
        string path = Path.Combine(_folder, "run");
        using (RunDirectory run = RunDirectory.Create(path, Config(_options, 0), Tokenizer()))
        {
            run.Resume(_data).Run(new Progress(report => losses.Add(report.Loss)), run);
        }

        string[] lines = File.ReadAllLines(Path.Combine(path, "metrics.jsonl"));
        Assert.Equal(losses, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetSingle()));
        int[] evaluated = [.. lines.Where(line => line.Contains("valLoss", StringComparison.Ordinal)).Select(StepOf)];
        Assert.Equal([4, 9, 11], evaluated);
    }

    [Fact]
    public void Changed_data_is_not_gone_on_with()
    {
        string path = Path.Combine(_folder, "run");
        RunDirectory.Create(path, Config(_options, 0), Tokenizer()).Dispose();
        using RunDirectory run = RunDirectory.Open(path);
        TextDataset other = _data with { SourceHash = "0" };
        Assert.Contains("has changed", Assert.Throws<InvalidRunException>(() => run.Resume(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_said_with_its_step()
    {
        Trainer trainer = new(Model(), _data, _options with { LearningRate = 1e30f, ClipNorm = 0, WarmupSteps = 0 });
        string message = Assert.Throws<TrainingException>(() => trainer.Run()).Message;
        Assert.Matches("^Step [1-9]", message);
        Assert.Contains("lower the learning rate", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bits_per_byte_count_the_bytes_that_are_predicted_and_a_boundary_as_one()
    {
        var words = Tokenizers.RegexTokenizer.Train("aaaa", 257).WithSpecialTokens([new("<|endoftext|>", 257)]);
        int[] ids = [257, 256, 'a', 257];

        // Two bytes, one byte and the boundary; three tokens at ln 2 nats are three bits.
        Assert.Equal(3.0 / 4, Evaluation.BitsPerByte(Math.Log(2), words, ids, 257), 12);
        Assert.Equal(3.0 / 16, Evaluation.BitsPerByte(Math.Log(2), words, ids, null), 12);
    }

    [Fact]
    public void A_first_loss_far_from_a_guess_is_warned_of()
    {
        List<string> warnings = [];
        Trainer trainer = new(Model() with { Initialization = GptInitialization.LayerDefault, TieWeights = true }, _data, _options with { Steps = 2 });
        trainer.Run(new Progress(report => warnings.AddRange(report.Warnings)));
        Assert.Contains("far from ln(", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_longer_than_the_text_is_refused()
        => Assert.ThrowsAny<Exception>(() => new Trainer(Model() with { ContextLength = 5000 }, _data, _options));

    [Fact]
    public void A_folder_that_holds_something_is_not_written_to()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        Assert.Contains("--resume", Assert.Throws<IOException>(() => RunDirectory.Create(_folder, Config(_options, 0), Tokenizer())).Message, StringComparison.Ordinal);
    }

    private static int StepOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32();

    private static void Stop(TrainingProgress report, int step, CancellationTokenSource stop)
    {
        if (report.Step == step)
        {
            stop.Cancel();
        }
    }

    private static GptConfig Model() => new()
    {
        VocabularySize = _data.Tokenizer.VocabularySize,
        ContextLength = 16,
        LayerCount = 2,
        HeadCount = 2,
        Width = 16,
    };

    private static Tokenizers.ITokenizer Tokenizer() => _data.Tokenizer;

    private static RunConfig Config(TrainingOptions options, float dropout) => new()
    {
        Data = new RunData { Source = "cats", Kind = TextKind.RunningText, Sha256 = _data.SourceHash },
        Model = Model() with { Dropout = dropout },
        Training = options,
    };

    private (string Metrics, float[] Weights) Train(string name, TrainingOptions options, float dropout, int[] stops)
    {
        string path = Path.Combine(_folder, name);
        RunDirectory.Create(path, Config(options, dropout), Tokenizer()).Dispose();
        foreach (int step in (int[])[.. stops, int.MaxValue])
        {
            using RunDirectory run = RunDirectory.Open(path);
            using CancellationTokenSource stop = new();
            run.Resume(_data).Run(new Progress(report => Stop(report, step, stop)), run, stop.Token);
        }

        using RunDirectory done = RunDirectory.Open(path);
        return (File.ReadAllText(Path.Combine(path, "metrics.jsonl")), [.. done.LoadModel().Parameters().SelectMany(parameter => parameter.ToArray())]);
    }

    private sealed class Progress(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
