using BenchmarkDotNet.Running;
using Nabla.Benchmarks;

switch (args)
{
    case ["parallel"]:
        ParallelReport.Run();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ParallelReport).Assembly).Run(args);
        break;
}
