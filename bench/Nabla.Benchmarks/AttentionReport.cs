using System.Diagnostics;
using System.Globalization;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints the speed of causal self-attention as a transformer's layer calls it: from the [B, T, 3C] product of queries, keys and
/// values to [B, T, C] and back to the gradient of the product. The operations are those of the visible half of the scores:
/// two products forward, five backward.
/// </summary>
internal static class AttentionReport
{
    private const double SecondsPerShape = 0.7;

    private static readonly (string Name, int Batch, int Heads, int Length, int Width)[] _shapes =
    [
        ("names, makemore", 32, 4, 16, 16),
        ("characters", 12, 4, 64, 32),
        ("gpt2 B=4 T=64", 4, 12, 64, 64),
        ("gpt2 B=4 T=256", 4, 12, 256, 64),
        ("gpt2 B=1 T=1024", 1, 12, 1024, 64),
        ("gpt2 B=1 T=4096", 1, 12, 4096, 64),
        ("gpt 10.8M", 64, 6, 256, 64),
        ("heads of 128", 1, 8, 1024, 128),
        ("one head", 1, 1, 2048, 64),
    ];

    /// <summary>Measures the shapes whose names contain the filter.</summary>
    public static void Run(string filter)
    {
        Console.WriteLine($"{Simd.Tier}, {Compute.ThreadCount} threads, medians");
        Console.WriteLine("                  dropout   forward ms  backward ms   forward GFLOP/s  backward GFLOP/s");
        foreach ((string name, int batch, int heads, int length, int width) in _shapes)
        {
            if (!name.Contains(filter, StringComparison.Ordinal))
            {
                continue;
            }

            foreach (float dropout in new[] { 0, 0.2f })
            {
                (double forward, double backward) = Measure(batch, heads, length, width, dropout);
                double product = 2.0 * batch * heads * length * (length + 1) / 2 * width / 1e6;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-16} {dropout,8} {forward,12:F3} {backward,12:F3} {2 * product / forward,17:F1} {5 * product / backward,17:F1}"));
            }
        }
    }

    private static (double Forward, double Backward) Measure(int batch, int heads, int length, int width, float dropout)
    {
        RandomGenerator random = new(1);
        Tensor product = Tensor.Randn(random, batch, length, 3 * heads * width);
        Tensor dy = Tensor.Randn(random, batch, length, heads * width);
        product.RequiresGrad = true;
        List<double> forward = [];
        List<double> backward = [];
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsPerShape || forward.Count < 5)
        {
            using (MemoryScope.Begin())
            {
                long start = Stopwatch.GetTimestamp();
                Tensor y = product.CausalSelfAttention(heads, dropout, random);
                forward.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                start = Stopwatch.GetTimestamp();
                y.Backward(dy);
                backward.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                product.ZeroGrad();
            }
        }

        return (Median(forward), Median(backward));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
