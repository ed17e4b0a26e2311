using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>A loss between each element of a tensor and the element of the target in its place.</summary>
internal static class PairwiseLoss
{
    /// <summary>Computes the losses and reduces them.</summary>
    public static Tensor Apply<TOperator>(Tensor x, Tensor target, LossReduction reduction, string operation)
        where TOperator : unmanaged, IBinaryOperator
    {
        // Broadcasting a target of [N] against [N, 1] would give N * N losses, which nobody ever wanted.
        if (x.Shape != target.Shape)
        {
            throw new ShapeException($"{operation}: the tensor is {x.Shape}, the target {target.Shape}; they must be equal.");
        }

        Tensor losses = BinaryOp<TOperator>.Apply(x, target, operation);
        return reduction switch
        {
            LossReduction.Mean => losses.Mean(),
            LossReduction.Sum => losses.Sum(),
            _ => losses,
        };
    }
}
