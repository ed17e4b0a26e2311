namespace Nabla.Kernels;

/// <summary>The work of a parallel loop: a plain struct of pointers and sizes, so that starting a loop allocates nothing.</summary>
internal interface IParallelBody
{
    /// <summary>Does items <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    void Run(int start, int end);
}

/// <summary>
/// Runs a loop over the threads of <see cref="Compute.ThreadCount"/>. How the items are cut into chunks depends on their
/// number and cost alone, never on the number of threads, so results that combine per-chunk partial values are the same
/// bits on every thread count.
/// </summary>
internal static class ParallelFor
{
    /// <summary>Work below this many element operations per chunk is not worth handing to another thread.</summary>
    private const long ChunkCost = 16 * 1024;

    private const int MaxChunks = 64;

    /// <summary>Returns the number of chunks that <paramref name="count"/> items of this cost are cut into.</summary>
    /// <param name="count">The number of items.</param>
    /// <param name="itemCost">The rough number of element operations in one item.</param>
    /// <param name="maxChunks">The most chunks.</param>
    public static int ChunkCount(int count, long itemCost, int maxChunks = MaxChunks)
        => (int)Math.Clamp(count * Math.Max(itemCost, 1) / ChunkCost, 1, Math.Min(maxChunks, Math.Max(count, 1)));

    /// <summary>Returns the first item of a chunk; chunk <paramref name="chunkCount"/> gives the end.</summary>
    public static int ChunkStart(int chunk, int chunkCount, int count) => (int)((long)count * chunk / chunkCount);

    /// <summary>
    /// Runs <paramref name="body"/> over <paramref name="count"/> items and returns when all are done. Inside another loop,
    /// or while another thread runs one, the calling thread does it all. What a chunk throws, the caller gets.
    /// </summary>
    /// <param name="count">The number of items.</param>
    /// <param name="itemCost">The rough number of element operations in one item.</param>
    /// <param name="body">The work.</param>
    /// <param name="maxChunks">The most chunks to cut the loop into.</param>
    /// <param name="lastItems">
    /// The number of items at the end that are there to even out the threads' times; they are taken when no others are left.
    /// </param>
    public static unsafe void Run<TBody>(
        int count, long itemCost, in TBody body, int maxChunks = MaxChunks, int lastItems = 0)
        where TBody : unmanaged, IParallelBody
    {
        int chunks = ChunkCount(count, itemCost, maxChunks);
        TBody copy = body;
        if (chunks == 1)
        {
            copy.Run(0, count);
            return;
        }

        int helpers = Math.Min(Compute.ThreadCount, chunks) - 1;
        int shared = chunks == count ? lastItems : 0;
        if (helpers > 0 && WorkerPool.TryRun(&RunChunk<TBody>, &copy, count, chunks, shared, helpers, count * itemCost))
        {
            return;
        }

        for (int chunk = 0; chunk < chunks; chunk++)
        {
            copy.Run(ChunkStart(chunk, chunks, count), ChunkStart(chunk + 1, chunks, count));
        }
    }

    private static unsafe void RunChunk<TBody>(void* body, int start, int end)
        where TBody : unmanaged, IParallelBody
        => ((TBody*)body)->Run(start, end);
}
