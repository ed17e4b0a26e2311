using System.Globalization;
using Nabla.Autograd;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Optim;

namespace Nabla.Benchmarks.Profile;

/// <summary>
/// Prints where the time of a training step goes, operation by operation, and how far each is from its limit: the machine's
/// float32 peak, or the speed at which it reads memory, both measured in the same run.
/// </summary>
internal static class ProfileReport
{
    private const int WarmupSteps = 2;

    // Less than this share of a step is not worth a line.
    private const double Least = 0.002;

    public static void Run(string name, Arguments arguments)
    {
        TrainPreset preset = TrainPreset.Read(name, arguments);
        int steps = arguments.Count("--steps") ?? 5;
        if (arguments.Words() is [string word, ..])
        {
            throw new UsageException($"profile takes one preset and options such as --context 256; {word} is neither.");
        }

        double peak = MachineLimits.Flops();
        double bandwidth = MachineLimits.ReadBytes();
        StepProfile profile = Measure(preset, steps);
        peak = Math.Max(peak, MachineLimits.Flops());
        bandwidth = Math.Max(bandwidth, MachineLimits.ReadBytes());
        Print($"{name}, B={preset.Batch} T={preset.Model.ContextLength}, {Compute.ThreadCount} threads; limits {peak / 1e9:F0} GFLOP/s, {bandwidth / 1e9:F1} GB/s");
        Print(profile, steps, peak, bandwidth);
    }

    private static StepProfile Measure(TrainPreset preset, int steps)
    {
        int[] ids = new int[1 << 20];
        new RandomGenerator(1).Integers(ids, 0, preset.Model.VocabularySize);
        Gpt model = preset.Model.Create(new RandomGenerator(2), new RandomGenerator(3));
        AdamW optimizer = new(model.Parameters(), preset.Rate, beta2: 0.95, weightDecay: 0.1f);
        BatchSampler batches = new(ids, preset.Batch, preset.Model.ContextLength, new RandomGenerator(4));
        int[] x = new int[preset.Tokens];
        int[] y = new int[preset.Tokens];
        double parameterBytes = sizeof(float) * (double)model.ParameterCount;
        StepProfile profile = new();
        for (int step = 0; step < WarmupSteps + steps; step++)
        {
            profile = step == WarmupSteps ? new StepProfile() : profile;
            OpWatch.Ended = profile.Note;
            using MemoryScope scope = MemoryScope.Begin();
            profile.BeginStep();
            batches.Next(x, y);
            (IndexTensor inputs, IndexTensor targets) = (IndexTensor.From(x, preset.Batch, -1), IndexTensor.From(y, preset.Batch, -1));
            profile.Note("batch", 0);
            Tensor loss = model.Loss(inputs, targets);
            loss.Backward();
            profile.Note("end of backward", 0);

            // As the trainer does: reads every gradient for the norm,
            GradientClipping.Measure(optimizer.Parameters, 1, out float factor);
            profile.Note("norm of the gradients", parameterBytes);

            // then weight, gradient and the two means, and writes all but the gradient.
            optimizer.Step(factor);
            optimizer.ZeroGrad();
            profile.Note("AdamW", 7 * parameterBytes);
        }

        OpWatch.Ended = null;
        return profile;
    }

    private static void Print(StepProfile profile, int steps, double peak, double bandwidth)
    {
        double total = profile.Entries.Sum(entry => entry.Seconds);
        Console.WriteLine();
        Console.WriteLine("| operation | pass | calls | ms a step | of the step | speed | of its limit |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        double rest = 0;
        foreach (ProfileEntry entry in profile.Entries.OrderByDescending(entry => entry.Seconds))
        {
            if (entry.Seconds < Least * total)
            {
                rest += entry.Seconds;
                continue;
            }

            (double speed, string unit, double limit) = entry.Flops > 0
                ? (entry.Flops / entry.Seconds, "GFLOP/s", peak)
                : (entry.Bytes / entry.Seconds, "GB/s", bandwidth);
            string speedText = speed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{speed / 1e9:F0} {unit}") : "";
            string share = speed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{speed / limit:P0}") : "";
            Print($"| {entry.Name} | {entry.Pass} | {entry.Count / steps} | {1000 * entry.Seconds / steps:F1} | {entry.Seconds / total:P1} | {speedText} | {share} |");
        }

        Print($"| what takes less than {Least:P1} each | | | {1000 * rest / steps:F1} | {rest / total:P1} | | |");
        double arithmetic = profile.Entries.Sum(entry => entry.Flops) / peak;
        double memory = profile.Entries.Where(entry => entry.Flops == 0).Sum(entry => entry.Bytes) / bandwidth;
        Print($"| the whole step | | | {1000 * total / steps:F1} | 100 % | | {(arithmetic + memory) / total:P0} |");
        Console.WriteLine();
        Print($"At the limits, products and attention would take {1000 * arithmetic / steps:F1} ms and the rest {1000 * memory / steps:F1} ms; caches can make the latter less.");
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
