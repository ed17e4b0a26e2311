using System.Buffers;
using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Collects ids without allocating for each: grows in arrays of the shared pool, and gives the last one back at the end. It
/// may also pass the ids on, block by block, or only count them; then it stays small.
/// </summary>
internal ref struct IdBuffer : IDisposable
{
    private readonly IBufferWriter<int>? _writer;
    private readonly bool _forgets;
    private Span<int> _ids;
    private int[]? _rented;

    /// <summary>Begins in memory of the caller's, usually on the stack.</summary>
    public IdBuffer(Span<int> initial)
    {
        _ids = initial;
    }

    private IdBuffer(IBufferWriter<int>? writer)
    {
        _writer = writer;
        _forgets = true;
    }

    /// <summary>How many ids it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How many ids were passed on, or counted and forgotten.</summary>
    public int PassedOn { get; private set; }

    /// <summary>The ids it holds; valid until the next is added.</summary>
    public readonly Span<int> Ids => _ids[..Count];

    /// <summary>A buffer that counts ids.</summary>
    public static IdBuffer ForCounting() => new(writer: null);

    /// <summary>A buffer that passes the ids on.</summary>
    public static IdBuffer For(IBufferWriter<int> writer) => new(writer);

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
        ids.CopyTo(Reserve(ids.Length));
        Count += ids.Length;
    }

    /// <summary>Room for at least so many more ids; <see cref="Advance"/> tells how many were written there.</summary>
    public Span<int> Reserve(int more)
    {
        if (more > _ids.Length - Count)
        {
            Grow(more);
        }

        return _ids[Count..];
    }

    /// <summary>Adds the ids written to what <see cref="Reserve"/> gave.</summary>
    public void Advance(int count) => Count += count;

    /// <summary>To be called now and then: passes the ids on, or forgets them, if the buffer is there for that.</summary>
    public void EndBlock()
    {
        if (_forgets)
        {
            _writer?.Write(Ids);
            PassedOn = checked(PassedOn + Count);
            Count = 0;
        }
    }

    /// <summary>Forgets the ids, and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Hands over the ids in an array of the shared pool, which the caller gives back.</summary>
    public int[] Detach(out int count)
    {
        int[] ids = _rented ?? ArrayPool<int>.Shared.Rent(Count);
        if (_rented is null)
        {
            Ids.CopyTo(ids);
        }

        count = Count;
        this = default;
        return ids;
    }

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
        var needed = Count + (long)more;
        var grown = ArrayPool<int>.Shared.Rent((int)Math.Max(needed, Math.Min(Array.MaxLength, Math.Max(256, 2L * _ids.Length))));
        Ids.CopyTo(grown);
        Dispose();
        _rented = grown;
        _ids = grown;
    }
}
