using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Joins tensors along a dimension that they have. Backward: each gets its part of the gradient.</summary>
    /// <param name="tensors">At least one tensor; all sizes but those of <paramref name="dim"/> are equal.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no tensor, no such dimension, or another size differs.</exception>
    public static Tensor Cat(ReadOnlySpan<Tensor> tensors, int dim = 0)
    {
        Joining joining = new(nameof(Cat));
        foreach (Tensor tensor in tensors)
        {
            joining.Add(tensor.Shape, dim);
        }

        Tensor y = new(joining.Result);
        bool records = false;
        int start = 0;
        foreach (Tensor tensor in tensors)
        {
            int size = tensor.Shape[joining.Dim];
            StridedCopy.Run(tensor, new Selection(y.Shape, joining.Dim, start, size, 1).Of(y), add: false);
            start += size;
            records |= Records(tensor);
        }

        return records ? y.ProducedBy(new CatOp(tensors.ToArray(), joining.Dim)) : y;
    }

    /// <summary>Joins tensors of one shape along a new dimension: <c>[C]</c> and <c>[C]</c> to <c>[2, C]</c>.</summary>
    /// <param name="tensors">At least one tensor.</param>
    /// <param name="dim">Where the new dimension stands in the result; -1 puts it last.</param>
    /// <exception cref="ShapeException">There is no tensor, the shapes differ, or the result has no such dimension.</exception>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int dim = 0)
    {
        Tensor[] rows = new Tensor[tensors.Length];
        for (int index = 0; index < rows.Length; index++)
        {
            if (tensors[index].Shape != tensors[0].Shape)
            {
                throw new ShapeException(
                    $"Stack: tensor {index} is {tensors[index].Shape}, and tensor 0 is {tensors[0].Shape}; they must be equal.");
            }

            rows[index] = tensors[index].Unsqueeze(dim);
        }

        return rows.Length > 0 ? Cat(rows, dim) : throw new ShapeException("Stack: no tensor is given; at least one is needed.");
    }
}

file sealed class CatOp(Tensor[] tensors, int dim) : Op(tensors[0])
{
    public override int InputCount => tensors.Length;

    public override Tensor? Input(int index) => tensors[index];

    public override void Backward(Tensor dy)
    {
        int start = 0;
        foreach (Tensor tensor in tensors)
        {
            int size = tensor.Shape[dim];
            if (tensor.NeedsGradient)
            {
                AddGradient(tensor, new Selection(dy.Shape, dim, start, size, 1).Of(dy));
            }

            start += size;
        }
    }
}
