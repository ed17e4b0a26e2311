using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>Measures what the machine can do at most: multiply-adds in registers, and reading memory, on all threads.</summary>
internal static unsafe class MachineLimits
{
    private const int Items = 64;
    private const int Rounds = 40_000;
    private const int Sums = 12;

    // Far more than any cache holds.
    private const nint ReadFloats = 1 << 27;

    /// <summary>Returns the float32 operations a second, of fused multiply-adds with the widest vectors: the best of the tries.</summary>
    public static double Flops(double seconds = 0.3)
    {
        int lanes = Lanes();
        float* sink = stackalloc float[Items * 16];
        FmaLoop body = new(sink);
        double operations = 2.0 * Items * Rounds * Sums * lanes;
        return operations / Best(seconds, () => ParallelFor.Run(Items, 1 << 20, body));
    }

    /// <summary>Returns the bytes a second at which all threads together add up a large array: the best of the tries.</summary>
    public static double ReadBytes(double seconds = 0.5)
    {
        float* data = (float*)NativeMemory.AlignedAlloc((nuint)ReadFloats * sizeof(float), 1 << 21);
        float* sink = stackalloc float[Items * 16];
        new Span<float>(data, (int)ReadFloats).Fill(1);
        ReadLoop body = new(data, sink);
        double best = Best(seconds, () => ParallelFor.Run(Items, 1 << 20, body));
        NativeMemory.AlignedFree(data);
        return ReadFloats * sizeof(float) / best;
    }

    /// <summary>Prints both.</summary>
    public static void Print() => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{Simd.Tier}, {Compute.ThreadCount} threads: {Flops() / 1e9:F0} GFLOP/s in registers, {ReadBytes() / 1e9:F1} GB/s read"));

    private static int Lanes() => Simd.Tier switch
    {
        SimdTier.Vector512 => V512.Count,
        SimdTier.Vector256 => V256.Count,
        SimdTier.Vector128 => V128.Count,
        _ => V1.Count,
    };

    private static double Best(double seconds, Action action)
    {
        action();
        double best = double.MaxValue;
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds;)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    /// <summary>Twelve sums that do not wait for each other: enough for a latency of four and two units.</summary>
    private readonly struct FmaLoop(float* sink) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                switch (Simd.Tier)
                {
                    case SimdTier.Vector512: Multiply<V512>(sink + (item * 16)); break;
                    case SimdTier.Vector256: Multiply<V256>(sink + (item * 16)); break;
                    case SimdTier.Vector128: Multiply<V128>(sink + (item * 16)); break;
                    default: Multiply<V1>(sink + (item * 16)); break;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Multiply<V>(float* sink)
            where V : unmanaged, IVector<V>
        {
            V factor = V.Broadcast(0.999f);
            V term = V.Broadcast(0.001f);
            V a = term, b = term, c = term, d = term, e = term, f = term, g = term, h = term, i = term, j = term, k = term, l = term;
            for (int round = 0; round < Rounds; round++)
            {
                a = V.MultiplyAdd(a, factor, term);
                b = V.MultiplyAdd(b, factor, term);
                c = V.MultiplyAdd(c, factor, term);
                d = V.MultiplyAdd(d, factor, term);
                e = V.MultiplyAdd(e, factor, term);
                f = V.MultiplyAdd(f, factor, term);
                g = V.MultiplyAdd(g, factor, term);
                h = V.MultiplyAdd(h, factor, term);
                i = V.MultiplyAdd(i, factor, term);
                j = V.MultiplyAdd(j, factor, term);
                k = V.MultiplyAdd(k, factor, term);
                l = V.MultiplyAdd(l, factor, term);
            }

            (a + b + c + d + e + f + g + h + i + j + k + l).Store(sink);
        }
    }

    private readonly struct ReadLoop(float* data, float* sink) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                float* from = data + (item * (ReadFloats / Items));
                switch (Simd.Tier)
                {
                    case SimdTier.Vector512: Add<V512>(from, sink + (item * 16)); break;
                    case SimdTier.Vector256: Add<V256>(from, sink + (item * 16)); break;
                    case SimdTier.Vector128: Add<V128>(from, sink + (item * 16)); break;
                    default: Add<V1>(from, sink + (item * 16)); break;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Add<V>(float* from, float* sink)
            where V : unmanaged, IVector<V>
        {
            V a = V.Broadcast(0), b = a, c = a, d = a;

            // Four streams, since the processor fetches each of them ahead.
            const nint Part = ReadFloats / Items / 4;
            for (float* end = from + Part; from < end; from += V.Count)
            {
                a += V.Load(from);
                b += V.Load(from + Part);
                c += V.Load(from + (2 * Part));
                d += V.Load(from + (3 * Part));
            }

            (a + b + c + d).Store(sink);
        }
    }
}
