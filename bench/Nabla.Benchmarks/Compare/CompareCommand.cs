using System.Diagnostics;
using System.Globalization;
using Nabla.Kernels;

namespace Nabla.Benchmarks.Compare;

/// <summary>Runs ours and PyTorch's in turn and prints the ratios: <c>compare [work ...] [options]</c>.</summary>
internal static class CompareCommand
{
    private const string Gemm = "gemm";

    public static void Run(Arguments arguments)
    {
        bool quick = arguments.Flag("--quick");
        bool avx2 = arguments.Flag("--avx2");
        int pairCount = arguments.Count("--pairs") ?? (quick ? 1 : 7);
        int? threads = arguments.Count("--peer-threads");
        string? file = arguments.Text("--write");
        IReadOnlyList<string> works = Check(arguments.Words());
        if (Jobs.All.Any(job => job.Share is not null && job.Measures.Any(measure => IsWanted(works, measure.Name))))
        {
            // Better missing now than after half the table.
            MakemoreTraining.FindNames();
        }

        Programs programs = new(avx2);
        string torch = programs.TorchVersion();
        long start = Stopwatch.GetTimestamp();
        void Say(string line) => Console.Error.WriteLine(line);

        List<(int Order, Row Row)> rows = [];
        IReadOnlyList<string> products = [];
        if (IsWanted(works, Gemm))
        {
            (IReadOnlyList<Row> gemmRows, products) = new GemmComparison(programs, Say).Run(pairCount, threads);
            rows.AddRange(gemmRows.Select(row => (0, row)));
        }

        Row[] Ordered() => [.. rows.OrderBy(row => row.Order).Select(row => row.Row)];

        // After each work, so that an interruption loses none that is done.
        void Write()
        {
            if (file is not null)
            {
                File.WriteAllLines(file, [.. Heading(programs, torch, pairCount, avx2), .. ComparisonTable.Markdown(Ordered()), .. Products(products)]);
            }
        }

        Write();
        Pairs pairs = new(programs, Say, quick);
        foreach (Job job in Jobs.All)
        {
            Measure[] measures = [.. job.Measures.Where(measure => IsWanted(works, measure.Name))];
            if (measures.Length > 0)
            {
                (IReadOnlyList<Pair> results, int used) = pairs.Run(job with { Measures = measures }, pairCount, threads);
                rows.AddRange(measures.Select(measure => (Order(measure.Kind), Row.From(measure, results, used))));
                Write();
            }
        }

        ComparisonTable.Print(Ordered());
        Say(string.Create(CultureInfo.InvariantCulture, $"took {Stopwatch.GetElapsedTime(start).TotalMinutes:F1} minutes"));
    }

    // The speeds come first, then the memory, then the shares.
    private static int Order(MeasureKind kind) => kind switch
    {
        MeasureKind.Memory => 1,
        MeasureKind.Share => 2,
        _ => 0,
    };

    private static IReadOnlyList<string> Check(IReadOnlyList<string> works)
    {
        string[] names = [Gemm, .. Jobs.All.SelectMany(job => job.Measures).Select(measure => measure.Name)];
        return works.FirstOrDefault(work => !names.Any(name => name.StartsWith(work, StringComparison.Ordinal))) is { } unknown
            ? throw new UsageException($"There is no work {unknown}; give names, or how they begin, from: {string.Join(", ", names)}.")
            : works;
    }

    private static bool IsWanted(IReadOnlyList<string> works, string name)
        => works.Count == 0 || works.Any(work => name.StartsWith(work, StringComparison.Ordinal));

    private static string[] Heading(Programs programs, string torch, int pairs, bool avx2) =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} threads of it, .NET {Environment.Version}, {(avx2 ? "AVX2 only" : Simd.Tier)}; PyTorch {torch}"),
        $"without MKL, on OpenBLAS (`OPENBLAS_CORETYPE={programs.OpenBlasCore}`, `ATEN_CPU_CAPABILITY={programs.AtenCapability}`, memory kept),",
        $"on the number of threads that suits it best. {pairs} pairs, in turn; numbers are medians. Ratios of time and speed say how many",
        "times as fast ours is, ratios of memory ours over theirs.",
        "",
    ];

    private static string[] Products(IReadOnlyList<string> lines) => lines.Count == 0 ? [] :
        ["", "| product, m n k | ours, GFLOP/s | PyTorch | ratio | lowest - highest pair |", "|---|---|---|---|---|", .. lines];

    private static string Processor()
    {
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor";
    }
}
