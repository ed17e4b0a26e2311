using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints the speed of matrix products: the cube of 1024, and the products in the linear layers of GPT-2 124M and of the
/// lectures' models, forward and backward. <c>bench/peers/gemm.py</c> prints the same table for PyTorch.
/// </summary>
internal static unsafe class GemmReport
{
    private const double SecondsPerShape = 0.5;

    private enum Form
    {
        /// <summary>c = a b</summary>
        Plain,

        /// <summary>y = x Wᵀ, with W stored [out, in].</summary>
        Forward,

        /// <summary>dx = dy W</summary>
        InputGradient,

        /// <summary>dW = dyᵀ x</summary>
        WeightGradient,
    }

    public static void Run(string filter)
    {
        Console.WriteLine($"{Simd.Tier}, {Compute.ThreadCount} threads");
        Console.WriteLine("form               m      n      k    best GFLOP/s  median GFLOP/s");
        Measure(filter, Form.Plain, 1024, 1024, 1024);
        MeasureLayers(filter, 256, (768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 50257));
        MeasureLayers(filter, 1024, (768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 50257));

        // The lectures' GPTs: 64 contexts of 256 in a model 384 wide, and 12 contexts of 64 in one 128 wide.
        MeasureLayers(filter, 16384, (384, 1152), (384, 384), (384, 1536), (1536, 384));
        MeasureLayers(filter, 768, (128, 384), (128, 128), (128, 512), (512, 128));

        // The multilayer perceptrons of makemore.
        MeasureLayers(filter, 32, (30, 200), (200, 27), (100, 100), (200, 200));

        // Attention heads, a small GPT on names, and text generation.
        Measure(filter, Form.Forward, 1024, 1024, 64);
        Measure(filter, Form.Plain, 1024, 64, 1024);
        Measure(filter, Form.Forward, 2048, 256, 64);
        Measure(filter, Form.WeightGradient, 256, 64, 2048);
        foreach (int tokens in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            Measure(filter, Form.Forward, tokens, 3072, 768);
            Measure(filter, Form.Plain, tokens, 3072, 768);
        }

        Measure(filter, Form.Forward, 1, 50257, 768);
    }

    private static void MeasureLayers(string filter, int tokens, params ReadOnlySpan<(int Inputs, int Outputs)> layers)
    {
        foreach ((int inputs, int outputs) in layers)
        {
            Measure(filter, Form.Forward, tokens, outputs, inputs);
            Measure(filter, Form.InputGradient, tokens, inputs, outputs);
            Measure(filter, Form.WeightGradient, outputs, inputs, tokens);
        }
    }

    private static void Measure(string filter, Form form, int m, int n, int k)
    {
        if (!form.ToString().Contains(filter, StringComparison.OrdinalIgnoreCase)
            && !string.Create(CultureInfo.InvariantCulture, $"{m}x{n}x{k}").Contains(filter, StringComparison.Ordinal))
        {
            return;
        }

        float* aData = Allocate(m, k);
        float* bData = Allocate(k, n);
        float* cData = Allocate(m, n);
        Matrix a = form == Form.WeightGradient ? Matrix.RowMajor(aData, k, m).Transposed : Matrix.RowMajor(aData, m, k);
        Matrix b = form == Form.Forward ? Matrix.RowMajor(bData, n, k).Transposed : Matrix.RowMajor(bData, k, n);
        Matrix c = Matrix.RowMajor(cData, m, n);

        List<double> seconds = [];
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsPerShape || seconds.Count < 10)
        {
            long start = Stopwatch.GetTimestamp();
            Gemm.Multiply(a, b, c, accumulate: false);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        seconds.Sort();
        double work = 2.0 * m * n * k / 1e9;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{form,-14} {m,6} {n,6} {k,6} {work / seconds[0],15:F1} {work / seconds[seconds.Count / 2],15:F1}"));
        NativeMemory.AlignedFree(aData);
        NativeMemory.AlignedFree(bData);
        NativeMemory.AlignedFree(cData);
    }

    private static float* Allocate(int rows, int columns)
    {
        nint count = (nint)rows * columns;
        float* data = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        for (nint i = 0; i < count; i++)
        {
            data[i] = ((i * 7919 % 2003) / 1001f) - 1f;
        }

        return data;
    }
}
