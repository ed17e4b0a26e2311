using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns a view with the dimensions in another order.</summary>
    /// <param name="dims">For each dimension of the result, the dimension of this tensor that it is; -1 is the last.</param>
    /// <exception cref="ShapeException">The dimensions are not each named once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> dims)
    {
        if (dims.Length != Rank)
        {
            throw new ShapeException($"Permute: {dims.Length} dimensions named for a tensor of shape {Shape}; name each of the {Rank} once.");
        }

        Span<int> order = stackalloc int[Rank];
        Span<bool> named = stackalloc bool[Rank];
        for (int dim = 0; dim < Rank; dim++)
        {
            int from = Shape.Dimension(dims[dim], nameof(Permute));
            if (named[from])
            {
                throw new ShapeException($"Permute: dimension {dims[dim]} of {Shape} is named twice.");
            }

            (order[dim], named[from]) = (from, true);
        }

        Tensor y = Reordered(order);
        return Records(this) ? y.ProducedBy(new PermuteOp(this, order)) : y;
    }

    /// <summary>Returns a view with two dimensions exchanged.</summary>
    /// <exception cref="ShapeException">A dimension does not exist.</exception>
    public Tensor Transpose(int first, int second)
    {
        (first, second) = (Shape.Dimension(first, nameof(Transpose)), Shape.Dimension(second, nameof(Transpose)));
        Span<int> order = stackalloc int[Rank];
        for (int dim = 0; dim < Rank; dim++)
        {
            order[dim] = dim == first ? second : dim == second ? first : dim;
        }

        return Permute(order);
    }

    /// <summary>Returns this view, off the tape, with the dimensions in the given order.</summary>
    internal Tensor Reordered(ReadOnlySpan<int> order)
    {
        Span<int> sizes = stackalloc int[Rank];
        Shape.Sizes strides = default;
        for (int dim = 0; dim < Rank; dim++)
        {
            sizes[dim] = Shape[order[dim]];
            strides[dim] = Strides[order[dim]];
        }

        return AliasAs(new Shape(sizes), strides);
    }
}

file sealed class PermuteOp : Op
{
    private readonly Tensor _x;
    private readonly Shape.Sizes _inverse;

    public PermuteOp(Tensor x, ReadOnlySpan<int> order)
        : base(x)
    {
        _x = x;
        for (int dim = 0; dim < order.Length; dim++)
        {
            _inverse[order[dim]] = dim;
        }
    }

    public override void Backward(Tensor dy) => AddGradient(_x, dy.Reordered(((ReadOnlySpan<int>)_inverse)[..dy.Rank]));
}
