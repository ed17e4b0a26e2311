using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns every element, held between two bounds. Backward: <c>dx += dy</c> where x is within them, the bounds included.
    /// </summary>
    /// <param name="min">The lower bound; none by default.</param>
    /// <param name="max">The upper bound; none by default.</param>
    /// <exception cref="ArgumentException">The bounds are the wrong way round, or NaN.</exception>
    public Tensor Clamp(float min = float.NegativeInfinity, float max = float.PositiveInfinity)
        => UnaryOp<ClampOperator>.Apply(this, ClampOperator.Between(min, max, nameof(Clamp)));

    /// <summary>Holds every element between two bounds in place.</summary>
    /// <param name="min">The lower bound; none by default.</param>
    /// <param name="max">The upper bound; none by default.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="ArgumentException">The bounds are the wrong way round, or NaN.</exception>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor ClampInPlace(float min = float.NegativeInfinity, float max = float.PositiveInfinity)
        => UnaryOp<ClampOperator>.ApplyInPlace(this, nameof(ClampInPlace), ClampOperator.Between(min, max, nameof(ClampInPlace)));
}

internal readonly struct ClampOperator(float min, float max) : IUnaryOperator
{
    public static GradientReads Reads => GradientReads.Input;

    public V Forward<V>(V x)
        where V : unmanaged, IVector<V>
        => V.Min(V.Max(x, V.Broadcast(min)), V.Broadcast(max));

    public V Gradient<V>(V x, V y, V dy)
        where V : unmanaged, IVector<V>
    {
        V inside = V.IfLess(V.Broadcast(max), x, V.Broadcast(0), dy);
        return V.IfLess(x, V.Broadcast(min), V.Broadcast(0), inside);
    }

    public static ClampOperator Between(float min, float max, string operation) => min <= max
        ? new(min, max)
        : throw new ArgumentException(FormattableString.Invariant(
            $"{operation}: the lower bound {min} must not be above the upper bound {max}, and neither may be NaN."));
}
