using System.Diagnostics;
using System.Text.Json;

namespace Nabla.Benchmarks;

/// <summary>
/// Times one training of <see cref="MakemoreTraining"/> and prints a line of JSON, as <c>bench/peers/makemore.py</c> does with the
/// same options.
/// </summary>
internal static class MakemoreRun
{
    private const int Runs = 5;

    // Until about then, methods are compiled anew in the background, better each time.
    private static readonly TimeSpan _warmupTime = TimeSpan.FromSeconds(3);

    public static void Run(string model, Arguments arguments)
    {
        if (!MakemoreTraining.Models.TryGetValue(model, out var chosen))
        {
            throw new UsageException($"There is no model {model}; there are {string.Join(", ", MakemoreTraining.Models.Keys)}.");
        }

        MakemoreTraining training = new(chosen.Config, MakemoreTraining.FindNames());
        int steps = arguments.Count("--steps") ?? chosen.Steps;
        int warmup = arguments.Count("--warmup", least: 0) ?? steps;
        if (arguments.Words() is [string word, ..])
        {
            throw new UsageException($"makemore-run takes one model and options such as --steps 1000; {word} is neither.");
        }

        // Twice at least, since what was compiled in haste at first is compiled again only between two runs.
        long begin = Stopwatch.GetTimestamp();
        training.Run(warmup);
        do
        {
            training.Run(warmup);
        }
        while (warmup > 0 && Stopwatch.GetElapsedTime(begin) < _warmupTime);
        (double Seconds, float FirstLoss, float LastLoss)[] runs = [.. Enumerable.Range(0, Runs).Select(_ => training.Run(steps))];
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            threads = Compute.ThreadCount,
            stepsPerSecond = steps / runs.Select(run => run.Seconds).Median(),
            fastest = steps / runs.Min(run => run.Seconds),
            firstLoss = runs[0].FirstLoss,
            lastLoss = runs[0].LastLoss,
            parameters = training.NewModel().ParameterCount,
        }));
    }

    /// <summary>Writes the weights that a training begins with to a temporary file; returns the names file and this one.</summary>
    public static string[] Share(string model)
    {
        string names = MakemoreTraining.FindNames();
        string weights = Path.Combine(Path.GetTempPath(), $"nabla-compare-{Environment.ProcessId}-{model}.safetensors");
        new MakemoreTraining(MakemoreTraining.Models[model].Config, names).NewModel().Save(weights);
        return [names, weights];
    }
}
