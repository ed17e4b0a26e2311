using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Nabla.Kernels;

/// <summary>
/// The threads that help the caller of a parallel loop. They belong to the library alone: nobody else's work delays a loop,
/// and starting one costs a few atomic operations and no memory, since the body stays on the caller's stack, which cannot
/// go away before the caller has seen every worker leave.
/// </summary>
/// <remarks>
/// Every thread begins with a share of its own, the same part of each loop: the rows that it wrote in one loop are still in its
/// core's cache in the next. Who is done with its share goes on with the others'.
/// </remarks>
internal static unsafe class WorkerPool
{
    /// <summary>
    /// How long a thread looks for work, or for the others to finish, before it sleeps: longer than the gap between two
    /// kernels, shorter than what a crowded machine would miss.
    /// </summary>
    private static readonly long SpinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    /// <summary>
    /// Waking threads takes tens of microseconds. A loop with less work than this is done sooner by those that are awake,
    /// but several such loops on end are worth it.
    /// </summary>
    private const long WakeCost = 128 * 1024;

    /// <summary>From one share's counter to the next, in numbers: they are changed by different threads, two cache lines apart.</summary>
    private const int Apart = 32;

    private static readonly object Finished = new();
    private static Worker[] _workers = [];

    /// <summary>1 while a loop owns the pool, and with it every field below.</summary>
    private static int _busy;

    /// <summary>Counts openings and closings of loops: odd while a loop may be entered.</summary>
    private static int _epoch;

    /// <summary>The number of workers that entered, or are finding out that they came too late.</summary>
    private static int _inside;

    /// <summary>The next chunk of each share. The share after the threads' own is everybody's, and comes last.</summary>
    private static int[] _next = new int[Apart];

    private static long _owed;
    private static int _callerSleeps;
    private static ExceptionDispatchInfo? _failure;

    private static delegate*<void*, int, int, void> _work;
    private static void* _body;
    private static int _count;
    private static int _chunks;
    private static int _shared;
    private static int _helpers;

    /// <summary>
    /// Runs a loop on this thread and up to <paramref name="helpers"/> others, and returns when all of it is done; or does
    /// nothing and returns false when the pool is at work already, be it for another thread or for a loop around this one.
    /// </summary>
    /// <param name="work">Called with <paramref name="body"/> and the bounds of a chunk.</param>
    /// <param name="body">What <paramref name="work"/> works on.</param>
    /// <param name="count">The number of items.</param>
    /// <param name="chunks">The number of chunks that the items are cut into.</param>
    /// <param name="shared">So many chunks at the end are in no thread's share, and taken when all others are.</param>
    /// <param name="helpers">The most threads to use besides this one.</param>
    /// <param name="cost">The rough number of element operations in the loop.</param>
    public static bool TryRun(
        delegate*<void*, int, int, void> work, void* body, int count, int chunks, int shared, int helpers, long cost)
    {
        if (Volatile.Read(ref _busy) != 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            return false;
        }

        _work = work;
        _body = body;
        (_count, _chunks, _shared, _helpers) = (count, chunks, shared, helpers);
        LayOutShares();
        Interlocked.Increment(ref _epoch);
        _owed += cost;
        if (_owed >= WakeCost)
        {
            _owed = 0;
            Wake(helpers);
        }

        RunChunks(0);
        Interlocked.Increment(ref _epoch);
        WaitForWorkers();

        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
        return true;
    }

    private static void Wake(int helpers)
    {
        while (_workers.Length < helpers)
        {
            try
            {
                _workers = [.. _workers, new Worker(_workers.Length)];
            }
            catch (OutOfMemoryException)
            {
                // The system gives no more threads: the ones there are, or the caller alone, do the work.
                break;
            }
        }

        for (int i = 0; i < Math.Min(helpers, _workers.Length); i++)
        {
            _workers[i].Wake();
        }
    }

