using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns a contiguous copy, through which gradients flow.</summary>
    public Tensor Clone()
    {
        Tensor y = new(Shape);
        StridedCopy.Run(this, y, add: false);
        return Records(this) ? y.ProducedBy(new CloneOp(this)) : y;
    }
}

file sealed class CloneOp(Tensor x) : Op(x)
{
    public override void Backward(Tensor dy) => HandOver(x, dy);
}
