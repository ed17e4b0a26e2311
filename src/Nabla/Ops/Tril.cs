using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns a copy of each matrix (the last two dimensions) with the elements above a diagonal set to zero. Backward:
    /// <c>dx += dy</c> on and below that diagonal.
    /// </summary>
    /// <param name="diagonal">The last diagonal kept: 0 the main one, positive above it, negative below.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public Tensor Tril(int diagonal = 0) => TriangleOp.Apply(this, diagonal, lower: true, nameof(Tril));
}
