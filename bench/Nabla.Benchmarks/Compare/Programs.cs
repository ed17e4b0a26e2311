using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Benchmarks.Compare;

/// <summary>Starts ours and theirs, each as a process of its own and in the environment in which it is fastest.</summary>
/// <param name="avx2">Whether both are held to AVX2.</param>
/// <param name="llmc">The folder of llm.c's checkout; null where there is none.</param>
internal sealed class Programs(bool avx2, string? llmc = null)
{
    // glibc gives large blocks back to the system and takes page faults on the next; these names end in underscores.
    private static readonly (string Name, string Value)[] _keepMemory =
    [
        ("MALLOC_MMAP_THRESHOLD_", "4294967296"),
        ("MALLOC_TRIM_THRESHOLD_", "8589934592"),
        ("MALLOC_TOP_PAD_", "268435456"),
    ];

    private static readonly string _peers = FindPeers();

    /// <summary>Gets the Python that has PyTorch.</summary>
    public static string Python => Environment.GetEnvironmentVariable("NABLA_PYTHON") ?? "/usr/bin/python3";

    /// <summary>Gets the kernels that OpenBLAS, which does not know newer processors, is told to take; null for its choice.</summary>
    public string? OpenBlasCore
        => !avx2 && Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { } chosen ? chosen
        : !avx2 && Avx512F.IsSupported ? "SkylakeX"
        : Avx2.IsSupported ? "Haswell"
        : null;

    /// <summary>Gets the instruction set for PyTorch's own loops, which avoid AVX-512 unless told; null for its choice.</summary>
    public string? AtenCapability
        => !avx2 && Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") is { } chosen ? chosen
        : !avx2 && Avx512F.IsSupported ? "avx512"
        : Avx2.IsSupported ? "avx2"
        : null;

    /// <summary>Returns the version of the PyTorch at hand.</summary>
    public string TorchVersion()
    {
        ProcessStartInfo start = new(Python, ["-c", "import json, torch; print(json.dumps(torch.__version__))"]);
        try
        {
            return Child.Run(start).GetString()!;
        }
        catch (ChildException)
        {
            throw new UsageException(
                $"{Python} has no PyTorch: install it (Debian: python3-torch libopenblas0-openmp), or name another Python in NABLA_PYTHON.");
        }
    }

    /// <summary>Returns how to start one of this program's own reports.</summary>
    public ProcessStartInfo Ours(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        ProcessStartInfo start = new(program, isHost ? [typeof(Programs).Assembly.Location, .. arguments] : arguments);
        foreach ((string name, _) in _keepMemory)
        {
            start.Environment.Remove(name);
        }

        if (avx2)
        {
            start.Environment["DOTNET_EnableAVX512"] = "0";
        }

        return start;
    }

    /// <summary>Returns how to start a program of <c>bench/peers</c>.</summary>
    public ProcessStartInfo Theirs(string script, int threads, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Python, [Path.Combine(_peers, script), .. arguments, "--threads", $"{threads}"]);
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        start.Environment["OPENBLAS_CORETYPE"] = OpenBlasCore;
        start.Environment["ATEN_CPU_CAPABILITY"] = AtenCapability;
        start.Environment["NABLA_LLMC"] = llmc;
        start.Environment["NABLA_AVX2"] = avx2 ? "1" : null;
        foreach ((string name, string value) in _keepMemory)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string FindPeers()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string peers = Path.Combine(folder.FullName, "bench", "peers");
            if (Directory.Exists(peers))
            {
                return peers;
            }
        }

        throw new UsageException("The folder bench/peers was not found above the program: run bench/compare of a checkout.");
    }
}
