using System.Globalization;
using Nabla.Benchmarks.Compare;

namespace Nabla.Benchmarks.Cost;

/// <summary>Prints how fast GPT-2 124M writes several texts together, with its weights in float32 and in bfloat16.</summary>
internal static class GenerationCost
{
    /// <summary>What the table is asked for by.</summary>
    public const string Name = "generation";

    private static readonly int[] _streams = [1, 2, 4, 8, 16];

    public static void Print(Programs programs)
    {
        Console.WriteLine("GPT-2 124M, 48 tokens after 16: tokens a second of all streams together.");
        Console.WriteLine();
        Console.WriteLine("| streams | float32, tokens/s | bfloat16, tokens/s |");
        Console.WriteLine("|---|---|---|");
        foreach (int streams in _streams)
        {
            string[] arguments = ["generate", "--streams", $"{streams}", "--tokens", "48", "--steps", "2"];
            Console.WriteLine($"| {streams} | {Speed(programs, arguments)} | {Speed(programs, [.. arguments, "--bfloat16"])} |");
        }

        Console.WriteLine();
    }

    private static string Speed(Programs programs, string[] arguments)
        => Child.Run(programs.Ours(arguments)).GetProperty("tokensPerSecond").GetDouble().ToString("F0", CultureInfo.InvariantCulture);
}
