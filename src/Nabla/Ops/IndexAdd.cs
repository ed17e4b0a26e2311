using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns this tensor with parts of another added: part i of <paramref name="source"/> along the dimension is added to place
    /// <c>ids[i]</c>, in the order of i. Backward: the gradient passes unchanged to this tensor, and part i of the source gets
    /// that of its place.
    /// </summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="ids">Places in that dimension, a vector.</param>
    /// <param name="source">Of this shape, but of the size of the ids in the dimension.</param>
    /// <exception cref="ShapeException">
    /// There is no such dimension, an id is not in it, or the source has another shape.
    /// </exception>
    public Tensor IndexAdd(int dim, IndexTensor ids, Tensor source)
    {
        dim = Shape.Dimension(dim, nameof(IndexAdd));
        if (ids.Rank != 1 || source.Shape != Shape.With(dim, ids.Count))
        {
            throw new ShapeException(
                $"IndexAdd: {source.Shape} by ids {ids.Shape} into dimension {dim} of {Shape}: the ids must be a vector, and " +
                $"the source of that shape but for dimension {dim}, where it has as many places as there are ids.");
        }

        ids.CheckRange(Shape[dim], nameof(IndexAdd));
        Tensor y = Detach().Clone();
        (int outer, int inner) = Around(dim);
        RowIndexing.ScatterAdd(source.Detach().Contiguous(), ids, y, outer, inner);
        return Records(this, source) ? y.ProducedBy(new IndexAddOp(this, source, dim, ids)) : y;
    }
}

file sealed class IndexAddOp(Tensor x, Tensor source, int dim, IndexTensor ids) : Op(x, source)
{
    private readonly SavedIndex _ids = new(ids);

    public override void Backward(Tensor dy)
    {
        if (source.NeedsGradient)
        {
            Tensor gradient = GradientOf(source, out bool fresh);
            (int outer, int inner) = x.Around(dim);
            RowIndexing.Gather(dy, _ids.For(this), gradient, outer, inner, add: !fresh);
        }

        if (x.NeedsGradient)
        {
            HandOver(x, dy);
        }
    }
}
