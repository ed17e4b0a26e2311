using System.Diagnostics;
using System.Globalization;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints the speed of elementwise functions over the hidden activations of a GPT-2 124M block on 1024 tokens, forward and
/// backward. <c>bench/peers/elementwise.py</c> prints the same table for PyTorch.
/// </summary>
internal static unsafe class ElementwiseReport
{
    private const int Count = 1024 * 3072;

    private const double SecondsPerFunction = 0.4;

    public static void Run()
    {
        Console.WriteLine($"{Simd.Tier}, {Compute.ThreadCount} threads, {Count} elements");
        Console.WriteLine("function       forward ms  backward ms");
        Measure<NegOperator>("neg");
        Measure<ReluOperator>("relu");
        Measure<ExpOperator>("exp");
        Measure<TanhOperator>("tanh");
        Measure<SigmoidOperator>("sigmoid");
        Measure<SiluOperator>("silu");
        Measure<GeluOperator>("gelu, tanh");
        Measure<GeluExactOperator>("gelu, erf");
    }

    private static void Measure<TOperator>(string name)
        where TOperator : unmanaged, IUnaryOperator
    {
        Random random = new(1);
        float[] values = new float[Count];
        foreach (ref float value in values.AsSpan())
        {
            value = (random.NextSingle() * 6) - 3;
        }

        Tensor x = Tensor.From(values);
        Tensor y = Tensor.Zeros(Count);
        Tensor dy = Tensor.Ones(Count);
        Tensor dx = Tensor.Zeros(Count);
        double forward = Best(() => Elementwise.Unary(x.Pointer, y.Pointer, Count, default(TOperator)));
        float* read = TOperator.Reads == GradientReads.Output ? y.Pointer : x.Pointer;
        double backward = Best(
            () => Elementwise.AddUnaryGradient(read, read, dy.Pointer, dx.Pointer, Count, add: false, default(TOperator)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {forward,12:F3} {backward,12:F3}"));
    }

    private static double Best(Action work)
    {
        work();
        double best = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsPerFunction)
        {
            long begin = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return best;
    }
}
