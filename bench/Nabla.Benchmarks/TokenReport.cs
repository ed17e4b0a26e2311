using System.Diagnostics;
using System.Globalization;
using Nabla.Language.Data;

namespace Nabla.Benchmarks;

/// <summary>Prints how fast a folder of tokens is checked, and read in batches of 16 x 1024 in each order.</summary>
internal static class TokenReport
{
    private const int BatchSize = 16;
    private const int ContextLength = 1024;

    public static void Run(string folder)
    {
        var shards = TokenShards.Open(folder);
        TokenSequence tokens = null!;
        double check = Seconds(() => tokens = shards.Read(TokenSplit.Train));
        Print("check", tokens.Length, check);

        // Enough batches to read every token about once.
        int batches = (int)Math.Max(tokens.Length / (BatchSize * ContextLength), 1);
        foreach ((string name, IBatchSource source) in (ReadOnlySpan<(string, IBatchSource)>)
            [
                ("sequential", new SequentialBatches(tokens, BatchSize, ContextLength)),
                ("shuffled", new ShuffledBatches(new WindowRows(tokens, ContextLength), BatchSize, seed: 1)),
                ("random", new BatchSampler(tokens, BatchSize, ContextLength, new RandomGenerator(1))),
            ])
        {
            int[] x = new int[BatchSize * ContextLength];
            int[] y = new int[BatchSize * ContextLength];
            double seconds = Seconds(() =>
            {
                for (int batch = 0; batch < batches; batch++)
                {
                    source.Next(x, y);
                }
            });
            Print(name, (long)batches * x.Length, seconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"managed memory {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} MB"));
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Print(string name, long tokens, double seconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-12}{tokens,14:N0} tokens {seconds,8:F3} s {tokens / seconds / 1e6,10:F1} million tokens/s"));
}
