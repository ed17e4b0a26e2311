using Nabla.Language.Data;
using Nabla.Optim;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// GPT-2 of 124 million parameters on tiny Shakespeare in batches of 4 rows of 32 tokens: the lecture's first trainings, of 50 steps
/// each, and a run that is killed. Some minutes, and 3 GB.
/// </summary>
public sealed class Gpt2LongTrainingTests : IDisposable
{
    private const int Rows = 4;
    private const int Context = 32;
    private const int Steps = 50;

    // As the lecture's model is at first, and as it is after two more chapters.
    private static readonly GptConfig _first = new() { TieWeights = false, Initialization = GptInitialization.LayerDefault };
    private static readonly GptConfig _tied = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-033")]
    public void An_untrained_model_guesses(bool tied)
    {
        int[] ids = Shakespeare((Rows * Context) + 1);
        Gpt model = new(tied ? _tied : _first, new RandomGenerator(1337));
        using (Tensor.NoGrad())
        {
            Assert.Equal(10.95f, Loss(model, ids, 0).Item(), 0.25f);
        }
    }

    [Theory(Explicit = true)]
    [InlineData(false, 0.02)]
    [InlineData(true, 1.0)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-051")]
    [Trait("Number", "L10-052")]
    public void One_batch_is_learned_by_heart(bool tied, double bound)
    {
        (float[] losses, _) = Train(tied ? _tied : _first, fresh: false);

        Assert.True(losses[^1] <= bound, $"{losses[0]} -> {losses[^1]}");
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-053")]
    [Trait("Number", "L10-055")]
    public void Fresh_batches_teach_which_tokens_never_occur()
    {
        (float[] losses, _) = Train(_first, fresh: true);

        Assert.Equal(6.6f, losses[^1], 0.4f);
        Assert.True(losses[^1] >= 4);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-054")]
    [Trait("Number", "L10-062")]
    public void With_the_weights_tied_the_same_is_learned_and_the_gradient_shrinks()
    {
        (float[] losses, float[] norms) = Train(_tied, fresh: true);

        Assert.Equal(6.7f, losses[^1], 0.5f);
        float ratio = norms[0] / norms[^5..].Average();
        Assert.True(ratio >= 4, $"{norms[0]} is {ratio} times the last");
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-107")]
    public void The_recipe_killed_between_checkpoints_and_resumed_gives_the_same_bits()
    {
        TextDataset data = RunningText.Create(Text(40_000), "shakespeare", Tokenizer());
        TrainingOptions options = new()
        {
            Steps = 8,
            BatchSize = 1,
            AccumulationSteps = 3,
            LearningRate = 6e-4f,
            MinimumLearningRate = 6e-5f,
            WarmupSteps = 3,
            Beta2 = 0.95,
            EvaluationInterval = 0,
            CheckpointInterval = 3,
            KeepCheckpoints = 1,
        };
        RunConfig config = new()
        {
            Data = new RunData { Source = "shakespeare", Kind = TextKind.RunningText, Sha256 = data.SourceHash },
            Model = _tied with { VocabularySize = 50_304, ContextLength = Context },
            Training = options,
        };
        (string whole, string killed) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "killed"));
        Run(whole, kill: int.MaxValue);
        Run(killed, kill: 4);
        Run(killed, kill: int.MaxValue);

        Assert.Equal(File.ReadAllText(Path.Combine(whole, "metrics.jsonl")), File.ReadAllText(Path.Combine(killed, "metrics.jsonl")));
        Assert.Equal(Hash(whole), Hash(killed));

        void Run(string path, int kill)
        {
            using RunDirectory run = RunDirectory.IsRun(path) ? RunDirectory.Open(path) : RunDirectory.Create(path, config, data.Tokenizer);
            Trainer trainer = run.Resume(data);
            try
            {
                trainer.Run(new Killer(kill), run);
            }
            catch (OperationCanceledException)
            {
                // Nothing is saved on the way out, as in a process that is killed.
            }
        }
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-128")]
    public void Of_a_text_that_is_read_only_once_training_and_validation_loss_stay_about_equal()
    {
        TextDataset data = RunningText.Create(File.ReadAllText(TestFiles.Data("tinyshakespeare.txt")), "shakespeare");
        GptConfig config = new() { VocabularySize = 65, ContextLength = 64, LayerCount = 2, HeadCount = 4, Width = 64 };
        TrainingOptions options = new()
        {
            Steps = (int)(data.TrainingIds.Length / (16 * 64)),
            BatchSize = 16,
            Order = BatchOrder.Shuffled,
            LearningRate = 3e-3f,
            MinimumLearningRate = 3e-4f,
            EvaluationInterval = 0,
        };
        List<float> losses = [];
        Trainer trainer = new(config, data, options);

        trainer.Run(new Losses(losses));

        float last = losses[^100..].Average();
        Assert.InRange(last, 1, 2.3f);
        Assert.Equal(last, trainer.ValidationLoss(), 0.3);
    }

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(Path.Combine(path, "checkpoint.safetensors"));
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
    }

    private static ITokenizer Tokenizer() => TokenizerFile.Load(TestFiles.Data("vocab.bpe"));

    private static string Text(int length) => File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"))[..length];

    private static int[] Shakespeare(int count) => Tokenizer().Encode(Text(8 * count))[..count];

    private static Tensor Loss(Gpt model, int[] ids, int start)
    {
        ReadOnlySpan<int> batch = ids.AsSpan(start, (Rows * Context) + 1);
        return model.Loss(IndexTensor.From(batch[..^1], Rows, -1), IndexTensor.From(batch[1..], Rows, -1));
    }

    /// <summary>Trains with AdamW's defaults, on the first batch again and again or on those that follow it.</summary>
    private static (float[] Losses, float[] Norms) Train(GptConfig config, bool fresh)
    {
        int[] ids = Shakespeare((Steps * Rows * Context) + 1);
        Gpt model = new(config, new RandomGenerator(1337));
        AdamW optimizer = new(model.Parameters(), learningRate: 3e-4f);
        (float[] losses, float[] norms) = (new float[Steps], new float[Steps]);
        for (int step = 0; step < Steps; step++)
        {
            using MemoryScope scope = MemoryScope.Begin();
            Tensor loss = Loss(model, ids, fresh ? step * Rows * Context : 0);
            optimizer.ZeroGrad();
            loss.Backward();
            norms[step] = GradientClipping.Measure(model.Parameters(), float.PositiveInfinity, out _);
            optimizer.Step();
            losses[step] = loss.Item();
        }

        return (losses, norms);
    }

    private sealed class Losses(List<float> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => losses.Add(value.Loss);
    }

    private sealed class Killer(int step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                throw new OperationCanceledException();
            }
        }
    }
}
