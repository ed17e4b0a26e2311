using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Takes one element for every id: with dim 1 of two, <c>y[i, j] = x[i, index[i, j]]</c>. Backward: the gradient is added to
    /// the element that was taken.
    /// </summary>
    /// <param name="dim">The dimension the ids are places in; -1 is the last.</param>
    /// <param name="index">
    /// Of as many dimensions as this tensor; in those other than <paramref name="dim"/> no size is larger.
    /// </param>
    /// <returns>A tensor of the shape of the index.</returns>
    /// <exception cref="ShapeException">There is no such dimension, an id is not in it, or the shapes do not fit.</exception>
    public Tensor Gather(int dim, IndexTensor index)
    {
        dim = CheckElementIndex(dim, index, nameof(Gather));
        Tensor y = new(index.Shape);
        ElementIndexing.Gather(this, dim, index, y, add: false);
        return Records(this) ? y.ProducedBy(new GatherOp(this, dim, index)) : y;
    }

    /// <summary>Checks an index with one id for each element that is taken of this tensor, or added to it.</summary>
    private int CheckElementIndex(int dim, IndexTensor index, string operation)
    {
        dim = Shape.Dimension(dim, operation);
        bool fits = index.Rank == Rank;
        for (int other = 0; other < Rank && fits; other++)
        {
            fits = other == dim || index.Shape[other] <= Shape[other];
        }

        if (!fits)
        {
            throw new ShapeException(
                $"{operation}: index {index.Shape} along dimension {dim} of {Shape}: the index must have as many dimensions, " +
                $"and in those other than {dim} no larger sizes.");
        }

        index.CheckRange(Shape[dim], operation);
        return dim;
    }
}

file sealed class GatherOp(Tensor x, int dim, IndexTensor index) : Op(x)
{
    private readonly SavedIndex _index = new(index);

    public override void Backward(Tensor dy) => ElementIndexing.ScatterAdd(dy, dim, _index.For(this), GradientOf(x));
}
