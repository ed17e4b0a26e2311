using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the variance of all elements, a scalar.</summary>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    public Tensor Var(bool unbiased = true) => Var([], unbiased);

    /// <summary>Returns the variance along one dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Var(int dim, bool unbiased = true, bool keepDim = false) => Var([dim], unbiased, keepDim);

    /// <summary>Returns the variance along several dimensions, all of them where none is named.</summary>
    /// <param name="dims">The dimensions; -1 is the last.</param>
    /// <param name="unbiased">Whether to divide by n - 1, for a sample, or by n.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <returns>The variances; NaN where the divisor is 0.</returns>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    /// <remarks>
    /// Forward: the mean first, then <c>y = sum((x - mean)^2) / (n - 1)</c>, so that a large mean costs no precision.
    /// Backward: <c>dx += 2 (x - mean) dy / (n - 1)</c>. Only x is kept.
    /// </remarks>
    public Tensor Var(ReadOnlySpan<int> dims, bool unbiased = true, bool keepDim = false)
        => SpreadOp.Apply(this, dims, unbiased, keepDim, root: false, nameof(Var));
}
