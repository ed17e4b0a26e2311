using System.Numerics;
using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Tensors;

/// <summary>
/// Lends blocks of native memory, aligned to 64 bytes, and keeps those that come back for the next borrower.
/// </summary>
/// <remarks>
/// A tensor is a few hundred managed bytes, whatever its data weighs, so the garbage collector would come far too late by
/// itself. The pool therefore counts the bytes it lent since the last collection and, past a bound, asks for one.
/// </remarks>
internal static unsafe class MemoryPool
{
    /// <summary>Every block begins at a multiple of so many bytes.</summary>
    public const int Alignment = 64;

    /// <summary>At least this many bytes are lent between two collections.</summary>
    private const long MinCollectionBound = 32L << 20;

    /// <summary>At least this many idle bytes are kept for reuse.</summary>
    private const long MinIdleBound = 256L << 20;

    // Four size classes to each power of two (64, 80, 96, 112, 128, 160, ...), so that at most a fifth of a block is waste.
    private static readonly Stack<nint>[] _idle = CreateClasses();
    private static readonly Lock _collecting = new();
    private static long _liveBytes;
    private static long _idleBytes;
    private static long _lentSinceCollection;
    private static long _blocksAllocated;
    private static long _liveAfterFullCollection;

    /// <summary>Gets the bytes that tensors, and the <see cref="IdleBlocks"/> of threads, hold at the moment.</summary>
    public static long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>Gets the bytes that lie idle in the pool.</summary>
    public static long IdleBytes => Interlocked.Read(ref _idleBytes);

    /// <summary>Gets the number of blocks ever asked of the operating system.</summary>
    public static long BlocksAllocated => Interlocked.Read(ref _blocksAllocated);

    /// <summary>Lends a block of at least <paramref name="bytes"/> bytes with arbitrary contents.</summary>
    /// <param name="bytes">The number of bytes needed.</param>
    /// <param name="untilCollected">Whether only the garbage collector will give the block back.</param>
    /// <param name="sizeClass">The class to return the block under.</param>
    public static nint Rent(long bytes, bool untilCollected, out int sizeClass)
    {
        sizeClass = SizeClass(bytes);
        long size = ClassBytes(sizeClass);
        if (untilCollected && Interlocked.Add(ref _lentSinceCollection, size) > CollectionBound)
        {
            CollectDeadTensors();
        }

        nint block;
        bool reused;
        lock (_idle[sizeClass])
        {
            reused = _idle[sizeClass].TryPop(out block);
        }

        if (reused)
        {
            Interlocked.Add(ref _idleBytes, -size);
        }
        else
        {
            if (IdleBytes > Math.Max(MinIdleBound, LiveBytes))
            {
                Trim();
            }

            block = (nint)HugePages.Allocate((nuint)size, Alignment);
            Interlocked.Increment(ref _blocksAllocated);
        }

        Interlocked.Add(ref _liveBytes, size);
        return block;
    }

    /// <summary>Takes a block back.</summary>
    public static void Return(nint block, int sizeClass)
    {
        long size = ClassBytes(sizeClass);
        Interlocked.Add(ref _liveBytes, -size);
        Interlocked.Add(ref _idleBytes, size);
        lock (_idle[sizeClass])
        {
            _idle[sizeClass].Push(block);
        }
    }

    /// <summary>Gives all idle blocks back to the operating system.</summary>
    public static void Trim()
    {
        for (int sizeClass = 0; sizeClass < _idle.Length; sizeClass++)
        {
            lock (_idle[sizeClass])
            {
                while (_idle[sizeClass].TryPop(out nint block))
                {
                    NativeMemory.AlignedFree((void*)block);
                    Interlocked.Add(ref _idleBytes, -ClassBytes(sizeClass));
                }
            }
        }
    }

    /// <summary>Returns the class of blocks of so many bytes.</summary>
    public static int SizeClass(long bytes)
    {
        if (bytes <= Alignment)
        {
            return 0;
        }

        // With 2^p < bytes <= 2^(p+1), the quarter steps above 2^p are numbered 1 to 4.
        int power = BitOperations.Log2((ulong)(bytes - 1));
        long quarter = 1L << (power - 2);
        return ((power - 6) * 4) + (int)((bytes - (1L << power) + quarter - 1) / quarter);
    }

    /// <summary>Returns the bytes in a block of a class.</summary>
    public static long ClassBytes(int sizeClass)
    {
        if (sizeClass == 0)
        {
            return Alignment;
        }

        int power = ((sizeClass - 1) / 4) + 6;
        return (1L << power) + ((((sizeClass - 1) % 4) + 1) * (1L << (power - 2)));
    }

    private static long CollectionBound => Math.Max(MinCollectionBound, LiveBytes / 2);

    /// <summary>
    /// Collects the two young generations. Tensors that were in use at two collections have grown old and are missed; once these
    /// weigh something, the old generation is collected too.
    /// </summary>
    private static void CollectDeadTensors()
    {
        lock (_collecting)
        {
            if (Interlocked.Read(ref _lentSinceCollection) <= CollectionBound)
            {
                return; // another thread has just collected
            }

            Collect(generation: 1);
            if (LiveBytes > (_liveAfterFullCollection * 5 / 4) + (MinCollectionBound / 2))
            {
                Collect(GC.MaxGeneration);
                _liveAfterFullCollection = LiveBytes;
            }

            Interlocked.Exchange(ref _lentSinceCollection, 0);
        }
    }

    private static void Collect(int generation)
    {
        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }

    private static Stack<nint>[] CreateClasses()
    {
        Stack<nint>[] classes = new Stack<nint>[SizeClass(1L << 34) + 1];
        for (int sizeClass = 0; sizeClass < classes.Length; sizeClass++)
        {
            classes[sizeClass] = new Stack<nint>();
        }

        return classes;
    }
}
