using Nabla.Tensors;

namespace Nabla;

public sealed partial class IndexTensor
{
    /// <summary>
    /// Returns the elements as PyTorch prints them, <c>tensor([5, 13, 1])</c>, a large tensor without its middle.
    /// </summary>
    public override unsafe string ToString()
    {
        int* elements = Pointer;
        string text = TensorText.Of(Shape, Shape.RowMajorStrides(), offset => elements[offset], whole: true);
        GC.KeepAlive(this);
        return text;
    }
}
