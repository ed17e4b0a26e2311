using Nabla.Language.Data;
using Nabla.Language.Tests.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>A trainer that watches what it does: it learns the same, and says what is wrong, each fault once.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly TextDataset _data =
        RunningText.Create(string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog ran by. ", 40)), "cats");

    private static readonly MlpConfig _mlp = new() { VocabularySize = _data.Tokenizer.VocabularySize, Width = 20, ContextLength = 4 };

    private static readonly TrainingOptions _options = new()
    {
        Steps = 6,
        BatchSize = 8,
        LearningRate = 1e-3f,
        MinimumLearningRate = 1e-3f,
        WarmupSteps = 0,
        EvaluationInterval = 0,
        WatchInterval = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_healthy_training_is_not_warned_of() => Assert.Empty(Warnings(_mlp, _options, _ => { }));

    [Fact]
    public void Watching_changes_no_bit_of_what_is_learned()
    {
        Assert.Equal(Weights(watchInterval: 0), Weights(watchInterval: 2));

        static float[] Weights(int watchInterval)
        {
            Trainer trainer = new(
                new GptConfig { VocabularySize = 30, ContextLength = 8, LayerCount = 1, HeadCount = 2, Width = 8, Dropout = 0.1f },
                _data,
                _options with { WatchInterval = watchInterval, AccumulationSteps = 2 });
            trainer.Run();
            return [.. trainer.Model.Parameters().SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void A_layer_of_large_weights_is_said_to_be_saturated()
    {
        List<string> warnings = Warnings(_mlp, _options, model => Scale(model, "layers.1.weight", 30));

        string warning = Assert.Single(warnings, warning => warning.Contains("saturated, where", StringComparison.Ordinal));
        Assert.Matches(@"^Step 0: [0-9]+ % of what layers\.2 puts out is saturated, .*See lessons/04-activations\.$", warning);
    }

    [Fact]
    public void Rectifiers_that_no_example_switches_on_are_said_to_be_dead()
    {
        GptConfig gpt = new()
        {
            VocabularySize = _data.Tokenizer.VocabularySize,
            ContextLength = 8,
            LayerCount = 2,
            HeadCount = 2,
            Width = 8,
            Activation = Activation.Relu,
            Initialization = GptInitialization.LayerDefault,
            TieWeights = false,
        };

        string warning = Assert.Single(Warnings(gpt, _options, model => Fill(model, "h.1.mlp.c_fc.bias", -100)));

        Assert.Matches(@"^Step 0: 100 % of the units of h\.1\.mlp\.act are dead, .*See lessons/04-activations\.$", warning);
    }

    [Fact]
    public void A_tiny_learning_rate_is_warned_of_but_not_while_it_warms_up()
    {
        TrainingOptions tiny = _options with { LearningRate = 1e-8f, MinimumLearningRate = 1e-8f };

        string warning = Assert.Single(Warnings(_mlp, tiny, _ => { }));

        Assert.Matches(@"^Step 0: A step changes .* \(and 2 more\) by [0-9.]+e-[0-9] of its size, .*; raise the learning rate\. See ", warning);
        Assert.Empty(Warnings(_mlp, tiny with { WarmupSteps = 6 }, _ => { }));
    }

    [Fact]
    public void A_huge_learning_rate_is_warned_of()
    {
        List<string> warnings = Warnings(_mlp, _options with { LearningRate = 1, Steps = 1 }, _ => { });

        Assert.Matches(@"^Step 0: A step changes .*; lower the learning rate\. See lessons/04-activations\.$", Assert.Single(warnings));
    }

    [Fact]
    public void A_first_loss_far_from_a_guess_is_warned_of_whether_watched_or_not()
    {
        foreach (int interval in new[] { 0, 1 })
        {
            string warning = Warnings(_mlp, _options with { WatchInterval = interval }, model => Scale(model, "layers.3.weight", 2000))[0];
            Assert.Matches(@"^Step 0: The first loss is .* look at the initialisation\. See lessons/04-activations\.$", warning);
        }
    }

    [Fact]
    public void A_loss_that_rises_is_warned_of_once_and_one_that_only_jumps_is_not()
    {
        TrainingWarnings warnings = new(_options, 27);
        List<string> said = [];
        for (int step = 0; step < 300; step++)
        {
            float loss = step < 150 ? 3 - (0.01f * step) + (step % 2) : 2 + (0.05f * (step - 150));
            int before = said.Count;
            said.AddRange(warnings.Of(step, loss, null, isUntrained: step == 0));
            Assert.True(step >= 150 || said.Count == before);
        }

        Assert.Matches(@"^Step 1[5-9][0-9]: The loss rises: .* See lessons/03-mlp\.$", Assert.Single(said));
    }

    [Fact]
    public void A_watched_step_is_written_and_read_to_the_same_bits_and_others_are_as_before()
    {
        StepWatch watch = new(
            new Dictionary<string, float> { ["h.0.weight"] = 1f / 3 },
            new Dictionary<string, float> { ["h.1"] = float.Epsilon },
            new Dictionary<string, float>());
        string path = _folder.File("metrics.jsonl");
        using (MetricsLog log = MetricsLog.Open(path, 0))
        {
            log.Append(new StepMetrics(0, 3, null, 1, 1) { Watch = watch });
            log.Append(new StepMetrics(1, 2, null, 1, 1));
        }

        IReadOnlyList<StepMetrics> steps = MetricsLog.Read(path);
        Assert.Equal(watch.Updates, steps[0].Watch!.Updates);
        Assert.Equal(watch.Saturation, steps[0].Watch!.Saturation);
        Assert.Empty(steps[0].Watch!.DeadUnits);
        Assert.Null(steps[1].Watch);
        Assert.Equal("""{"step":1,"loss":2,"learningRate":1,"gradientNorm":1}""", File.ReadAllLines(path)[1]);
    }

    private static List<string> Warnings(LanguageModelConfig config, TrainingOptions options, Action<LanguageModel> spoil)
    {
        Trainer trainer = new(config, _data, options);
        using (Tensor.NoGrad())
        {
            spoil(trainer.Model);
        }

        List<string> warnings = [];
        trainer.Run(new Progress(report => warnings.AddRange(report.Warnings)));
        return warnings;
    }

    private static void Scale(LanguageModel model, string name, float factor)
    {
        Tensor weight = Parameter(model, name);
        weight.CopyInPlace(weight * factor);
    }

    private static void Fill(LanguageModel model, string name, float value) => Parameter(model, name).FillInPlace(value);

    private static Tensor Parameter(LanguageModel model, string name)
        => model.NamedParameters().Single(parameter => parameter.Key == name).Value;

    private sealed class Progress(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
