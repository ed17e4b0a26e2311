namespace Nabla.Benchmarks.Compare;

/// <summary>What a number says, and so what a ratio of two is.</summary>
internal enum MeasureKind
{
    /// <summary>Seconds: the ratio is theirs over ours.</summary>
    Time,

    /// <summary>So many a second: the ratio is ours over theirs.</summary>
    Speed,

    /// <summary>Megabytes: the ratio is ours over theirs, and less is better.</summary>
    Memory,

    /// <summary>A share of what the machine allows, which only ours has.</summary>
    Share,
}

/// <summary>Whose program is measured beside ours.</summary>
internal enum Peer
{
    /// <summary>PyTorch, which every work needs that does not name another.</summary>
    PyTorch,

    /// <summary>llm.c's program for CPUs, of a checkout that the user names.</summary>
    Llmc,
}

/// <summary>A row of the table: a field that both sides print, and the target for its ratio.</summary>
/// <param name="Name">What to ask for it by.</param>
/// <param name="Title">The row's name in the table.</param>
/// <param name="Kind">What the number says.</param>
/// <param name="Field">The field's name in the JSON.</param>
/// <param name="Target">What the ratio, or the share, should reach (memory: not exceed); null where nothing was promised.</param>
/// <param name="Unit">What the numbers count.</param>
internal sealed record Measure(string Name, string Title, MeasureKind Kind, string Field, double? Target, string Unit);

/// <summary>The same work for ours and for theirs, and what is read from it.</summary>
/// <param name="Title">The work in words.</param>
/// <param name="Ours">The arguments of our report.</param>
/// <param name="Script">Their program in <c>bench/peers</c>.</param>
/// <param name="Theirs">Its arguments.</param>
/// <param name="Measures">The rows that come of it.</param>
internal sealed record Job(string Title, string[] Ours, string Script, string[] Theirs, Measure[] Measures)
{
    /// <summary>Gets whose program theirs is.</summary>
    public Peer Peer { get; init; }

    /// <summary>Gets how many steps, or runs, are timed in one measurement.</summary>
    public int Steps { get; init; } = 3;

    /// <summary>Gets how many before them are not.</summary>
    public int Warmup { get; init; } = 1;

    /// <summary>
    /// Gets the arguments of a small model of the same form, with which both sides must find the same from the same weights; empty
    /// where they do so in every pair.
    /// </summary>
    public string[] Check { get; init; } = [];

    /// <summary>
    /// Gets what makes the files that theirs is given to begin where ours begins, and returns their names: both must then find the
    /// same numbers in the fields of <see cref="Same"/>. Null where the two only do as much work.
    /// </summary>
    public Func<string[]>? Share { get; init; }

    /// <summary>Gets the fields in which both sides must find the same in every pair, given the shared files.</summary>
    public string[] Same { get; init; } = ["firstLoss"];

    /// <summary>Returns the arguments of a side with the numbers of steps.</summary>
    public string[] WithSteps(string[] arguments, bool quick)
        => [.. arguments, "--steps", $"{(quick ? Math.Max(1, Steps / 4) : Steps)}", "--warmup", $"{Warmup}"];
}
