namespace Nabla.Benchmarks.Cost;

/// <summary>A line of a table: the value that varies, and how to train with it.</summary>
internal sealed record CostLine(int Value, string[] Arguments, int? Threads = null);

/// <summary>A table of what a training step costs as one thing grows.</summary>
/// <param name="Title">What is trained.</param>
/// <param name="Varied">What grows.</param>
/// <param name="Lines">The lines.</param>
internal sealed record CostTable(string Title, string Varied, IReadOnlyList<CostLine> Lines)
{
    private static readonly string[] _gpt2 = ["gpt2-124m", "--batch", "1"];
    private static readonly int[] _contexts = [64, 128, 256, 512, 1024, 2048, 4096];
    private static readonly int[] _widths = [192, 384, 768, 1536];
    private static readonly int[] _batches = [1, 4, 16, 64];
    private static readonly int[] _threads = [1, 2, 4];

    /// <summary>Gets how many steps of a line are timed.</summary>
    public int Steps { get; init; } = 3;

    /// <summary>Returns the tables in which so-called things grow.</summary>
    public static IEnumerable<CostTable> Of(string name) => name switch
    {
        "context" => [Context(""), Context("--recompute")],
        "width" => [Width()],
        "batch" => [Batch()],
        _ =>
        [
            Threads("GPT-2 124M, B=4 T=256", ["gpt2-124m", "--context", "256"]),
            Threads("Character CPU model, B=12 T=64", ["shakespeare-4x128"]) with { Steps = 100 },
        ],
    };

    private static CostTable Context(string option) => new(
        $"GPT-2 124M, B=1{(option.Length > 0 ? $", {option}" : "")}: linear layers and memory grow with the context, attention's time with its square.",
        "T",
        [.. _contexts.Select(length => new CostLine(length, [.. _gpt2, "--context", $"{length}", .. option.Length > 0 ? [option] : Array.Empty<string>()]))]);

    // The heads keep their 64 values.
    private static CostTable Width() => new(
        "The lecture's GPT (6 layers, B=4 T=256, dropout 0.2), heads of 64.",
        "width",
        [.. _widths.Select(width => new CostLine(width, ["gpt-10m", "--batch", "4", "--width", $"{width}", "--heads", $"{width / 64}"]))]);

    private static CostTable Batch() => new(
        "The lecture's GPT (6 layers, width 384, T=256, dropout 0.2).",
        "B",
        [.. _batches.Select(batch => new CostLine(batch, ["gpt-10m", "--batch", $"{batch}"]))]);

    private static CostTable Threads(string title, string[] arguments)
        => new($"{title}: the same bits on any number of threads.", "threads", [.. _threads.Select(count => new CostLine(count, arguments, count))]);
}
