using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Benchmarks;

/// <summary>
/// Prints what starting and ending a parallel loop costs, against <see cref="Parallel"/>, when loops follow each other at
/// once and when the threads have had time to fall asleep in between.
/// </summary>
internal static unsafe class ParallelReport
{
    public static void Run()
    {
        Console.WriteLine("items  pause us   serial us   pool us   Parallel.For us   bytes per loop (pool, Parallel.For)");
        float* data = (float*)NativeMemory.AlignedAlloc(1 << 24, 64);
        NativeMemory.Clear(data, 1 << 24);
        foreach (int pause in new[] { 0, 10, 200 })
        {
            foreach (int items in new[] { 1 << 15, 1 << 16, 1 << 18, 1 << 20 })
            {
                Touch body = new(data);
                double serial = Time(() => body.Run(0, items), pause);
                (double pool, double poolBytes) = Measure(() => ParallelFor.Run(items, 1, body), pause);
                (double tasks, double taskBytes) = Measure(() => RunTasks(items, body), pause);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{items,7} {pause,6} {serial,11:F1} {pool,9:F1} {tasks,17:F1}   {poolBytes:F0}, {taskBytes:F0}"));
            }
        }

        NativeMemory.AlignedFree(data);
    }

    private static void RunTasks(int items, Touch body)
    {
        int chunks = ParallelFor.ChunkCount(items, 1);
        Parallel.For(
            0,
            chunks,
            new ParallelOptions { MaxDegreeOfParallelism = Compute.ThreadCount },
            chunk => body.Run(ParallelFor.ChunkStart(chunk, chunks, items), ParallelFor.ChunkStart(chunk + 1, chunks, items)));
    }

    private static (double Microseconds, double Bytes) Measure(Action loop, int pause)
    {
        double time = Time(loop, pause);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 100; i++)
        {
            loop();
        }

        return (time, (GC.GetTotalAllocatedBytes(precise: true) - before) / 100.0);
    }

    private static double Time(Action loop, int pause)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 300;)
        {
            loop();
        }

        double[] times = new double[2000];
        for (int i = 0; i < times.Length; i++)
        {
            long wait = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(wait).TotalMicroseconds < pause)
            {
            }

            long start = Stopwatch.GetTimestamp();
            loop();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private readonly struct Touch(float* data) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                data[i] = (data[i] * 0.5f) + 1f;
            }
        }
    }
}
