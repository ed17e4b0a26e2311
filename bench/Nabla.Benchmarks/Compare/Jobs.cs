using System.Globalization;

namespace Nabla.Benchmarks.Compare;

/// <summary>All the work that is compared, and the targets: the table of <c>bench/README.md</c>.</summary>
internal static class Jobs
{
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
            Steps = 60,
            Warmup = 20,
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
            Steps = 2,
            Check = [.. _small, .. _smallGeneration],
        },
        new("generation, 16 streams", ["generate", .. _sixteen], "generate.py", _sixteen,
            [new("generate-16", "generation, 124M, 16 streams together", MeasureKind.Speed, "tokensPerSecond", null, "tokens/s")])
        {
            Steps = 1,
            Check = [.. _small, .. _smallGeneration, "--streams", "3"],
        },
    ];

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

    private static Job Makemore(string model, string title, double target, int steps)
        => new(title, ["makemore-run", model], "makemore.py", [model],
            [new(model == "transformer" ? "makemore-transformer" : model, title, MeasureKind.Speed, "stepsPerSecond", target, "steps/s")])
        {
            Steps = steps,
            Warmup = steps / 2,
            Share = () => MakemoreRun.Share(model),
        };
}
