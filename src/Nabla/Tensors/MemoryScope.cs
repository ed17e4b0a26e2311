using Nabla.Tensors;

namespace Nabla;

/// <summary>
/// Releases at its end every tensor that was made in it on this thread and not kept by <see cref="Tensor.Keep"/>.
/// Optional: without a scope, memory comes back when the garbage collector finds the tensors unreachable.
/// </summary>
/// <example>
/// <code>
/// using (MemoryScope.Begin())
/// {
///     Tensor loss = model.Forward(x).CrossEntropy(y);
///     loss.Backward();
///     optimizer.Step();
/// }
/// </code>
/// </example>
public sealed class MemoryScope : IDisposable
{
    // The tensors of a step are garbage of some ten kilobytes when their scope ends. Left alone, the collector would let them
    // spread over its whole first generation, tens of megabytes; collecting that generation early costs a tenth of a millisecond.
    private const long GarbageBound = 4L << 20;

    [ThreadStatic]
    private static long _allocatedAtCollection;

    [ThreadStatic]
    private static MemoryScope? _current;

    // The last ended scope is used again, so that a scope around each step of a training allocates nothing.
    [ThreadStatic]
    private static MemoryScope? _spare;

    private readonly List<Storage> _made = [];
    private MemoryScope? _outer;
    private bool _open;

    private MemoryScope()
    {
    }

    /// <summary>Gets the thread's idle blocks, which the scope's tensors take theirs from.</summary>
    internal IdleBlocks Blocks { get; } = IdleBlocks.OfThread;

    /// <summary>Gets the innermost open scope of this thread.</summary>
    internal static MemoryScope? Current => _current;

    /// <summary>Opens a scope on this thread; scopes nest.</summary>
    public static MemoryScope Begin()
    {
        MemoryScope scope = _spare ?? new MemoryScope();
        _spare = null;
        scope._outer = _current;
        scope._open = true;
        _current = scope;
        return scope;
    }

    /// <summary>Ends the scope. What was kept belongs to the scope around it, if there is one.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or this is another thread.</exception>
    public void Dispose()
    {
        if (!_open)
        {
            return;
        }

        if (_current != this)
        {
            throw new InvalidOperationException("MemoryScope: end inner scopes first, and each scope on the thread that began it.");
        }

        _current = _outer;
        foreach (Storage storage in _made)
        {
            if (!storage.Kept)
            {
                storage.Release(Blocks);
            }
            else if (_outer is not null)
            {
                storage.Kept = false;
                _outer.Add(storage);
            }
        }

        _made.Clear();
        _outer = null;
        _open = false;
        _spare = this;
        if (_current is null && GC.GetAllocatedBytesForCurrentThread() - _allocatedAtCollection > GarbageBound)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            _allocatedAtCollection = GC.GetAllocatedBytesForCurrentThread();
        }
    }

    /// <summary>Takes charge of a storage made while this scope is innermost.</summary>
    internal void Add(Storage storage) => _made.Add(storage);
}
