using System.Globalization;
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
    case ["attention", .. string[] rest]:
        AttentionReport.Run(rest is [string shape] ? shape : "");
        break;
    case ["train", string preset, .. string[] rest]:
        TrainReport.Run(preset, rest is [string steps] ? int.Parse(steps, CultureInfo.InvariantCulture) : 20);
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
