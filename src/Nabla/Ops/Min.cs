using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the smallest element as a scalar: NaN if any is NaN.</summary>
    /// <exception cref="ShapeException">There are no elements.</exception>
    /// <remarks>Backward: the gradient is shared evenly among all elements that are the smallest.</remarks>
    public Tensor Min() => WholeExtremeOp.Apply(this, largest: false, nameof(Min));

    /// <summary>Returns the smallest elements along a dimension, and where they are.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <returns>The values, and the index along the dimension of the first of the smallest.</returns>
    /// <exception cref="ShapeException">There is no such dimension, or it is empty.</exception>
    /// <remarks>Backward: the gradient goes to the element that was returned.</remarks>
    public (Tensor Values, IndexTensor Indices) Min(int dim, bool keepDim = false)
        => ExtremeOp.Apply(this, dim, keepDim, largest: false, nameof(Min));
}
