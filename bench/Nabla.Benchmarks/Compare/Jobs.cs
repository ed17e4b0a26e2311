using System.Globalization;

namespace Nabla.Benchmarks.Compare;

/// <summary>All the work that is compared, and the targets: the table of <c>bench/README.md</c>.</summary>
internal static class Jobs
{
    /// <summary>The peer that needs the file of names.</summary>
    public const string MakemoreScript = "makemore.py";

    private static readonly string[] _small = ["--layers", "2", "--heads", "4", "--width", "96", "--vocabulary", "500"];

    private static readonly string[] _smallTraining = ["--batch", "3", "--context", "48", "--dropout", "0", "--steps", "3", "--warmup", "1"];

    private static readonly string[] _smallGeneration = ["--prompt", "7", "--tokens", "20", "--long-prompt", "50", "--steps", "1", "--warmup", "0"];

    private static readonly string[] _sixteen = ["--streams", "16", "--tokens", "48"];

    /// <summary>Gets the jobs, in the order in which they run.</summary>
    public static IReadOnlyList<Job> All { get; } =
    [
        Gpt2(batch: 4, context: 64, target: 1.4, steps: 6),
        Gpt2(batch: 4, context: 256, target: 1.3, steps: 2),
        Gpt2(batch: 1, context: 1024, target: 1.8, steps: 2),
        Lecture("0.2", target: 2.3),
        Lecture("0", target: 1.5),
        new("character CPU model, B=12 T=64", ["train", "shakespeare-4x128"], "train_gpt.py", ["shakespeare-4x128"],
            [new("char-cpu", "character CPU model (4 layers, width 128, B=12 T=64)", MeasureKind.Time, "secondsPerStep", 2.5, "s")])
        {
            Steps = 150,
            Warmup = 100,
            Check = ["shakespeare-4x128", .. _small, .. _smallTraining],
        },
        Makemore("mlp", "MLP, lesson 03", 5, steps: 5000),
        Makemore("deep", "deep batch-norm net, lesson 04", 5, steps: 1000),
        Makemore("wavenet", "WaveNet, lesson 06", 5, steps: 1000),
        Makemore("transformer", "makemore's transformer", 3, steps: 100),
        new("generation and prompt, GPT-2 124M", ["generate"], "generate.py", [],
        [
            new("generate", "generation, 124M, float32, cached, one stream", MeasureKind.Speed, "tokensPerSecond", 1.2, "tokens/s"),
            new("prompt", "prompt of 512 tokens, 124M", MeasureKind.Time, "promptSeconds", 1.4, "s"),
            new("generate-bandwidth", "generation: share of what a plain read of the weights allows", MeasureKind.Share, "shareOfBandwidth", 0.85, ""),
        ])
        {
            Steps = 5,
            Warmup = 2,
            Check = [.. _small, .. _smallGeneration],
        },
        new("generation, 16 streams", ["generate", .. _sixteen], "generate.py", _sixteen,
            [new("generate-16", "generation, 124M, 16 streams together", MeasureKind.Speed, "tokensPerSecond", null, "tokens/s")])
        {
            Steps = 1,
            Check = [.. _small, .. _smallGeneration, "--streams", "3"],
        },
        Llmc(batch: 4, context: 64, steps: 5),
        Llmc(batch: 4, context: 256, steps: 2),
        Llmc(batch: 1, context: 1024, steps: 1),
    ];

