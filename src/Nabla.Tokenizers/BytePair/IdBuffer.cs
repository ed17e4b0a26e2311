using System.Buffers;
using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Collects ids without allocating for each: grows in arrays of the shared pool, and gives the last one back at the end.
/// </summary>
internal ref struct IdBuffer : IDisposable
{
    private Span<int> _ids;
    private int[]? _rented;

    /// <summary>Begins in memory of the caller's, usually on the stack.</summary>
    public IdBuffer(Span<int> initial)
    {
        _ids = initial;
    }

    /// <summary>How many ids were added.</summary>
    public int Count { get; private set; }

    /// <summary>The ids added so far; valid until the next is added.</summary>
    public readonly Span<int> Ids => _ids[..Count];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id)
    {
        var count = Count;
        if ((uint)count < (uint)_ids.Length)
        {
            _ids[count] = id;
            Count = count + 1;
        }
        else
        {
            GrowAndAdd(id);
        }
    }

    public void Add(ReadOnlySpan<int> ids)
    {
        if (ids.Length > _ids.Length - Count)
        {
            Grow(ids.Length);
        }

        ids.CopyTo(_ids[Count..]);
        Count += ids.Length;
    }

    /// <summary>Forgets the ids, and keeps the memory.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<int>.Shared.Return(_rented);
            _rented = null;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowAndAdd(int id)
    {
        Grow(1);
        _ids[Count++] = id;
    }

    private void Grow(int more)
    {
        var grown = ArrayPool<int>.Shared.Rent(Math.Max(256, (int)Math.Min(Array.MaxLength, Math.Max(2L * _ids.Length, Count + (long)more))));
        Ids.CopyTo(grown);
        Dispose();
        _rented = grown;
        _ids = grown;
    }
}
