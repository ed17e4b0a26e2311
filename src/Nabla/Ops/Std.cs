using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the standard deviation of all elements, a scalar.</summary>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    public Tensor Std(bool unbiased = true) => Std([], unbiased);

    /// <summary>Returns the standard deviation along one dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Std(int dim, bool unbiased = true, bool keepDim = false) => Std([dim], unbiased, keepDim);

    /// <summary>Returns the standard deviation along several dimensions, all of them where none is named.</summary>
    /// <param name="dims">The dimensions; -1 is the last.</param>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <returns>The root of <see cref="Var(ReadOnlySpan{int}, bool, bool)"/>; NaN where the divisor is 0.</returns>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    /// <remarks>Backward: <c>dx += (x - mean) dy / ((n - 1) y)</c>, and nothing where y is 0. x and y are kept.</remarks>
    public Tensor Std(ReadOnlySpan<int> dims, bool unbiased = true, bool keepDim = false)
        => SpreadOp.Apply(this, dims, unbiased, keepDim, root: true, nameof(Std));
}
