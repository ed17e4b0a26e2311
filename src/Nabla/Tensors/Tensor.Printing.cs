using Nabla.Tensors;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the elements as PyTorch prints them, <c>tensor([[0.5406, 0.5869], [0.1657, 0.6496]])</c>, a large tensor without
    /// its middle, and whether it requires a gradient or what computed it.
    /// </summary>
    public override unsafe string ToString()
    {
        float* elements = Pointer;
        string? gradient = Node is not null ? $"grad_fn=<{Node.Operation?.Name ?? "Freed"}Backward>"
            : RequiresGrad ? "requires_grad=True" : null;
        string text = TensorText.Of(Shape, Strides, offset => elements[offset], whole: false, gradient);
        GC.KeepAlive(this);
        return text;
    }
}
