using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns a view without the dimensions of size 1.</summary>
    public Tensor Squeeze()
    {
        Tensor y = this;
        for (int dim = Rank - 1; dim >= 0; dim--)
        {
            y = Shape[dim] == 1 ? y.Squeeze(dim) : y;
        }

        return y;
    }

    /// <summary>Returns a view without a dimension of size 1; a dimension of another size stays.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Squeeze(int dim)
    {
        dim = Shape.Dimension(dim, nameof(Squeeze));
        if (Shape[dim] != 1)
        {
            return this;
        }

        Shape.Sizes strides = default;
        for (int kept = 0; kept < Rank - 1; kept++)
        {
            strides[kept] = Strides[kept < dim ? kept : kept + 1];
        }

        Tensor y = AliasAs(Shape.Without(dim), strides);
        return Records(this) ? y.ProducedBy(new SqueezeOp(this)) : y;
    }
}

file sealed class SqueezeOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy) => HandOver(x, dy);
}
