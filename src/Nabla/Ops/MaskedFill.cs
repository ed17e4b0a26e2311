using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns a copy in which the elements that the mask names are <paramref name="value"/>. Backward: <c>dx += dy</c> where the
    /// mask is zero.
    /// </summary>
    /// <param name="mask">Zeros and ones, as comparisons give them; broadcasts to this shape, and has no gradient.</param>
    /// <param name="value">The new value where the mask is not zero.</param>
    /// <exception cref="ShapeException">The mask does not broadcast to this shape.</exception>
    /// <example>
    /// Attention hides the future by <c>scores.MaskedFill(Tensor.Ones(T, T).Triu(1), float.NegativeInfinity)</c>.
    /// </example>
    public Tensor MaskedFill(Tensor mask, float value)
    {
        CheckMask(mask, nameof(MaskedFill));
        Tensor y = new(Shape);
        StridedCopy.Run(this, y, add: false);
        MaskedCopy.Run(mask, Scalar(value), y, where: true, add: false);
        return Records(this) ? y.ProducedBy(new MaskedFillOp(this, mask)) : y;
    }

    /// <summary>Sets the elements that the mask names to <paramref name="value"/> in place.</summary>
    /// <param name="mask">Zeros and ones; broadcasts to this shape.</param>
    /// <param name="value">The new value where the mask is not zero.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The mask does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor MaskedFillInPlace(Tensor mask, float value)
    {
        CheckMask(mask, nameof(MaskedFillInPlace));
        Tensor set = ReadableWhileWriting(mask.Detach(), nameof(MaskedFillInPlace));
        MaskedCopy.Run(set, Scalar(value), this, where: true, add: false);
        Touch();
        return this;
    }

    private void CheckMask(Tensor mask, string operation)
    {
        if (Shape.Broadcast(Shape, mask.Shape, operation) != Shape)
        {
            throw new ShapeException($"{operation}: the mask is {mask.Shape} and does not broadcast into {Shape}.");
        }
    }
}

file sealed class MaskedFillOp(Tensor x, Tensor mask) : Op(x)
{
    private readonly Saved _mask = new(mask.Detach());

    public override void Backward(Tensor dy) => MaskedCopy.Run(_mask.For(this), dy, GradientOf(x), where: false, add: true);
}
