using System.Diagnostics;
using System.Globalization;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Benchmarks;

/// <summary>
/// Times training steps of a GPT: batch, forward, backward, clipping and AdamW. The presets are those of
/// <c>bench/peers/train_gpt.py</c>, and so is the one line of JSON that comes out.
/// </summary>
internal static class TrainReport
{
    private const int WarmupSteps = 3;

    private static readonly Dictionary<string, (GptConfig Model, int Batch, float Rate)> _presets = new()
    {
        ["gpt2-124m"] = (new GptConfig { ContextLength = 64 }, 4, 3e-4f),
        ["shakespeare-4x128"] = (Small(65, 128, 64), 12, 1e-3f),
        ["lecture-cpu"] = (Small(65, 64, 32), 16, 1e-3f),
        ["names"] = (Small(27, 64, 16), 32, 1e-3f),
    };

    public static void Run(string preset, int steps)
    {
        if (!_presets.TryGetValue(preset, out (GptConfig Model, int Batch, float Rate) chosen))
        {
            Console.Error.WriteLine($"There is no preset {preset}; there are {string.Join(", ", _presets.Keys)}.");
            return;
        }

        TrainingOptions options = new()
        {
            Steps = WarmupSteps + steps,
            BatchSize = chosen.Batch,
            LearningRate = chosen.Rate,
            WarmupSteps = 0,
            Schedule = RateSchedule.Constant,
            Beta2 = 0.95,
            EvaluationInterval = WarmupSteps + steps + 1,
            EvaluationBatches = 1,
        };
        StepTimes times = new();
        Trainer trainer = new(chosen.Model, RandomTokens(chosen.Model.VocabularySize), options);
        times.Start();
        trainer.Run(times);
        double[] seconds = [.. times.Seconds.Skip(WarmupSteps).Take(steps - 1).Order()];
        double median = seconds[seconds.Length / 2];
        int tokens = chosen.Batch * chosen.Model.ContextLength;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"preset":"{{preset}}","parameters":{{trainer.Model.ParameterCount}},"threads":{{Compute.ThreadCount}},"secondsPerStep":{{median:G6}},"fastest":{{seconds[0]:G6}},"tokensPerSecond":{{tokens / median:F0}},"peakMegabytes":{{Process.GetCurrentProcess().PeakWorkingSet64 >> 20}}}"""));
    }

    private static GptConfig Small(int vocabulary, int width, int context) => new()
    {
        VocabularySize = vocabulary,
        ContextLength = context,
        LayerCount = 4,
        HeadCount = 4,
        Width = width,
    };

    private static TextDataset RandomTokens(int vocabulary)
    {
        int[] ids = new int[1 << 20];
        new RandomGenerator(1).Integers(ids, 0, vocabulary);
        return new TextDataset("random", new CharacterTokenizer([new('a')]), ids, ids.AsMemory(0, 1000), "random");
    }

    /// <summary>Notes how long each step took, from report to report.</summary>
    private sealed class StepTimes : IProgress<TrainingProgress>
    {
        private readonly List<double> _seconds = [];
        private long _last;

        public IEnumerable<double> Seconds => _seconds;

        public void Start() => _last = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            long now = Stopwatch.GetTimestamp();
            _seconds.Add(Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
            _last = now;
        }
    }
}
