using Nabla.Autograd;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Averages all elements into a scalar: NaN where there are none. Backward: <c>dx += dy / n</c>.</summary>
    public Tensor Mean() => Mean([], keepDim: false);

    /// <summary>Averages along one dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimension stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Mean(int dim, bool keepDim = false) => Mean([dim], keepDim);

    /// <summary>Averages along several dimensions, all of them where none is named.</summary>
    /// <param name="dims">The dimensions; -1 is the last.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    public Tensor Mean(ReadOnlySpan<int> dims, bool keepDim = false)
    {
        Tensor y = AddUp(dims, keepDim, nameof(Mean), out Shape.Sizes spread);
        int count = y.Count == 0 ? 1 : Count / y.Count;
        y.DivInPlace(count);
        return Records(this) ? y.ProducedBy(new MeanOp(this, spread, count)) : y;
    }
}

file sealed class MeanOp(Tensor x, Shape.Sizes spread, int count) : Op(x)
{
    public override void Backward(Tensor dy) => AddGradient(x, dy.DivInPlace(count), spread);
}
