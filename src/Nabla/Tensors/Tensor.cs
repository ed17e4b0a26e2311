using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Tensors;

namespace Nabla;

/// <summary>
/// A float32 array of up to eight dimensions that remembers how it was computed, so that <see cref="Backward"/> can
/// differentiate it.
/// </summary>
/// <remarks>
/// Row-major, with strides: views such as <see cref="Transpose"/> and slices share memory with the tensor they are taken of.
/// There is nothing to dispose: memory comes back when the tensor is unreachable, or at the end of a <see cref="MemoryScope"/>.
/// A tensor may be read from several threads; writing to one is for one thread at a time.
/// </remarks>
public sealed partial class Tensor
{
    private readonly Storage _storage;
    private readonly int _offset;
    private readonly Shape _shape;
    private readonly Shape.Sizes _strides;
    private bool _isView = true;

    /// <summary>Creates a contiguous tensor with arbitrary contents.</summary>
    internal Tensor(in Shape shape, bool scoped = true)
        : this(new Storage((long)shape.Count * sizeof(float), scoped), 0, shape, shape.RowMajorStrides())
        => _isView = false;

    /// <summary>Creates a view of memory that another tensor holds.</summary>
    internal Tensor(Storage storage, int offset, in Shape shape, in Shape.Sizes strides)
    {
        _storage = storage;
        _offset = offset;
        _shape = shape;
        _strides = strides;
        IsContiguous = IsRowMajor();
    }

    /// <summary>Gets the sizes of the dimensions.</summary>
    public Shape Shape => _shape;

    /// <summary>Gets the number of dimensions; 0 for a scalar.</summary>
    public int Rank => _shape.Rank;

    /// <summary>Gets the number of elements.</summary>
    public int Count => _shape.Count;

    /// <summary>Gets whether the elements lie in memory one after another, last dimension fastest.</summary>
    public bool IsContiguous { get; }

    /// <summary>
    /// Gets the place of the first element in the memory, in elements: not 0 for a part of a tensor that begins further on.
    /// </summary>
    public int StorageOffset => _offset;

    /// <summary>Gets the steps between neighbours, in elements, for each dimension.</summary>
    internal Shape.Sizes Strides => _strides;

    /// <summary>Gets the memory, which views share.</summary>
    internal Storage Storage => _storage;

    /// <summary>Gets the number of in-place writes to this tensor's memory so far.</summary>
    internal int Version => _storage.Version;

    /// <summary>Gets the address of the first element. Kernels only; whoever takes it keeps the tensor alive.</summary>
    internal unsafe float* Pointer => (float*)_storage.Address + _offset;

    /// <summary>Gets the elements of a contiguous tensor. Whoever takes them keeps the tensor alive.</summary>
    internal unsafe Span<float> Values => new(Pointer, Count);

    /// <summary>
    /// Returns how far neighbours along a dimension lie apart in memory, in elements: element <c>[i, j]</c> lies at
    /// <c>StorageOffset + i * Stride(0) + j * Stride(1)</c>. Views of one memory differ only in these and in their shapes.
    /// </summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">The tensor has no such dimension.</exception>
    public int Stride(int dim) => _strides[Shape.Dimension(dim, nameof(Stride))];

