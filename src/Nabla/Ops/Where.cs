using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Takes each element from <paramref name="a"/> where the condition is not zero, else from <paramref name="b"/>, all three
    /// broadcasting. Backward: <c>da += dy</c> where the condition is not zero, <c>db += dy</c> where it is.
    /// </summary>
    /// <param name="condition">Zeros and ones, as comparisons give them; it has no gradient.</param>
    /// <param name="a">The elements where the condition holds.</param>
    /// <param name="b">The elements where it does not.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        Shape pair = Shape.Broadcast(a.Shape, b.Shape, nameof(Where));
        Tensor y = new(Shape.Broadcast(condition.Shape, pair, nameof(Where)));
        Broadcasting.Copy(b, y);
        GC.KeepAlive(b);
        MaskedCopy.Run(condition, a, y, where: true, add: false);
        return Records(a, b) ? y.ProducedBy(new WhereOp(condition, a, b)) : y;
    }
}

file sealed class WhereOp(Tensor condition, Tensor a, Tensor b) : Op(a, b)
{
    private readonly Saved _condition = new(condition.Detach());

    public override void Backward(Tensor dy)
    {
        Add(a, where: true, dy);
        Add(b, where: false, dy);
    }

    private void Add(Tensor x, bool where, Tensor dy)
    {
        if (!x.NeedsGradient)
        {
            return;
        }

        if (x.Shape == dy.Shape)
        {
            MaskedCopy.Run(_condition.For(this), dy, GradientOf(x), where, add: true);
        }
        else
        {
            Tensor dx = Tensor.Zeros(dy.Shape);
            MaskedCopy.Run(_condition.For(this), dy, dx, where, add: false);
            Broadcasting.AddSum(dx, x);
        }
    }
}
