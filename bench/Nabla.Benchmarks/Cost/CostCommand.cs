using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nabla.Benchmarks.Compare;

namespace Nabla.Benchmarks.Cost;

/// <summary>
/// Prints, in Markdown, how the time and the memory of a training step grow with the context, the width, the batch and the threads.
/// Each line is a process of its own, so that its peak memory is its own.
/// </summary>
internal static class CostCommand
{
    private static readonly string[] _names = ["context", "width", "batch", "threads", GenerationCost.Name];

    public static void Run(Arguments arguments)
    {
        Programs programs = new(arguments.Flag("--avx2"));
        IReadOnlyList<string> chosen = arguments.Words();
        if (chosen.FirstOrDefault(word => !_names.Contains(word)) is { } unknown)
        {
            throw new UsageException($"There is no table {unknown}; there are {string.Join(", ", _names)}.");
        }

        foreach (string name in chosen.Count > 0 ? chosen : _names)
        {
            if (name == GenerationCost.Name)
            {
                GenerationCost.Print(programs);
                continue;
            }

            foreach (CostTable table in CostTable.Of(name))
            {
                Print(table, programs);
            }
        }
    }

    private static void Print(CostTable table, Programs programs)
    {
        Console.WriteLine(table.Title);
        Console.WriteLine();
        Console.WriteLine($"| {table.Varied} | seconds a step | tokens/s | GFLOP/s | times the first's speed | peak memory, MB |");
        Console.WriteLine("|---|---|---|---|---|---|");
        double first = 0;
        foreach (CostLine line in table.Lines)
        {
            ProcessStartInfo start = programs.Ours(["train", .. line.Arguments, "--steps", $"{table.Steps}", "--warmup", $"{Math.Max(1, table.Steps / 5)}"]);
            if (line.Threads is { } threads)
            {
                start.Environment["NABLA_THREADS"] = $"{threads}";
            }

            JsonElement result = Child.Run(start);
            double Field(string name) => result.GetProperty(name).GetDouble();
            first = first == 0 ? Field("tokensPerSecond") : first;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {line.Value} | {Field("secondsPerStep"):G3} | {Field("tokensPerSecond"):N0} | {Field("gigaflops"):F0} | {Field("tokensPerSecond") / first:F2} | {Field("peakMegabytes"):N0} |"));
        }

        Console.WriteLine();
    }
}
