using System.Globalization;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints the speed of matrix products: the cube of 1024, and the products in the linear layers of GPT-2 124M and of the
/// lectures' models, forward and backward. <c>bench/peers/gemm.py</c> prints the same table for PyTorch.
/// </summary>
internal static class GemmReport
{
    private const double SecondsPerShape = 0.5;

    private static readonly int[] _fewTokens = [1, 2, 4, 8, 16, 32, 64];

    public static void Run(string filter)
    {
        Console.WriteLine($"{Simd.Tier}, {Compute.ThreadCount} threads");
        Console.WriteLine("form               m      n      k    best GFLOP/s  median GFLOP/s");
        foreach (MatrixProduct product in Products())
        {
            if (product.Form.ToString().Contains(filter, StringComparison.OrdinalIgnoreCase)
                || string.Create(CultureInfo.InvariantCulture, $"{product.M}x{product.N}x{product.K}").Contains(filter, StringComparison.Ordinal))
            {
                double[] times = product.Time(SecondsPerShape, least: 10);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{product.Form,-14} {product.M,6} {product.N,6} {product.K,6} {product.Gigaflops / times[0],15:F1} {product.Gigaflops / times.Median(),15:F1}"));
            }
        }
    }

    /// <summary>Answers each line of the input that asks for a product with its median time in seconds.</summary>
    public static void Serve()
    {
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(MatrixProduct.Parse(line).Time(0.1, least: 3).Median().ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<MatrixProduct> Products() =>
    [
        new(ProductForm.Plain, 1024, 1024, 1024),
        .. MatrixProduct.OfGpt2(tokens: 256),
        .. MatrixProduct.OfGpt2(tokens: 1024),

        // The lectures' GPTs: 64 contexts of 256 in a model 384 wide, and 12 contexts of 64 in one 128 wide.
        .. MatrixProduct.OfLayers(16384, [(384, 1152), (384, 384), (384, 1536), (1536, 384)]),
        .. MatrixProduct.OfLayers(768, [(128, 384), (128, 128), (128, 512), (512, 128)]),

        // The multilayer perceptrons of makemore.
        .. MatrixProduct.OfLayers(32, [(30, 200), (200, 27), (100, 100), (200, 200)]),

        // Attention heads, a small GPT on names, and text generation.
        new(ProductForm.Forward, 1024, 1024, 64),
        new(ProductForm.Plain, 1024, 64, 1024),
        new(ProductForm.Forward, 2048, 256, 64),
        new(ProductForm.WeightGradient, 256, 64, 2048),
        .. _fewTokens.SelectMany(tokens => new MatrixProduct[]
        {
            new(ProductForm.Forward, tokens, 3072, 768),
            new(ProductForm.Plain, tokens, 3072, 768),
        }),
        new(ProductForm.Forward, 1, 50257, 768),
    ];
}
