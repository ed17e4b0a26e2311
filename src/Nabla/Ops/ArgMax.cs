using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns where the largest element is, counted in row-major order: a scalar, the first of several.</summary>
    /// <exception cref="ShapeException">There are no elements.</exception>
    public IndexTensor ArgMax() => Extremes.FindInAll(this, largest: true, nameof(ArgMax));

    /// <summary>Returns where along a dimension the largest elements are, the first of several.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or it is empty.</exception>
    public IndexTensor ArgMax(int dim, bool keepDim = false)
        => Extremes.Find(Detach(), dim, keepDim, largest: true, nameof(ArgMax), out _, out _);
}
