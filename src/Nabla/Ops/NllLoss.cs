using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the negative log-likelihood of the right classes, given log-probabilities.</summary>
    /// <param name="targets">
    /// The index of each row's right class, of this tensor's shape without its last dimension: <c>[N]</c> for <c>[N, C]</c>,
    /// <c>[B, T]</c> for <c>[B, T, C]</c>.
    /// </param>
    /// <param name="reduction">What becomes of the losses of the rows; the mean is over the rows not ignored.</param>
    /// <param name="ignoreIndex">The target of rows that have no loss.</param>
    /// <returns>The loss; the mean of no rows is NaN.</returns>
    /// <exception cref="ShapeException">The shape of the targets does not fit, or one is not a class.</exception>
    /// <remarks>Forward: <c>-x[target]</c>. Backward: <c>dx[target] -= dy</c>.</remarks>
    public unsafe Tensor NllLoss(IndexTensor targets, LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100)
    {
        ClassLoss.Check(this, targets, ignoreIndex, nameof(NllLoss));
        Tensor x = Contiguous();
        Tensor losses = new(targets.Shape);
        ParallelFor.Run(targets.Count, 1, new TakeNegative(x.Pointer, targets.Pointer, losses.Pointer, Shape[-1], ignoreIndex));
        GC.KeepAlive(x);
        Tensor y = ClassLoss.Reduce(losses, targets, ignoreIndex, reduction);
        return Records(x) ? y.ProducedBy(new NllLossOp(x, targets, reduction, ignoreIndex)) : y;
    }
}

file sealed unsafe class NllLossOp(Tensor x, IndexTensor targets, LossReduction reduction, int ignoreIndex) : Op(x)
{
    private readonly SavedIndex _targets = new(targets);

    public override void Backward(Tensor dy)
    {
        IndexTensor saved = _targets.For(this);
        float divisor = RowWeights.Divisor(saved, ignoreIndex, reduction);
        RowWeights weights = new(dy.Pointer, saved.Pointer, ignoreIndex, reduction, divisor);
        AddNegative body = new(weights, saved.Pointer, GradientOf(x).Pointer, x.Shape[-1], ignoreIndex);
        ParallelFor.Run(saved.Count, 1, body);
    }
}

file readonly unsafe struct TakeNegative(float* x, int* targets, float* losses, int classes, int ignoreIndex) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            losses[row] = targets[row] == ignoreIndex ? 0 : -x[((nint)row * classes) + targets[row]];
        }
    }
}

file readonly unsafe struct AddNegative(RowWeights weights, int* targets, float* dx, int classes, int ignoreIndex) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            if (targets[row] != ignoreIndex)
            {
                dx[((nint)row * classes) + targets[row]] -= weights[row];
            }
        }
    }
}
