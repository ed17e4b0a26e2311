namespace Nabla.Tensors;

/// <summary>
/// The blocks that the scopes of one thread released, with their memory, for its next tensors of about the same size. A small
/// network's step makes dozens of tensors of a few kilobytes each; from here they cost neither an object with a finalizer, which
/// the collector has to be told of, nor the pool's locks.
/// </summary>
internal sealed class IdleBlocks
{
    // Above this the work on a tensor makes what its block costs invisible, and the pool serves all threads.
    private const int MaxBlockBytes = 256 * 1024;

    /// <summary>What a thread keeps from the others at most.</summary>
    private const long MaxBytes = 8L << 20;

    [ThreadStatic]
    private static IdleBlocks? _ofThread;

    private readonly Stack<MemoryBlock>[] _classes;
    private long _bytes;

    private IdleBlocks()
    {
        _classes = new Stack<MemoryBlock>[MemoryPool.SizeClass(MaxBlockBytes) + 1];
        for (int sizeClass = 0; sizeClass < _classes.Length; sizeClass++)
        {
            _classes[sizeClass] = new Stack<MemoryBlock>();
        }
    }

    /// <summary>Gets those of the calling thread.</summary>
    public static IdleBlocks OfThread => _ofThread ??= new IdleBlocks();

    /// <summary>Returns a block for a tensor that a scope will release, with arbitrary contents.</summary>
    /// <param name="bytes">The number of bytes needed.</param>
    public MemoryBlock Take(long bytes)
    {
        if (bytes <= MaxBlockBytes && _classes[MemoryPool.SizeClass(bytes)].TryPop(out MemoryBlock? block))
        {
            _bytes -= MemoryPool.ClassBytes(block.SizeClass);
            return block;
        }

        return new MemoryBlock(bytes, untilCollected: false);
    }

    /// <summary>Takes back a block whose tensor is done with.</summary>
    public void Return(MemoryBlock block)
    {
        long bytes = MemoryPool.ClassBytes(block.SizeClass);
        if (block.SizeClass < _classes.Length && _bytes + bytes <= MaxBytes)
        {
            _bytes += bytes;
            _classes[block.SizeClass].Push(block);
        }
        else
        {
            block.Release();
        }
    }
}