    private static void LayOutShares()
    {
        int shares = _helpers + 2;
        if (_next.Length < shares * Apart)
        {
            _next = new int[shares * Apart];
        }

        for (int share = 0; share < shares; share++)
        {
            _next[share * Apart] = StartOf(share);
        }
    }

    private static int StartOf(int share) => share > _helpers + 1
        ? _chunks
        : ParallelFor.ChunkStart(share, _helpers + 1, _chunks - _shared);

    private static void RunChunks(int thread)
    {
        try
        {
            int threads = _helpers + 1;
            for (int i = 0; i < threads; i++)
            {
                RunShare((thread + i) % threads);
            }

            RunShare(threads);
        }
#pragma warning disable CA1031 // whatever a body throws reaches the caller of the loop
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            for (int share = 0; share < _helpers + 2; share++)
            {
                Volatile.Write(ref _next[share * Apart], _chunks);
            }
        }
    }

    private static void RunShare(int share)
    {
        ref int next = ref _next[share * Apart];
        int end = StartOf(share + 1);
        while (Volatile.Read(ref next) < end)
        {
            int chunk = Interlocked.Increment(ref next) - 1;
            if (chunk < end)
            {
                _work(_body, ParallelFor.ChunkStart(chunk, _chunks, _count), ParallelFor.ChunkStart(chunk + 1, _chunks, _count));
            }
        }
    }

    private static void WaitForWorkers()
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _inside) != 0)
        {
            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(8);
                continue;
            }

            Interlocked.Exchange(ref _callerSleeps, 1);
            lock (Finished)
            {
                while (Volatile.Read(ref _inside) != 0)
                {
                    Monitor.Wait(Finished);
                }
            }

            Volatile.Write(ref _callerSleeps, 0);
        }
    }

    private sealed class Worker
    {
        private readonly object _gate = new();
        private readonly int _index;
        private int _sleeps;
        private bool _woken;

        public Worker(int index)
        {
            _index = index;
            new Thread(Loop) { IsBackground = true, Name = $"Nabla worker {index + 1}" }.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _sleeps) != 0 && Interlocked.Exchange(ref _sleeps, 0) != 0)
            {
                lock (_gate)
                {
                    _woken = true;
                    Monitor.Pulse(_gate);
                }
            }
        }

        private void Loop()
        {
            int seen = 0;
            long lastWork = Stopwatch.GetTimestamp();
            while (true)
            {
                int epoch = Volatile.Read(ref _epoch);
                if (epoch != seen && (epoch & 1) != 0)
                {
                    seen = epoch;
                    if (Help())
                    {
                        lastWork = Stopwatch.GetTimestamp();
                        continue;
                    }
                }

                if (Stopwatch.GetTimestamp() - lastWork < SpinTicks)
                {
                    Thread.SpinWait(8);
                }
                else
                {
                    Sleep(seen);
                    lastWork = Stopwatch.GetTimestamp();
                }
            }
        }

        /// <summary>
        /// Enters the loop that is open now and works on it. The caller closes the loop before it looks who is inside, and
        /// a worker steps inside before it looks whether the loop is open: one of the two sees the other.
        /// </summary>
        private bool Help()
        {
            Interlocked.Increment(ref _inside);
            bool mine = (Volatile.Read(ref _epoch) & 1) != 0 && _index < _helpers;
            if (mine)
            {
                RunChunks(_index + 1);
            }

            if (Interlocked.Decrement(ref _inside) == 0 && Volatile.Read(ref _callerSleeps) != 0)
            {
                lock (Finished)
                {
                    Monitor.PulseAll(Finished);
                }
            }

            return mine;
        }

        private void Sleep(int seen)
        {
            Interlocked.Exchange(ref _sleeps, 1);
            int epoch = Volatile.Read(ref _epoch);
            bool missed = epoch != seen && (epoch & 1) != 0;
            if (missed && Interlocked.Exchange(ref _sleeps, 0) != 0)
            {
                return;
            }

            lock (_gate)
            {
                while (!_woken)
                {
                    Monitor.Wait(_gate);
                }

                _woken = false;
            }
        }
    }
}
