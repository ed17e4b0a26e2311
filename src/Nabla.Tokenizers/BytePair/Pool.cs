using System.Collections.Concurrent;

namespace Nabla.Tokenizers;

/// <summary>
/// Lends working memory, an instance to one thread at a time, so that encoding allocates nothing once warm. It keeps no more
/// of them than there are cores.
/// </summary>
internal sealed class Pool<T>
    where T : class, new()
{
    private readonly ConcurrentBag<T> _idle = [];

    // One instance is kept apart, since to exchange a reference takes a tenth of the time: short texts feel it.
    private T? _first;

    public T Rent() => Interlocked.Exchange(ref _first, null) ?? (_idle.TryTake(out T? instance) ? instance : new T());

    /// <summary>Takes back an instance whose work came to its end; one that was interrupted is left to the collector.</summary>
    public void Return(T instance)
    {
        if (Interlocked.CompareExchange(ref _first, instance, null) is not null && _idle.Count < Environment.ProcessorCount)
        {
            _idle.Add(instance);
        }
    }
}
