using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>What a product is to a linear layer, which decides how its operands lie in memory.</summary>
internal enum ProductForm
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

/// <summary>A product of matrices [m, k] and [k, n] to time.</summary>
internal readonly record struct MatrixProduct(ProductForm Form, int M, int N, int K)
{
    /// <summary>Gets the billions of multiplications and additions.</summary>
    public double Gigaflops => 2.0 * M * N * K / 1e9;

    /// <summary>Returns the products of the linear layers of GPT-2 124M on so many tokens.</summary>
    public static IEnumerable<MatrixProduct> OfGpt2(int tokens)
        => OfLayers(tokens, [(768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 50257)]);

    /// <summary>Returns the three products of each linear layer on so many tokens.</summary>
    public static IEnumerable<MatrixProduct> OfLayers(int tokens, (int Inputs, int Outputs)[] layers)
    {
        foreach ((int inputs, int outputs) in layers)
        {
            yield return new(ProductForm.Forward, tokens, outputs, inputs);
            yield return new(ProductForm.InputGradient, tokens, inputs, outputs);
            yield return new(ProductForm.WeightGradient, outputs, inputs, tokens);
        }
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static MatrixProduct Parse(string line)
    {
        string[] words = line.Split(' ');
        int Size(int index) => int.Parse(words[index], CultureInfo.InvariantCulture);
        return new(Enum.Parse<ProductForm>(words[0]), Size(1), Size(2), Size(3));
    }

    /// <summary>Returns the times of the product, shortest first: for so many seconds, and at least so many of them.</summary>
    public unsafe double[] Time(double seconds, int least)
    {
        float* aData = Allocate(M, K);
        float* bData = Allocate(K, N);
        float* cData = Allocate(M, N);
        Matrix a = Form == ProductForm.WeightGradient ? Matrix.RowMajor(aData, K, M).Transposed : Matrix.RowMajor(aData, M, K);
        Matrix b = Form == ProductForm.Forward ? Matrix.RowMajor(bData, N, K).Transposed : Matrix.RowMajor(bData, K, N);
        Matrix c = Matrix.RowMajor(cData, M, N);
        Gemm.Multiply(a, b, c, accumulate: false);
        List<double> times = [];
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds || times.Count < least;)
        {
            long start = Stopwatch.GetTimestamp();
            Gemm.Multiply(a, b, c, accumulate: false);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        NativeMemory.AlignedFree(aData);
        NativeMemory.AlignedFree(bData);
        NativeMemory.AlignedFree(cData);
        return [.. times.Order()];
    }

    /// <summary>Returns the form and the three sizes.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Form} {M} {N} {K}");

    private static unsafe float* Allocate(int rows, int columns)
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
