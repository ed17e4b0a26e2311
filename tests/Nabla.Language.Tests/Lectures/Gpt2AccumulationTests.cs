using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Language.Tests.Lectures;

/// <summary>A step of many batches, one after another or each by a process of its own, equals a step of one large batch.</summary>
public sealed class Gpt2AccumulationTests
{
    private static readonly TextDataset _data = RunningText.Create(
        string.Concat(Enumerable.Range(0, 400).Select(i => $"{i * i} and {i}, ")), "squares");

    // Without the keys' bias, whose gradient is rounding and nothing else: AdamW would make whole steps of it.
    private static readonly GptConfig _config = new()
    {
        VocabularySize = _data.Tokenizer.VocabularySize,
        ContextLength = 16,
        LayerCount = 2,
        HeadCount = 2,
        Width = 16,
        AttentionBias = false,
    };

    [Fact]
    [Trait("Number", "L10-072")]
    public void Without_its_share_of_the_loss_each_of_four_passes_adds_a_whole_gradient()
    {
        RandomGenerator random = new(1337);
        (Linear hidden, Linear output) = (new Linear(16, 32, random: random), new Linear(32, 1, random: random));
        (Tensor x, Tensor y) = (Tensor.Randn(random, 4, 16), Tensor.Randn(random, 4, 1));
        float[] whole = Gradient(1, 1);

        Assert.All(whole.Zip(Gradient(4, 1)), pair => Assert.Equal(4 * pair.First, pair.Second, 1e-5f));
        Assert.All(whole.Zip(Gradient(4, 4)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] Gradient(int batches, float divisor)
        {
            hidden.ZeroGrad();
            output.ZeroGrad();
            int rows = 4 / batches;
            for (int batch = 0; batch < batches; batch++)
            {
                Range at = (batch * rows)..((batch + 1) * rows);
                Tensor error = output.Forward(hidden.Forward(x[at]).Gelu()) - y[at];
                ((error * error).Mean() / divisor).Backward();
            }

            return hidden.Weight.Grad!.ToArray();
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    [Trait("Number", "L10-075")]
    public void A_step_of_32_rows_is_the_same_however_it_is_cut(int batchSize)
    {
        Trainer whole = Step(32, 1);
        Trainer parts = Step(batchSize, 32 / batchSize);

        Assert.True(Difference(whole.Model, parts.Model) <= 1e-5, $"{Difference(whole.Model, parts.Model)}");
        Assert.True(Difference(whole.Model, _config.Create(new RandomGenerator(1337))) > 1e-4);
    }

    [Fact]
    [Trait("Number", "L10-076")]
    public void The_loss_of_a_step_is_the_mean_of_its_batches()
    {
        List<float> losses = Batches(4, 8).ConvertAll(batch => _config.Create(new RandomGenerator(1337)).Loss(batch.X, batch.Y).Item());

        float reported = 0;
        Trainer trainer = new(_config, _data, Options(4, 8));
        trainer.Run(new Report(report => reported = report.Loss));

        Assert.Equal(losses.Average(), reported, 1e-6f);
        Assert.NotEqual(losses[^1], reported, 1e-3f);
    }

    // 8 processes with one batch each, as in the lecture's check, or fewer with several.
    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    [Trait("Number", "L10-094")]
    [Trait("Number", "L10-096")]
    public void Processes_that_average_their_gradients_once_a_step_equal_one_that_accumulates_all(int processes)
    {
        const int Rows = 4;
        const int All = 8;
        int own = All / processes;
        List<(IndexTensor X, IndexTensor Y)> batches = Batches(Rows, All);
        LanguageModel[] models = [.. Enumerable.Range(0, processes).Select(_ => _config.Create(new RandomGenerator(1337)))];
        double[] losses = new double[processes];
        for (int rank = 0; rank < processes; rank++)
        {
            for (int part = 0; part < own; part++)
            {
                (IndexTensor x, IndexTensor y) = batches[(part * processes) + rank];
                Tensor loss = models[rank].Loss(x, y) / own;
                loss.Backward();
                losses[rank] += loss.Item();
            }
        }

        // Behind the last of its batches, and not before, each process hears of the others' gradients.
        Average(models);
        foreach (LanguageModel model in models)
        {
            ILookup<bool, Tensor> groups = model.Parameters().ToLookup(Trainer.Decays);
            AdamW optimizer = new([new ParameterGroup(groups[true], 1e-3f, 0.1f), new ParameterGroup(groups[false], 1e-3f, 0)], 0.9, 0.95);
            GradientClipping.ClipNorm(model.Parameters(), 1);
            optimizer.Step();
        }

        float reported = 0;
        Trainer one = new(_config, _data, Options(Rows, All));
        one.Run(new Report(report => reported = report.Loss));
        Assert.All(models, model => Assert.True(Difference(one.Model, model) <= 1e-5, $"{Difference(one.Model, model)}"));
        Assert.Equal(losses.Average(), reported, 1e-5);
    }

    private static void Average(LanguageModel[] models)
    {
        foreach (Tensor[] parameters in models.Select(model => model.Parameters()).Aggregate(
            Enumerable.Repeat<Tensor[]>([], models[0].Parameters().Count), (all, own) => all.Zip(own, (some, next) => (Tensor[])[.. some, next])))
        {
            using (Tensor.NoGrad())
            {
                Tensor mean = parameters.Select(parameter => parameter.Grad!).Aggregate((sum, next) => sum + next) / models.Length;
                foreach (Tensor parameter in parameters)
                {
                    parameter.Grad!.CopyInPlace(mean);
                }
            }
        }
    }

    // As the trainer draws them.
    private static List<(IndexTensor X, IndexTensor Y)> Batches(int rows, int count)
    {
        BatchSampler sampler = new(_data.TrainingIds, rows, _config.ContextLength, new RandomGenerator(1337 + 2));
        List<(IndexTensor, IndexTensor)> batches = [];
        for (int batch = 0; batch < count; batch++)
        {
            int[] x = new int[rows * _config.ContextLength];
            int[] y = new int[x.Length];
            sampler.Next(x, y);
            batches.Add((IndexTensor.From(x, rows, -1), IndexTensor.From(y, rows, -1)));
        }

        return batches;
    }

    private static TrainingOptions Options(int batchSize, int accumulationSteps) => new()
    {
        Steps = 1,
        BatchSize = batchSize,
        AccumulationSteps = accumulationSteps,
        LearningRate = 1e-3f,
        WarmupSteps = 0,
        Beta2 = 0.95,
    };

    private static Trainer Step(int batchSize, int accumulationSteps)
    {
        Trainer trainer = new(_config, _data, Options(batchSize, accumulationSteps));
        trainer.Run();
        return trainer;
    }

    private static double Difference(LanguageModel left, LanguageModel right) => left.Parameters().Zip(right.Parameters())
        .Max(pair => pair.First.ToArray().Zip(pair.Second.ToArray(), (a, b) => Math.Abs(a - b)).Max());

    private sealed class Report(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value) => action(value);
    }
}
