using System.Numerics.Tensors;

namespace Nabla;

/// <content>
/// Exchange with System.Numerics.Tensors. A span does not keep a tensor alive and would dangle without it, so spans over
/// tensor memory exist only while a callback runs; everything else is a copy.
/// </content>
public sealed partial class Tensor
{
    /// <summary>Returns a tensor of a copy of the given elements.</summary>
    /// <exception cref="ShapeException">There are more dimensions or elements than a tensor can have.</exception>
    public static Tensor From(in ReadOnlyTensorSpan<float> values)
    {
        if (values.Rank > Shape.MaxRank || values.FlattenedLength > int.MaxValue)
        {
            throw new ShapeException(
                $"From: a span of {values.Rank} dimensions and {values.FlattenedLength} elements; the most are {Shape.MaxRank} " +
                "and 2^31 - 1.");
        }

        Span<int> sizes = stackalloc int[values.Rank];
        for (int dim = 0; dim < sizes.Length; dim++)
        {
            sizes[dim] = (int)values.Lengths[dim];
        }

        Tensor result = new(new Shape(sizes));
        values.FlattenTo(result.Values);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Returns a copy as a tensor of System.Numerics.Tensors; a scalar becomes a vector of one.</summary>
    public Tensor<float> ToSystemTensor()
    {
        Span<nint> lengths = stackalloc nint[Math.Max(Rank, 1)];
        Lengths(lengths);
        return System.Numerics.Tensors.Tensor.Create(ToArray(), lengths);
    }

    /// <summary>Lets a callback read the elements where they lie, with the strides they have.</summary>
    /// <param name="read">Gets a span of this shape, a vector of one for a scalar, that it cannot keep.</param>
    /// <returns>What the callback returns.</returns>
    /// <example><code>float largest = x.AsReadOnlyTensorSpan(span => Tensor.Max(span));</code></example>
    public TResult AsReadOnlyTensorSpan<TResult>(Func<ReadOnlyTensorSpan<float>, TResult> read)
    {
        TResult result = read(MemorySpan());
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Lets a callback write the elements where they lie, with the strides they have.</summary>
    /// <param name="write">Gets a span of this shape, a vector of one for a scalar, that it cannot keep.</param>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public void AsTensorSpan(Action<TensorSpan<float>> write)
    {
        CheckWritable(nameof(AsTensorSpan));
        Touch();
        write(MemorySpan());
        GC.KeepAlive(this);
    }

    private unsafe TensorSpan<float> MemorySpan()
    {
        Span<nint> lengths = stackalloc nint[Math.Max(Rank, 1)];
        Span<nint> strides = stackalloc nint[lengths.Length];
        Lengths(lengths);
        nint last = 0;
        for (int dim = 0; dim < Rank; dim++)
        {
            // System.Numerics.Tensors steps by 0 where there is one place only.
            strides[dim] = Shape[dim] == 1 ? 0 : Strides[dim];
            last += (Shape[dim] - 1) * strides[dim];
        }

        return Count == 0
            ? new TensorSpan<float>(Pointer, 0, lengths)
            : new TensorSpan<float>(Pointer, last + 1, lengths, strides);
    }

    private void Lengths(Span<nint> lengths)
    {
        lengths.Fill(1);
        for (int dim = 0; dim < Rank; dim++)
        {
            lengths[dim] = Shape[dim];
        }
    }
}
