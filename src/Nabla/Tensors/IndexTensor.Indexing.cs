using System.Runtime.CompilerServices;
using Nabla.Ops;

namespace Nabla;

/// <content>
/// Parts and joins, all copies. They move the numbers as the bits of floats, so that what moves tensors serves here, too.
/// </content>
public sealed partial class IndexTensor
{
    /// <summary>
    /// Gets a copy of a part of the tensor, or overwrites it, by an index for each dimension from the first on:
    /// <c>ids[.., 1..]</c>.
    /// </summary>
    /// <param name="indices">
    /// A number (-1 or <c>^1</c> is the last place) drops its dimension, a range keeps it, and dimensions without an index stay
    /// whole.
    /// </param>
    /// <exception cref="ShapeException">
    /// There are more indices than dimensions, one lies outside its dimension, or what is written does not broadcast to the part.
    /// </exception>
    [IndexerName("At")]
    public IndexTensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get => Of(new Selection(Shape, indices, "Slice").Of(Bits).Clone());
        set => Bits[indices] = value.Bits;
    }

    /// <summary>Looks up rows: a copy of row <c>ids[i]</c> of this tensor for every i, as <see cref="Tensor"/> does.</summary>
    /// <param name="ids">Places in the first dimension, of any shape.</param>
    /// <exception cref="ShapeException">An id is not in the first dimension, or this tensor is a scalar.</exception>
    [IndexerName("At")]
    public IndexTensor this[IndexTensor ids] => Of(Bits[ids]);

    /// <summary>Gets the numbers' bits as floats, sharing memory.</summary>
    private Tensor Bits => new(_storage, 0, Shape, Shape.RowMajorStrides());

    /// <summary>Joins tensors along a dimension that they have.</summary>
    /// <param name="tensors">At least one tensor; all sizes but those of <paramref name="dim"/> are equal.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no tensor, no such dimension, or another size differs.</exception>
    public static IndexTensor Cat(ReadOnlySpan<IndexTensor> tensors, int dim = 0) => Of(Tensor.Cat(BitsOf(tensors), dim));

    /// <summary>Joins tensors of one shape along a new dimension.</summary>
    /// <param name="tensors">At least one tensor.</param>
    /// <param name="dim">Where the new dimension stands in the result; -1 puts it last.</param>
    /// <exception cref="ShapeException">There is no tensor, the shapes differ, or the result has no such dimension.</exception>
    public static IndexTensor Stack(ReadOnlySpan<IndexTensor> tensors, int dim = 0)
        => Of(Tensor.Stack(BitsOf(tensors), dim));

    private static Tensor[] BitsOf(ReadOnlySpan<IndexTensor> tensors)
    {
        Tensor[] bits = new Tensor[tensors.Length];
        for (int index = 0; index < bits.Length; index++)
        {
            bits[index] = tensors[index].Bits;
        }

        return bits;
    }

    private static IndexTensor Of(Tensor newBits) => new(newBits.Storage, newBits.Shape);
}
