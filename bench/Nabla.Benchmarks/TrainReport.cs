using System.Diagnostics;
using System.Text.Json;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Times training steps of a GPT: batch, forward, backward, clipping and AdamW. The presets and options are those of
/// <c>bench/peers/train_gpt.py</c>, and so is the one line of JSON that comes out.
/// </summary>
internal static class TrainReport
{
    public static void Run(string name, Arguments arguments)
    {
        TrainPreset preset = TrainPreset.Read(name, arguments);
        int warmup = arguments.Count("--warmup", least: 0) ?? 3;
        int steps = arguments.Count("--steps") ?? 20;
        int accumulation = arguments.Count("--accumulate") ?? 1;
        bool withLimits = arguments.Flag("--limits");
        bool isLikeLlmc = arguments.Flag("--like-llm-c");
        string? weights = arguments.Text("--save-weights");
        if (arguments.Words() is [string word, ..])
        {
            throw new UsageException($"train takes one preset and options such as --steps 20; {word} is neither.");
        }

        using CancellationTokenSource stop = new();
        StepTimes times = new(warmup + steps, stop);
        Trainer trainer = isLikeLlmc
            ? new(preset.Model, LlmcTraining.Data(preset), LlmcTraining.Options(preset) with { AccumulationSteps = accumulation })
            : new(preset.Model, RandomTokens(preset.Model.VocabularySize), Options(preset, accumulation));
        if (weights is not null)
        {
            trainer.Model.Save(weights);
        }

        times.Start();
        trainer.Run(times, cancellationToken: stop.Token);
        long peakMemory = ProcessMemory.Peak;
        double[] seconds = [.. times.Seconds.Skip(warmup).Order()];
        double median = seconds.Median();
        double? limit = withLimits ? MachineLimits.Flops() : null;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            preset = name,
            parameters = trainer.Model.ParameterCount,
            threads = Compute.ThreadCount,
            secondsPerStep = median,
            fastest = seconds[0],
            slowest = seconds[^1],
            tokensPerSecond = accumulation * preset.Tokens / median,
            firstLoss = times.Losses[0],
            lastLoss = times.Losses[^1],
            peakMegabytes = peakMemory / 1048576.0,
            gigaflops = accumulation * preset.Flops / median / 1e9,
            limitGigaflops = limit / 1e9,
            shareOfPeak = accumulation * preset.Flops / median / limit,
        }));
    }

    private static TrainingOptions Options(TrainPreset preset, int accumulation) => new()
    {
        Steps = int.MaxValue,
        BatchSize = preset.Batch,
        AccumulationSteps = accumulation,
        LearningRate = preset.Rate,
        WarmupSteps = 0,
        Schedule = RateSchedule.Constant,
        Beta2 = 0.95,
        EvaluationInterval = 0,
    };

    private static TextDataset RandomTokens(int vocabulary)
    {
        int[] ids = new int[1 << 20];
        new RandomGenerator(1).Integers(ids, 0, vocabulary);
        return new TextDataset("random", new CharacterTokenizer([new('a')]), ids, ids.AsMemory(0, 1000), "random");
    }

    /// <summary>Notes how long each step took, from report to report, and ends the training after so many.</summary>
    private sealed class StepTimes(int count, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        private long _last;

        public List<double> Seconds { get; } = [];

        public List<float> Losses { get; } = [];

        public void Start() => _last = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            long now = Stopwatch.GetTimestamp();
            Seconds.Add(Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
            Losses.Add(value.Loss);
            _last = now;
            if (Seconds.Count == count)
            {
                stop.Cancel();
            }
        }
    }
}
