namespace Nabla.Tensors;

/// <summary>The memory behind one tensor and all its views: a block, or for a small tensor a part of one.</summary>
internal sealed class Storage
{
    private readonly bool _shares;

    // The block; while the contents are dropped the tensor that makes them again; the numbers once they were narrowed; nothing
    // once they are released.
    private object? _block;
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
            Take(bytes, scope);
        }

        scope?.Add(this);
    }

    /// <summary>Gets the number of in-place writes so far.</summary>
    public int Version { get; private set; }

    /// <summary>Gets or sets whether the storage outlives its scope.</summary>
    public bool Kept { get; set; }

    /// <summary>Gets or sets whether an operation on the tape needs the contents for its backward.</summary>
    public bool IsSaved { get; set; }

    /// <summary>Gets whether the memory is a part of a block, so that releasing it early gains nothing.</summary>
    public bool IsSmall => _shares;

    /// <summary>Gets the tensor whose operation makes the contents again; null where they were not dropped.</summary>
    public Tensor? Maker => _block as Tensor;

    /// <summary>Gets the contents as bfloat16; null where they are floats.</summary>
    public BFloat16Memory? Narrowed => _block as BFloat16Memory;

    /// <summary>Gets the address of the memory.</summary>
    /// <exception cref="ObjectDisposedException">The scope in which the tensor was made has ended.</exception>
    /// <exception cref="InvalidOperationException">The contents are kept as bfloat16.</exception>
    public nint Address => _address != 0 ? _address : throw Unavailable();

    /// <summary>Notes an in-place write, so that a backward pass that saved the old values can tell.</summary>
    public void Touch() => Version++;

    /// <summary>Gives the memory back: a block of its own at once, a part of one when the others are done with theirs.</summary>
    /// <param name="idle">Where a block of its own waits for the next tensor.</param>
    public void Release(IdleBlocks idle)
    {
        if (!_shares && _block is MemoryBlock block)
        {
            idle.Return(block);
        }

        _block = null;
        _address = 0;
    }

    /// <summary>Gives the memory back before the running scope ends, or without one.</summary>
    public void Release()
    {
        if (MemoryScope.Current is MemoryScope scope)
        {
            Release(scope.Blocks);
            return;
        }

        if (!_shares && _block is MemoryBlock block)
        {
            block.Release();
        }

        _block = null;
        _address = 0;
    }

    /// <summary>Gives the memory back until <see cref="Restore"/>.</summary>
    /// <param name="maker">The tensor whose operation makes the contents again.</param>
    public void Drop(Tensor maker)
    {
        Release();
        _block = maker;
    }

    /// <summary>Keeps the contents in half the memory.</summary>
    public void Narrow(BFloat16Memory contents)
    {
        Release();
        _block = contents;
    }

    /// <summary>Takes memory again for contents that were dropped; what it holds is arbitrary.</summary>
    public void Restore() => Take((long)Maker!.Count * sizeof(float), MemoryScope.Current);

    private void Take(long bytes, MemoryScope? scope)
    {
        MemoryBlock block = scope is null ? new MemoryBlock(bytes, untilCollected: true) : scope.Blocks.Take(bytes);
        (_block, _address) = (block, block.Address);
    }

    private Exception Unavailable() => Narrowed is not null
        ? new InvalidOperationException(
            "This tensor is stored as bfloat16: it serves products and look-ups without gradients only; load the model again to " +
            "train it, to save it or to look at its numbers.")
        : new ObjectDisposedException(
            nameof(Tensor),
            "This tensor was released, by Release() or at the end of its MemoryScope; call Keep() on it inside the scope to use it " +
            "afterwards.");
}
