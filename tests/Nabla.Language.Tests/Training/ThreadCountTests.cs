using Nabla.Language.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>These change the number of threads of the whole process, so nothing else runs beside them.</summary>
[CollectionDefinition("ThreadCount", DisableParallelization = true)]
public class OneAtATime;

[Collection("ThreadCount")]
public class ThreadCountTests
{
    [Fact]
    public void The_loss_curve_is_the_same_bits_with_1_2_3_and_4_threads() => CheckCurves(steps: 20);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public void The_loss_curve_of_200_steps_is_the_same_bits_with_1_2_3_and_4_threads() => CheckCurves(steps: 200);

    // 20 steps of a GPT on every instruction set: the smallest training that uses all kernels.
    [Fact]
    [Trait("Tier", "true")]
    public void Twenty_steps_lower_the_loss_on_every_instruction_set()
    {
        float[] losses = Curve(steps: 20, threads: 2, batchSize: 4);
        Assert.Equal(Math.Log(27), losses[0], 0.1);
        Assert.True(losses[^1] < losses[0] - 0.3, $"{losses[0]} -> {losses[^1]}");
    }

    private static void CheckCurves(int steps)
    {
        float[] alone = Curve(steps, threads: 1, batchSize: 12);
        for (int threads = 2; threads <= 4; threads++)
        {
            Assert.Equal(alone, Curve(steps, threads, batchSize: 12));
        }

        Assert.Equal(steps, alone.Distinct().Count());
    }

    private static float[] Curve(int steps, int threads, int batchSize)
    {
        int before = Compute.ThreadCount;
        Compute.ThreadCount = threads;
        try
        {
            TextDataset data = TextSource.LoadAsync("names").GetAwaiter().GetResult();
            GptConfig config = new()
            {
                VocabularySize = data.Tokenizer.VocabularySize,
                ContextLength = 64,
                LayerCount = 2,
                HeadCount = 4,
                Width = 64,
                Dropout = 0.1f,
            };
            TrainingOptions options = new() { Steps = steps, BatchSize = batchSize, WarmupSteps = 2, LearningRate = 3e-3f, EvaluationInterval = 0 };
            Recorder curve = new();
            new Trainer(config, data, options).Run(curve);
            return [.. curve.Losses];
        }
        finally
        {
            Compute.ThreadCount = before;
        }
    }

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<float> Losses { get; } = [];

        public void Report(TrainingProgress value) => Losses.Add(value.Loss);
    }
}
