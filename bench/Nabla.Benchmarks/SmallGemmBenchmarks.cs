using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>What a product costs when it is so small that the call counts.</summary>
[MemoryDiagnoser]
public unsafe class SmallGemmBenchmarks
{
    private float* _a;
    private float* _b;
    private float* _c;

    [Params(1, 4, 8, 16, 32, 64)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        nuint bytes = (nuint)(Size * Size * sizeof(float));
        _a = (float*)NativeMemory.AllocZeroed(bytes);
        _b = (float*)NativeMemory.AllocZeroed(bytes);
        _c = (float*)NativeMemory.AllocZeroed(bytes);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        NativeMemory.Free(_a);
        NativeMemory.Free(_b);
        NativeMemory.Free(_c);
    }

    [Benchmark]
    public void Plain() => Gemm.Multiply(
        Matrix.RowMajor(_a, Size, Size), Matrix.RowMajor(_b, Size, Size), Matrix.RowMajor(_c, Size, Size), accumulate: false);

    [Benchmark]
    public void Forward() => Gemm.Multiply(
        Matrix.RowMajor(_a, Size, Size),
        Matrix.RowMajor(_b, Size, Size).Transposed,
        Matrix.RowMajor(_c, Size, Size),
        accumulate: false);
}
