using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Looks up rows: <c>c[ids]</c> takes, for every id, that row of <c>c</c>, so that <c>[V, D]</c> with ids <c>[B, T]</c> gives
    /// <c>[B, T, D]</c>. Backward: the gradient of a row is the sum over the places that took it.
    /// </summary>
    /// <param name="ids">Places in the first dimension, of any shape.</param>
    /// <exception cref="ShapeException">An id is not in the first dimension, or this tensor is a scalar.</exception>
    [IndexerName("At")]
    public Tensor this[IndexTensor ids] => IndexSelect(0, ids);

    /// <summary>
    /// Looks up by pairs: <c>probabilities[IndexTensor.Arange(n), targets]</c> takes element <c>[rows[i], columns[i]]</c> for
    /// every i, of what has more dimensions the whole rest. Backward as for one index.
    /// </summary>
    /// <param name="rows">Places in the first dimension, of any shape.</param>
    /// <param name="columns">Places in the second dimension, of the same shape.</param>
    /// <exception cref="ShapeException">
    /// A place is not in its dimension, the two shapes differ, or there is no second dimension.
    /// </exception>
    [IndexerName("At")]
    public Tensor this[IndexTensor rows, IndexTensor columns]
    {
        get
        {
            if (Rank < 2 || rows.Shape != columns.Shape)
            {
                throw new ShapeException(
                    $"IndexSelect: rows {rows.Shape} and columns {columns.Shape} of {Shape}: the two must be of one shape, and the tensor " +
                    "of two dimensions at least.");
            }

            rows.CheckRange(Shape[0], nameof(IndexSelect));
            columns.CheckRange(Shape[1], nameof(IndexSelect));
            IndexTensor places = new(rows.Shape);
            for (int i = 0; i < places.Count; i++)
            {
                places.Values[i] = (rows.Values[i] * Shape[1]) + columns.Values[i];
            }

            return Flatten(0, 1)[places];
        }
    }

    /// <summary>
    /// Takes places of a dimension, each as often as it is named; the shape of the ids stands in the result where the dimension
    /// stood. Backward: the gradient of a place is the sum over its uses.
    /// </summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="ids">Places in that dimension, of any shape.</param>
    /// <exception cref="ShapeException">There is no such dimension, or an id is not in it.</exception>
    public Tensor IndexSelect(int dim, IndexTensor ids)
    {
        dim = Shape.Dimension(dim, nameof(IndexSelect));
        ids.CheckRange(Shape[dim], nameof(IndexSelect));
        Shape shape = new([.. Shape.AsSpan()[..dim], .. ids.Shape.AsSpan(), .. Shape.AsSpan()[(dim + 1)..]]);
        Tensor y = new(shape);
        if (IsBFloat16)
        {
            LookUpNarrowed(dim, ids, y, Records(this));
            return y;
        }

        (int outer, int inner) = Around(dim);
        RowIndexing.Gather(Detach().Contiguous(), ids, y, outer, inner, add: false);
        return Records(this) ? y.ProducedBy(new IndexSelectOp(this, dim, ids)) : y;
    }

    /// <summary>Returns the number of elements in the dimensions before and after one.</summary>
    internal (int Outer, int Inner) Around(int dim)
    {
        (int outer, int inner) = (1, 1);
        for (int other = 0; other < Rank; other++)
        {
            outer *= other < dim ? Shape[other] : 1;
            inner *= other > dim ? Shape[other] : 1;
        }

        return (outer, inner);
    }
}

file sealed class IndexSelectOp(Tensor x, int dim, IndexTensor ids) : Op(x)
{
    private readonly SavedIndex _ids = new(ids);

    public override void Backward(Tensor dy)
    {
        (int outer, int inner) = x.Around(dim);
        RowIndexing.ScatterAdd(dy, _ids.For(this), GradientOf(x), outer, inner);
    }
}
