using Nabla.Autograd;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns a view in which dimensions of size 1 are repeated, without copying. Backward: the gradients of the repetitions
    /// are added up.
    /// </summary>
    /// <param name="sizes">The new sizes, aligned at the last dimension; -1 keeps a size.</param>
    /// <exception cref="ShapeException">A size that is not 1 would change, or there are fewer sizes than dimensions.</exception>
    public Tensor Expand(params ReadOnlySpan<int> sizes)
    {
        int added = sizes.Length - Rank;
        Span<int> expanded = stackalloc int[sizes.Length];
        bool fits = added >= 0;
        for (int dim = 0; dim < sizes.Length && fits; dim++)
        {
            int own = dim < added ? 1 : Shape[dim - added];
            expanded[dim] = sizes[dim] == -1 && dim >= added ? own : sizes[dim];
            fits = expanded[dim] >= 0 && (own == 1 || own == expanded[dim]);
        }

        if (!fits)
        {
            throw new ShapeException(
                $"Expand: {Shape} does not expand to [{string.Join(", ", sizes.ToArray())}]: counted from the last dimension, " +
                "sizes must be equal, or 1 before, or -1 after.");
        }

        Shape shape = new(expanded);
        Tensor y = AliasAs(shape, Broadcasting.Strides(this, shape));
        return Records(this) ? y.ProducedBy(new ExpandOp(this)) : y;
    }

    /// <summary>Returns this tensor as a view of a larger shape, its dimensions of size 1 repeated.</summary>
    /// <exception cref="ShapeException">The tensor does not broadcast to the shape.</exception>
    public Tensor BroadcastTo(Shape shape) => Expand(shape.AsSpan());
}

file sealed class ExpandOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy) => Broadcasting.AddSum(dy, x);
}
