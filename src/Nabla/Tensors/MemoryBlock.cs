namespace Nabla.Tensors;

/// <summary>A block of the pool that goes back to it when nothing refers to this object any more.</summary>
/// <remarks>
/// The collector takes many times as long over an object with a finalizer as over one without. So small tensors share blocks,
/// and the memory of dozens of them comes back at once, when the last of them is unreachable.
/// </remarks>
internal sealed class MemoryBlock
{
    /// <summary>The most bytes of a tensor that shares a block with others.</summary>
    public const int MaxShare = 256;

    // A small tensor that is kept for long keeps so much from all others.
    private const int SharedSize = 4096;

    // Where this thread cuts its next share from.
    [ThreadStatic]
    private static MemoryBlock? _current;

    private int _taken;

    /// <summary>Takes a block of the pool.</summary>
    /// <param name="bytes">The number of bytes needed.</param>
    /// <param name="untilCollected">Whether only the garbage collector will give the block back.</param>
    public MemoryBlock(long bytes, bool untilCollected)
    {
        Address = MemoryPool.Rent(bytes, untilCollected, out int sizeClass);
        SizeClass = sizeClass;
    }

    /// <summary>Returns the memory of a block that nothing refers to any more.</summary>
    ~MemoryBlock()
    {
        if (Address != 0)
        {
            MemoryPool.Return(Address, SizeClass);
        }
    }

    /// <summary>Gets the address of the first byte.</summary>
    public nint Address { get; private set; }

    /// <summary>Gets the class of the block in the pool.</summary>
    public int SizeClass { get; }

    /// <summary>Returns a block that others share, and in it the address of so many bytes that nobody else has.</summary>
    /// <param name="bytes">At most <see cref="MaxShare"/>.</param>
    /// <param name="address">The first of the bytes.</param>
    public static MemoryBlock Share(int bytes, out nint address)
    {
        int size = (Math.Max(bytes, 1) + MemoryPool.Alignment - 1) & -MemoryPool.Alignment;
        MemoryBlock? block = _current;
        if (block is null || block._taken + size > SharedSize)
        {
            _current = block = new MemoryBlock(SharedSize, untilCollected: true);
        }

        address = block.Address + block._taken;
        block._taken += size;
        return block;
    }

    /// <summary>Gives the memory back at once. Not for a block that others share.</summary>
    public void Release()
    {
        GC.SuppressFinalize(this);
        MemoryPool.Return(Address, SizeClass);
        Address = 0;
    }
}
