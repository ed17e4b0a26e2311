using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns this tensor with one element added for every id: with dim 1 of two, <c>y[i, index[i, j]] += source[i, j]</c>, in
    /// the order of j. Backward: the gradient passes unchanged to this tensor, and each element of the source gets that of its
    /// place.
    /// </summary>
    /// <param name="dim">The dimension the ids are places in; -1 is the last.</param>
    /// <param name="index">
    /// Of as many dimensions as this tensor; in those other than <paramref name="dim"/> no size is larger.
    /// </param>
    /// <param name="source">Of the shape of the index.</param>
    /// <exception cref="ShapeException">There is no such dimension, an id is not in it, or the shapes do not fit.</exception>
    public Tensor ScatterAdd(int dim, IndexTensor index, Tensor source)
    {
        dim = CheckElementIndex(dim, index, nameof(ScatterAdd));
        if (source.Shape != index.Shape)
        {
            throw new ShapeException(
                $"ScatterAdd: the source is {source.Shape}, the index is {index.Shape}; they must be equal.");
        }

        Tensor y = Detach().Clone();
        ElementIndexing.ScatterAdd(source.Detach().Contiguous(), dim, index, y);
        return Records(this, source) ? y.ProducedBy(new ScatterAddOp(this, source, dim, index)) : y;
    }
}

file sealed class ScatterAddOp(Tensor x, Tensor source, int dim, IndexTensor index) : Op(x, source)
{
    private readonly SavedIndex _index = new(index);

    public override void Backward(Tensor dy)
    {
        if (source.NeedsGradient)
        {
            Tensor gradient = GradientOf(source, out bool fresh);
            ElementIndexing.Gather(dy, dim, _index.For(this), gradient, add: !fresh);
        }

        if (x.NeedsGradient)
        {
            HandOver(x, dy);
        }
    }
}
