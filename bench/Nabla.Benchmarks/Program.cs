using BenchmarkDotNet.Running;
using Nabla.Benchmarks;

switch (args)
{
    case ["parallel"]:
        ParallelReport.Run();
        break;
    case ["gemm", .. string[] rest]:
        GemmReport.Run(rest is [string filter] ? filter : "");
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ParallelReport).Assembly).Run(args);
        break;
}