    /// <summary>Returns the value of a tensor with one element.</summary>
    /// <exception cref="ShapeException">The tensor has another number of elements.</exception>
    public unsafe float Item()
    {
        if (Count != 1)
        {
            throw new ShapeException($"Item: the tensor is {Shape}; only a tensor of one element has one value.");
        }

        float value = *Pointer;
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>Returns a copy of the elements in row-major order.</summary>
    public float[] ToArray()
    {
        float[] result = new float[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>Copies the elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Count"/>.</exception>
    public unsafe void CopyTo(Span<float> destination)
    {
        Tensor x = Detach().Contiguous();
        new ReadOnlySpan<float>(x.Pointer, x.Count).CopyTo(destination);
        GC.KeepAlive(x);
    }

    /// <summary>Overwrites the elements, given in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not <see cref="Count"/>.</exception>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous, or is on the tape.</exception>
    public unsafe void CopyFrom(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"CopyFrom: {values.Length} values given for a tensor of shape {Shape}, which has {Count}.");
        }

        CheckWritable(nameof(CopyFrom));
        if (!IsContiguous)
        {
            throw new InvalidOperationException($"CopyFrom: the tensor of shape {Shape} is not contiguous; write to the tensor it is a view of.");
        }

        values.CopyTo(new Span<float>(Pointer, Count));
        _storage.Touch();
        GC.KeepAlive(this);
    }

    /// <summary>Keeps this tensor's memory beyond the end of the running <see cref="MemoryScope"/>.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Keep()
    {
        _storage.Kept = true;
        return this;
    }

    /// <summary>
    /// Says that neither this tensor nor a view of it will be read any more by the code that made it, so that its memory can serve
    /// others before the <see cref="MemoryScope"/> ends or the garbage collector comes. A view, a parameter and what somebody called
    /// <see cref="Keep"/> on stay as they are.
    /// </summary>
    /// <remarks>
    /// What <see cref="Backward"/> needs, it finds. If no operation needs this tensor for its gradient, the memory is given back at
    /// once. If one does, it is given back when backward has gone through; or at once, to be computed again in time, where that is
    /// cheap, as for an activation or a norm. Reading a tensor whose memory is gone throws, and never shows what others wrote.
    /// </remarks>
    public void Release()
    {
        if (_isView || _requiresGrad || _storage.IsSmall || _storage.Kept)
        {
            return;
        }

        if (!_storage.IsSaved || Node is { Operation: null })
        {
            _storage.Release();
        }
        else if (Node?.Operation is Op operation)
        {
            Node.Released = _storage;
            if (operation.CanRecompute)
            {
                _storage.Drop(this);
            }
        }
    }

    /// <summary>Returns this tensor if it is contiguous, else a contiguous copy.</summary>
    public Tensor Contiguous() => IsContiguous ? this : Clone();

    /// <summary>Returns a tensor of the same elements, off the tape: it shares memory, and no gradient flows through it.</summary>
    public Tensor Detach() => new(_storage, _offset, _shape, _strides);

    /// <summary>Returns this tensor's contiguous memory under another shape of as many elements, off the tape.</summary>
    internal Tensor AliasAs(in Shape shape) => new(_storage, _offset, shape, shape.RowMajorStrides());

    /// <summary>Makes this view answer for the memory: of a new result that is laid out in another order.</summary>
    internal Tensor AsOwner()
    {
        _isView = false;
        return this;
    }

    /// <summary>Returns a view of the same memory with other sizes and strides, off the tape.</summary>
    internal Tensor AliasAs(in Shape shape, in Shape.Sizes strides, int offset = 0) => new(_storage, _offset + offset, shape, strides);

    /// <summary>Sets every element to zero without a trace on the tape. The tensor must be contiguous.</summary>
    internal unsafe void Clear()
    {
        FillKernel.Run(Pointer, Count, 0);
        GC.KeepAlive(this);
    }

    /// <summary>Notes an in-place write.</summary>
    internal void Touch() => _storage.Touch();

    /// <summary>Throws unless this tensor may be written to now: on the tape its old values may still be needed.</summary>
    internal void CheckWritable(string operation)
    {
        if (NeedsGradient && NoGradScope.IsRecording)
        {
            throw new InvalidOperationException(
                $"{operation}: the tensor of shape {Shape} is on the tape; write to it inside `using (Tensor.NoGrad())`, or to a copy.");
        }
    }

    private bool IsRowMajor()
    {
        int expected = 1;
        for (int dim = Rank - 1; dim >= 0; dim--)
        {
            int size = _shape[dim];
            if (size != 1)
            {
                if (_strides[dim] != expected)
                {
                    return _shape.Count == 0;
                }

                expected *= size;
            }
        }

        return true;
    }
}
