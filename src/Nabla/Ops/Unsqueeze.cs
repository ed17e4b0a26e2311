using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns a view with a new dimension of size 1.</summary>
    /// <param name="dim">Where it stands in the result; -1 puts it last.</param>
    /// <exception cref="ShapeException">The result has no such dimension, or more than <see cref="Shape.MaxRank"/>.</exception>
    public Tensor Unsqueeze(int dim)
    {
        int place = dim < 0 ? dim + Rank + 1 : dim;
        if (place < 0 || place > Rank)
        {
            throw new ShapeException(
                $"Unsqueeze: {dim} is no place for a new dimension in {Shape}; it must be from {-Rank - 1} to {Rank}.");
        }

        if (Rank == Shape.MaxRank)
        {
            throw new ShapeException($"Unsqueeze: {Shape} has {Rank} dimensions already, the most there can be.");
        }

        Shape.Sizes strides = default;
        strides[place] = 1;
        for (int old = 0; old < Rank; old++)
        {
            strides[old < place ? old : old + 1] = Strides[old];
        }

        Tensor y = AliasAs(Shape.Insert(place, 1), strides);
        return Records(this) ? y.ProducedBy(new UnsqueezeOp(this)) : y;
    }
}

file sealed class UnsqueezeOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy) => HandOver(x, dy);
}