    /// <summary>Returns the jobs with the measures that are wanted, as far as there is a peer for them.</summary>
    /// <param name="isWanted">Whether a measure of this name is wanted.</param>
    /// <param name="llmc">The folder of llm.c's checkout, or null.</param>
    /// <param name="say">Told what is left out.</param>
    /// <exception cref="UsageException">All of it would be left out.</exception>
    public static IReadOnlyList<Job> Chosen(Func<string, bool> isWanted, string? llmc, Action<string> say)
    {
        List<Job> chosen = [.. All.Select(job => job with { Measures = [.. job.Measures.Where(measure => isWanted(measure.Name))] })
            .Where(job => job.Measures.Length > 0)];
        if (!File.Exists(Path.Combine(llmc ?? "", "train_gpt2.c")) && chosen.RemoveAll(job => job.Peer == Peer.Llmc) > 0)
        {
            string missing = string.IsNullOrEmpty(llmc) ? "no folder of llm.c was named" : $"{llmc} has no train_gpt2.c";
            string mend = $"{missing}: git clone https://github.com/karpathy/llm.c, and name its folder with --llm-c.";
            if (chosen.Count == 0)
            {
                throw new UsageException($"The work beside llm.c cannot be done, {mend}");
            }

            say($"The work beside llm.c is left out, {mend}");
        }

        return chosen;
    }

    private static Job Gpt2(int batch, int context, double target, int steps)
    {
        string[] arguments = ["gpt2-124m", "--batch", $"{batch}", "--context", $"{context}"];
        string name = $"gpt2-124m-{batch}x{context}";
        string title = $"GPT-2 124M step, B={batch} T={context}";
        List<Measure> measures =
        [
            new(name, title, MeasureKind.Time, "secondsPerStep", target, "s"),
            new($"memory-{name}", $"peak memory, {title}", MeasureKind.Memory, "peakMegabytes", 0.75, "MB"),
        ];
        if ((batch, context) == (4, 256))
        {
            measures.Add(new("peak", $"share of the float32 peak, {title}", MeasureKind.Share, "shareOfPeak", 0.65, ""));
        }

        return new(title, ["train", .. arguments, "--limits"], "train_gpt.py", arguments, [.. measures])
        {
            Steps = steps,
            Check = ["gpt2-124m", .. _small, .. _smallTraining],
        };
    }

    private static Job Lecture(string dropout, double target)
    {
        string[] arguments = ["gpt-10m", "--dropout", dropout];
        string title = string.Create(CultureInfo.InvariantCulture, $"10.8M GPT step, dropout {dropout}");
        return new(title, ["train", .. arguments, "--limits"], "train_gpt.py", arguments,
        [
            new($"gpt-10m-{dropout}", title, MeasureKind.Time, "secondsPerStep", target, "s"),
            new($"memory-gpt-10m-{dropout}", $"peak memory, {title}", MeasureKind.Memory, "peakMegabytes", 0.4, "MB"),
        ])
        {
            Steps = 1,
            Check = ["gpt-10m", .. _small, .. _smallTraining],
        };
    }

    private static Job Llmc(int batch, int context, int steps)
    {
        string[] sizes = ["--batch", $"{batch}", "--context", $"{context}"];
        string name = $"llmc-{batch}x{context}";
        string title = $"GPT-2 124M step beside llm.c, B={batch} T={context}";
        return new(title, ["train", "gpt2-124m", .. sizes, "--like-llm-c"], "llmc.py", sizes,
        [
            new(name, title, MeasureKind.Time, "secondsPerStep", 1, "s"),
            new($"memory-{name}", $"peak memory, {title}", MeasureKind.Memory, "peakMegabytes", 1, "MB"),
        ])
        {
            Peer = Peer.Llmc,
            Steps = steps,
            Share = () => LlmcTraining.Share(TrainPreset.Read("gpt2-124m", new Arguments(sizes))),
            Same = ["firstLoss", "lastLoss"],
        };
    }

    private static Job Makemore(string model, string title, double target, int steps)
        => new(title, ["makemore-run", model], MakemoreScript, [model],
            [new(model == "transformer" ? "makemore-transformer" : model, title, MeasureKind.Speed, "stepsPerSecond", target, "steps/s")])
        {
            Steps = steps,
            Warmup = steps / 2,
            Share = () => MakemoreRun.Share(model),
        };
}
