namespace Nabla.Tensors;

/// <summary>The memory behind one tensor and all its views: a block, or for a small tensor a part of one.</summary>
internal sealed class Storage
{
    private readonly bool _shares;
    private MemoryBlock? _block;
    private nint _address;

    /// <summary>Takes memory; it belongs to the running <see cref="MemoryScope"/>, if there is one.</summary>
    /// <param name="bytes">The number of bytes needed.</param>
    /// <param name="scoped">False to stay out of any scope.</param>
    public Storage(long bytes, bool scoped = true)
    {
        MemoryScope? scope = scoped ? MemoryScope.Current : null;
        _shares = bytes <= MemoryBlock.MaxShare;
        if (_shares)
        {
            _block = MemoryBlock.Share((int)bytes, out _address);
        }
        else
        {
            _block = scope is null ? new MemoryBlock(bytes, untilCollected: true) : scope.Blocks.Take(bytes);
            _address = _block.Address;
        }

        scope?.Add(this);
    }

    /// <summary>Gets the number of in-place writes so far.</summary>
    public int Version { get; private set; }

    /// <summary>Gets or sets whether the storage outlives its scope.</summary>
    public bool Kept { get; set; }

    /// <summary>Gets the address of the memory.</summary>
    /// <exception cref="ObjectDisposedException">The scope in which the tensor was made has ended.</exception>
    public nint Address => _address != 0 ? _address : throw new ObjectDisposedException(
        nameof(Tensor),
        "This tensor was released at the end of its MemoryScope; call Keep() on it inside the scope to use it afterwards.");

    /// <summary>Notes an in-place write, so that a backward pass that saved the old values can tell.</summary>
    public void Touch() => Version++;

    /// <summary>Gives the memory back: a block of its own at once, a part of one when the others are done with theirs.</summary>
    /// <param name="idle">Where a block of its own waits for the next tensor.</param>
    public void Release(IdleBlocks idle)
    {
        if (!_shares)
        {
            idle.Return(_block!);
        }

        _block = null;
        _address = 0;
    }
}
