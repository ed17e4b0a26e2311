using System.Diagnostics;
using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

public sealed unsafe class ParallelForTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(7, 1_000_000)]
    [InlineData(64, 1_000_000)]
    [InlineData(1000, 1_000_000)]
    [InlineData(200_000, 1)]
    public void Every_item_is_done_once(int count, long itemCost)
    {
        int[] times = new int[count];
        fixed (int* counter = times)
        {
            ParallelFor.Run(count, itemCost, new CountBody(counter));
        }

        Assert.All(times, item => Assert.Equal(1, item));
    }

    [Fact]
    public void Many_loops_on_end_all_finish_whether_the_workers_sleep_or_not()
    {
        int[] times = new int[100];
        fixed (int* counter = times)
        {
            for (int loop = 0; loop < 20_000; loop++)
            {
                if (loop % 100 == 0)
                {
                    Idle(TimeSpan.FromMicroseconds(150));
                }

                ParallelFor.Run(times.Length, 1_000_000, new CountBody(counter));
            }
        }

        Assert.All(times, item => Assert.Equal(20_000, item));
    }

    [Fact]
    public void A_loop_inside_a_loop_runs()
    {
        int[] times = new int[30 * 40];
        fixed (int* counter = times)
        {
            ParallelFor.Run(30, 1_000_000, new NestedBody(counter, 40));
        }

        Assert.All(times, item => Assert.Equal(1, item));
    }

    [Fact]
    public void Several_threads_may_run_loops_at_once()
    {
        int[][] times = [.. Enumerable.Range(0, 4).Select(_ => new int[50])];
        Thread[] callers = [.. times.Select(own => new Thread(() =>
        {
            fixed (int* counter = own)
            {
                for (int loop = 0; loop < 2_000; loop++)
                {
                    ParallelFor.Run(own.Length, 1_000_000, new CountBody(counter));
                }
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());

        Assert.All(times, own => Assert.All(own, item => Assert.Equal(2_000, item)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(63)]
    public void What_an_item_throws_reaches_the_caller_and_the_next_loop_runs(int bad)
    {
        for (int i = 0; i < 100; i++)
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
                () => ParallelFor.Run(64, 1_000_000, new ThrowBody(bad)));
            Assert.Equal($"item {bad}", thrown.Message);
        }

        Every_item_is_done_once(64, 1_000_000);
    }

    [Fact]
    public void A_loop_allocates_nothing()
    {
        int[] times = new int[64];
        fixed (int* counter = times)
        {
            CountBody body = new(counter);
            ParallelFor.Run(64, 1_000_000, body);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                ParallelFor.Run(64, 1_000_000, body);
            }

            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Chunks_cover_the_items_in_order_and_hardly_differ_in_size()
    {
        foreach (int count in new[] { 1, 2, 63, 64, 65, 1000, int.MaxValue })
        {
            int chunks = ParallelFor.ChunkCount(count, 1_000_000);
            Assert.Equal(0, ParallelFor.ChunkStart(0, chunks, count));
            Assert.Equal(count, ParallelFor.ChunkStart(chunks, chunks, count));
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                int size = ParallelFor.ChunkStart(chunk + 1, chunks, count) - ParallelFor.ChunkStart(chunk, chunks, count);
                Assert.InRange(size, count / chunks, (count / chunks) + 1);
            }
        }
    }

    private static void Idle(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            Thread.SpinWait(10);
        }
    }

    private readonly struct CountBody(int* counter) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                Interlocked.Increment(ref counter[i]);
            }
        }
    }

    private readonly struct NestedBody(int* counter, int inner) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                ParallelFor.Run(inner, 1_000_000, new CountBody(counter + (i * inner)));
            }
        }
    }

    private readonly struct ThrowBody(int bad) : IParallelBody
    {
        public void Run(int start, int end)
        {
            if (start <= bad && bad < end)
            {
                throw new InvalidOperationException($"item {bad}");
            }
        }
    }
}
