using System.Globalization;
using BenchmarkDotNet.Running;
using Nabla.Benchmarks;
using Nabla.Benchmarks.Compare;
using Nabla.Benchmarks.Cost;
using Nabla.Benchmarks.Profile;
using Nabla.Language.Data;

try
{
    switch (args)
    {
        case ["compare", .. string[] rest]:
            CompareCommand.Run(new Arguments(rest));
            break;
        case ["cost", .. string[] rest]:
            CostCommand.Run(new Arguments(rest));
            break;
        case ["profile", string preset, .. string[] rest]:
            ProfileReport.Run(preset, new Arguments(rest));
            break;
        case ["train", string preset, .. string[] rest]:
            TrainReport.Run(preset, new Arguments(rest));
            break;
        case ["generate", .. string[] rest]:
            GenerateReport.Run(new Arguments(rest));
            break;
        case ["makemore-run", string model, .. string[] rest]:
            MakemoreRun.Run(model, new Arguments(rest));
            break;
        case ["gemm-serve"]:
            GemmReport.Serve();
            break;
        case ["gemm", .. string[] rest]:
            GemmReport.Run(rest is [string filter] ? filter : "");
            break;
        case ["attention", .. string[] rest]:
            AttentionReport.Run(rest is [string shape] ? shape : "");
            break;
        case ["limits"]:
            MachineLimits.Print();
            break;
        case ["parallel"]:
            ParallelReport.Run();
            break;
        case ["elementwise"]:
            ElementwiseReport.Run();
            break;
        case ["xor"]:
            XorReport.Run();
            break;
        case ["makemore", .. string[] rest]:
            MakemoreReport.Run(rest);
            break;
        case ["scalar"]:
            ScalarReport.Run();
            break;
        case ["memory", "trainer" or "plain", string count]:
            MemoryReport.Run(args[1] == "plain", int.Parse(count, CultureInfo.InvariantCulture));
            break;
        case ["tokens", string folder]:
            TokenReport.Run(folder);
            break;
        case ["tokenizer", "encode", .. string[] rest]:
            EncodeReport.Run(rest);
            break;
        case ["tokenizer", "train", .. string[] rest]:
            TokenizerTrainReport.Run(rest);
            break;
        case ["tokenizer", "sentencepiece", .. string[] rest]:
            SentencePieceReport.Run(rest);
            break;
        default:
            BenchmarkSwitcher.FromAssembly(typeof(ParallelReport).Assembly).Run(args);
            break;
    }

    return 0;
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (DataFileException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (ChildException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
