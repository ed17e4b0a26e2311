using System.Diagnostics;
using System.Globalization;
using Nabla.Kernels;

namespace Nabla.Benchmarks.Compare;

/// <summary>Runs ours and theirs in turn and prints the ratios: <c>compare [work ...] [options]</c>.</summary>
internal static class CompareCommand
{
    private const string Gemm = "gemm";

    /// <summary>Gets the names of all work.</summary>
    public static IEnumerable<string> Names => [Gemm, .. Jobs.All.SelectMany(job => job.Measures).Select(measure => measure.Name)];

    public static void Run(Arguments arguments)
    {
        if (arguments.Flag("--help") || arguments.Flag("-h"))
        {
            CompareHelp.Print();
            return;
        }

        bool quick = arguments.Flag("--quick");
        bool avx2 = arguments.Flag("--avx2");
        int pairCount = arguments.Count("--pairs") ?? (quick ? 1 : 7);
        int? threads = arguments.Count("--peer-threads");
        string? file = arguments.Text("--write");
        string? llmc = arguments.Text("--llm-c") ?? Environment.GetEnvironmentVariable("NABLA_LLMC");
        IReadOnlyList<string> works = Check(arguments.Words());
        void Say(string line) => Console.Error.WriteLine(line);
        IReadOnlyList<Job> jobs = Jobs.Chosen(name => IsWanted(works, name), llmc, Say);
        bool hasProducts = IsWanted(works, Gemm);

        // What is missing is better missing now than after half the table.
        if (jobs.Any(job => job.Script == Jobs.MakemoreScript))
        {
            MakemoreTraining.FindNames();
        }

        Programs programs = new(avx2, llmc);
        string? torch = hasProducts || jobs.Any(job => job.Peer == Peer.PyTorch) ? programs.TorchVersion() : null;
        long start = Stopwatch.GetTimestamp();
        List<(int Order, Row Row)> rows = [];
        IReadOnlyList<string> products = [];
        if (hasProducts)
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
                string[] heading = Heading(programs, torch, jobs.Any(job => job.Peer == Peer.Llmc), pairCount, avx2);
                File.WriteAllLines(file, [.. heading, .. ComparisonTable.Markdown(Ordered()), .. Products(products)]);
            }
        }

        Write();
        Pairs pairs = new(programs, Say, quick);
        foreach (Job job in jobs)
        {
            (IReadOnlyList<Pair> results, int used) = pairs.Run(job, pairCount, threads);
            rows.AddRange(job.Measures.Select(measure => (Order(measure.Kind), Row.From(measure, results, used))));
            Write();
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
        return works.FirstOrDefault(work => !Names.Any(name => name.StartsWith(work, StringComparison.Ordinal))) is { } unknown
            ? throw new UsageException($"There is no work {unknown}; give names, or how they begin, from: {string.Join(", ", Names)}.")
            : works;
    }

    private static bool IsWanted(IReadOnlyList<string> works, string name)
        => works.Count == 0 || works.Any(work => name.StartsWith(work, StringComparison.Ordinal));

    private static string[] Heading(Programs programs, string? torch, bool hasLlmc, int pairs, bool avx2) =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} threads of it, .NET {Environment.Version}, {(avx2 ? "AVX2 only" : Simd.Tier)}; theirs is"),
        .. torch is null ? Array.Empty<string>() :
            [$"PyTorch {torch} without MKL, on OpenBLAS (`OPENBLAS_CORETYPE={programs.OpenBlasCore}`, `ATEN_CPU_CAPABILITY={programs.AtenCapability}`, memory kept),"],
        .. hasLlmc ? ["llm.c where it is named, as its own Makefile builds it,"] : Array.Empty<string>(),
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
