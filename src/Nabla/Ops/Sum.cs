using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Adds up all elements into a scalar. Backward: every element gets the gradient of the sum.</summary>
    public Tensor Sum() => Sum([], keepDim: false);

    /// <summary>Adds up along one dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Sum(int dim, bool keepDim = false) => Sum([dim], keepDim);

    /// <summary>Adds up along several dimensions, all of them where none is named.</summary>
    /// <param name="dims">The dimensions; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    public Tensor Sum(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        Tensor y = AddUp(dims, keepDim, nameof(Sum), out Shape.Sizes spread);
        return Records(this) ? y.ProducedBy(new SumOp(this, spread)) : y;
    }

    /// <summary>Computes a sum off the tape.</summary>
    /// <param name="dims">The dimensions, all of them where none is named.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <param name="operation">The name for messages.</param>
    /// <param name="spread">The strides that read the sum, or its gradient, as a tensor of this shape.</param>
    private Tensor AddUp(ReadOnlySpan<int> dims, bool keepDim, string operation, out Shape.Sizes spread)
    {
        Span<bool> reduced = stackalloc bool[Rank];
        Tensor y = new(ReducedShape(dims, keepDim, operation, reduced));
        Reduction.Sum(this, reduced, y, add: false);
        spread = default;
        int stride = 1;
        for (int dim = Rank - 1; dim >= 0; dim--)
        {
            if (!reduced[dim])
            {
                spread[dim] = stride;
                stride *= Math.Max(Shape[dim], 1);
            }
        }

        return y;
    }

    /// <summary>Marks the named dimensions and returns the shape that is left once they are reduced.</summary>
    internal Shape ReducedShape(ReadOnlySpan<int> dims, bool keepDim, string operation, Span<bool> reduced)
    {
        reduced.Fill(dims.IsEmpty);
        foreach (int named in dims)
        {
            int dim = Shape.Dimension(named, operation);
            if (reduced[dim])
            {
                throw new ShapeException($"{operation}: dimension {named} of {Shape} is named twice.");
            }

            reduced[dim] = true;
        }

        Span<int> sizes = stackalloc int[Rank];
        int rank = 0;
        for (int dim = 0; dim < Rank; dim++)
        {
            if (!reduced[dim])
            {
                sizes[rank++] = Shape[dim];
            }
            else if (keepDim)
            {
                sizes[rank++] = 1;
            }
        }

        return new Shape(sizes[..rank]);
    }
}

file sealed class SumOp(Tensor x, Shape.Sizes spread) : Op(x)
{
    public override void Backward(Tensor dy) => AddGradient(x, dy, spread);
}
