using Nabla.Tensors;

namespace Nabla;

/// <summary>
/// An int32 array of up to eight dimensions: token ids, class labels, positions. It is never differentiated and always
/// contiguous; taking a part of one copies.
/// </summary>
public sealed partial class IndexTensor
{
    private readonly Storage _storage;

    /// <summary>Creates a tensor with arbitrary contents.</summary>
    internal IndexTensor(in Shape shape)
        : this(new Storage((long)shape.Count * sizeof(int)), shape)
    {
    }

    private IndexTensor(Storage storage, in Shape shape)
    {
        _storage = storage;
        Shape = shape;
    }

    /// <summary>Gets the sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the number of dimensions; 0 for a scalar.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Gets the number of elements.</summary>
    public int Count => Shape.Count;

    /// <summary>Gets the number of in-place writes to this tensor's memory so far.</summary>
    internal int Version => _storage.Version;

    /// <summary>Gets the address of the first element. Kernels only; whoever takes it keeps the tensor alive.</summary>
    internal unsafe int* Pointer => (int*)_storage.Address;

    /// <summary>Gets the elements. Whoever takes them keeps the tensor alive.</summary>
    internal unsafe Span<int> Values => new(Pointer, Count);

    /// <summary>Returns a tensor of a copy of the given values.</summary>
    /// <param name="values">The elements in row-major order.</param>
    /// <param name="sizes">The sizes; none gives a vector, and one may be -1.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to the number of values.</exception>
    public static IndexTensor From(ReadOnlySpan<int> values, params ReadOnlySpan<int> sizes)
    {
        Shape vector = new(values.Length);
        IndexTensor result = new(sizes.IsEmpty ? vector : Tensor.InferShape(vector, sizes, nameof(From)));
        result.CopyFrom(values);
        return result;
    }

    /// <summary>Returns the same elements under another shape, sharing memory.</summary>
    /// <param name="sizes">The new sizes; one may be -1 and is then worked out.</param>
    /// <exception cref="ShapeException">The sizes do not multiply to <see cref="Count"/>.</exception>
    public IndexTensor View(params ReadOnlySpan<int> sizes) => new(_storage, Tensor.InferShape(Shape, sizes, nameof(View)));

    /// <summary>Returns the value of a tensor with one element.</summary>
    /// <exception cref="ShapeException">The tensor has another number of elements.</exception>
    public int Item() => Count == 1
        ? ToArray()[0]
        : throw new ShapeException($"Item: the tensor is {Shape}; only a tensor of one element has one value.");

    /// <summary>Returns a copy of the elements in row-major order.</summary>
    public int[] ToArray()
    {
        int[] result = new int[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>Copies the elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Count"/>.</exception>
    public unsafe void CopyTo(Span<int> destination)
    {
        new ReadOnlySpan<int>(Pointer, Count).CopyTo(destination);
        GC.KeepAlive(this);
    }

    /// <summary>Overwrites the elements, given in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not <see cref="Count"/>.</exception>
    public unsafe void CopyFrom(ReadOnlySpan<int> values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"CopyFrom: {values.Length} values given for a tensor of shape {Shape}, which has {Count}.");
        }

        values.CopyTo(new Span<int>(Pointer, Count));
        _storage.Touch();
        GC.KeepAlive(this);
    }

    /// <summary>Keeps this tensor's memory beyond the end of the running <see cref="MemoryScope"/>.</summary>
    /// <returns>This tensor.</returns>
    public IndexTensor Keep()
    {
        _storage.Kept = true;
        return this;
    }

    /// <summary>Throws unless every element is at least 0 and below <paramref name="limit"/>.</summary>
    /// <param name="limit">The number of rows, classes or positions that there are.</param>
    /// <param name="operation">The operation for the message.</param>
    /// <param name="allowed">One further value that is let through, such as an ignored label.</param>
    internal unsafe void CheckRange(int limit, string operation, int? allowed = null)
    {
        ReadOnlySpan<int> values = new(Pointer, Count);
        for (int i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)limit && values[i] != allowed)
            {
                throw new ShapeException($"{operation}: index {values[i]} (element {i} of {Shape}) is not from 0 to {limit - 1}.");
            }
        }

        GC.KeepAlive(this);
    }
}
