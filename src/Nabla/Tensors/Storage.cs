namespace Nabla.Tensors;

/// <summary>The memory behind one tensor and all its views: a block that goes back to the pool when nothing refers to it.</summary>
internal sealed class Storage
{
    private readonly int _sizeClass;
    private nint _block;

    /// <summary>Takes a block of the pool; it belongs to the running <see cref="MemoryScope"/>, if there is one.</summary>
    /// <param name="bytes">The number of bytes needed.</param>
    /// <param name="scoped">False to stay out of any scope.</param>
    public Storage(long bytes, bool scoped = true)
    {
        MemoryScope? scope = scoped ? MemoryScope.Current : null;
        _block = MemoryPool.Rent(bytes, untilCollected: scope is null, out _sizeClass);
        scope?.Add(this);
    }

    /// <summary>Returns the block of a storage that nothing refers to any more.</summary>
    ~Storage()
    {
        if (_block != 0)
        {
            MemoryPool.Return(_block, _sizeClass);
        }
    }

    /// <summary>Gets the number of in-place writes so far.</summary>
    public int Version { get; private set; }

    /// <summary>Gets or sets whether the storage outlives its scope.</summary>
    public bool Kept { get; set; }

    /// <summary>Gets the address of the block.</summary>
    /// <exception cref="ObjectDisposedException">The scope in which the tensor was made has ended.</exception>
    public nint Address => _block != 0 ? _block : throw new ObjectDisposedException(
        nameof(Tensor),
        "This tensor was released at the end of its MemoryScope; call Keep() on it inside the scope to use it afterwards.");

    /// <summary>Notes an in-place write, so that a backward pass that saved the old values can tell.</summary>
    public void Touch() => Version++;

    /// <summary>Gives the block back at once.</summary>
    public void Release()
    {
        GC.SuppressFinalize(this);
        MemoryPool.Return(_block, _sizeClass);
        _block = 0;
    }
}
