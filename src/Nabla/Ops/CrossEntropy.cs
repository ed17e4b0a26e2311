using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns the cross-entropy of logits against the right classes: softmax and negative log-likelihood in one.</summary>
    /// <param name="targets">
    /// The index of each row's right class, of this tensor's shape without its last dimension: <c>[N]</c> for <c>[N, C]</c>,
    /// <c>[B, T]</c> for <c>[B, T, C]</c>.
    /// </param>
    /// <param name="reduction">What becomes of the losses of the rows; the mean is over the rows not ignored.</param>
    /// <param name="ignoreIndex">The target of rows that have no loss.</param>
    /// <param name="labelSmoothing">
    /// From 0 to 1: this much of each target's probability is spread evenly over all classes (Szegedy et al. 2015,
    /// "Rethinking the Inception Architecture for Computer Vision", section 7).
    /// </param>
    /// <returns>The loss in nats; the mean of no rows is NaN.</returns>
    /// <exception cref="ShapeException">The shape of the targets does not fit, or one is not a class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label smoothing is not from 0 to 1.</exception>
    /// <remarks>
    /// Forward: <c>log(sum(exp(x))) - x[target]</c>. Backward: <c>dx += (softmax(x) - onehot(target)) dy</c>. Of the softmax
    /// only two numbers per row are kept: its maximum and its sum.
    /// </remarks>
    public unsafe Tensor CrossEntropy(
        IndexTensor targets, LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100, float labelSmoothing = 0)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(labelSmoothing), labelSmoothing, "CrossEntropy: the label smoothing must be from 0 to 1.");
        }

        ClassLoss.Check(this, targets, ignoreIndex, nameof(CrossEntropy));
        Tensor x = Contiguous();
        Tensor losses = new(targets.Shape);
        Tensor sums = new(new Shape(targets.Count, 2));
        CrossEntropyOfRows body = new(
            x.Pointer, targets.Pointer, losses.Pointer, sums.Pointer, Shape[-1], ignoreIndex, labelSmoothing);
        ParallelFor.Run(targets.Count, 8L * Shape[-1], body);
        GC.KeepAlive(x);
        Tensor y = ClassLoss.Reduce(losses, targets, ignoreIndex, reduction);
        return Records(x) ? y.ProducedBy(new CrossEntropyOp(x, targets, sums, reduction, ignoreIndex, labelSmoothing)) : y;
    }
}

file sealed unsafe class CrossEntropyOp(
    Tensor x, IndexTensor targets, Tensor sums, LossReduction reduction, int ignoreIndex, float smoothing) : Op(x)
{
    private readonly Saved _x = new(x);
    private readonly SavedIndex _targets = new(targets);

    public override void Backward(Tensor dy)
    {
        (Tensor logits, IndexTensor saved) = (_x.For(this), _targets.For(this));
        int classes = logits.Shape[-1];
        float divisor = RowWeights.Divisor(saved, ignoreIndex, reduction);
        RowWeights weights = new(dy.Pointer, saved.Pointer, ignoreIndex, reduction, divisor);
        Tensor dx = GradientOf(x, out bool fresh);
        CrossEntropyGradient body = new(
            logits.Pointer, saved.Pointer, sums.Pointer, weights, dx.Pointer, classes, ignoreIndex, smoothing, !fresh);
        ParallelFor.Run(saved.Count * body.BlocksPerRow, 8L * Math.Min(classes, CrossEntropyGradient.BlockSize), body);
    }
}

file readonly unsafe struct CrossEntropyOfRows(
    float* x, int* targets, float* losses, float* sums, int classes, int ignoreIndex, float smoothing) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            if (targets[row] == ignoreIndex)
            {
                losses[row] = 0;
                continue;
            }

            float* logits = x + ((nint)row * classes);
            float max = Rows.Max(logits, classes);
            float sum = Rows.ExpSum(logits, classes, max);
            (sums[2 * row], sums[(2 * row) + 1]) = (max, sum);

            // Differences from the maximum, not the logits themselves, whose digits would hide those of the logarithm.
            float logSum = VectorMath.Log(V1.Broadcast(sum)).Lane;
            float loss = logSum - (logits[targets[row]] - max);
            if (smoothing != 0)
            {
                float mean = Rows.Sum(new Shifted(logits, max), classes) / classes;
                loss = ((1 - smoothing) * loss) + (smoothing * (logSum - mean));
            }

            losses[row] = loss;
        }
    }
}

// Items are blocks of columns, so that a few rows of many classes still keep all threads busy.
file readonly unsafe struct CrossEntropyGradient(
    float* x, int* targets, float* sums, RowWeights weights, float* dx, int classes, int ignoreIndex, float smoothing, bool add)
    : IParallelBody
{
    public const int BlockSize = 8192;

    public int BlocksPerRow => (classes + BlockSize - 1) / BlockSize;

    public void Run(int start, int end)
    {
        for (int item = start; item < end; item++)
        {
            (int row, int block) = Math.DivRem(item, BlocksPerRow);
            int first = block * BlockSize;
            int count = Math.Min(BlockSize, classes - first);
            nint offset = ((nint)row * classes) + first;
            if (targets[row] == ignoreIndex)
            {
                if (!add)
                {
                    Rows.Fill(dx + offset, count, 0);
                }

                continue;
            }

            float weight = weights[row];
            (float max, float sum) = (sums[2 * row], sums[(2 * row) + 1]);
            Rows.Write(dx + offset, new LogitGradients(x + offset, max, weight / sum, -weight * smoothing / classes), count, add);
            int target = targets[row] - first;
            if ((uint)target < (uint)count)
            {
                dx[offset + target] -= (1 - smoothing) * weight;
            }
        }
    }
}

file readonly unsafe struct Shifted(float* x, float max) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.Load(x + index) - V.Broadcast(max);
}

/// <summary>The gradients of a row's logits but for the target's own part: <c>factor exp(x - max) + shift</c>.</summary>
internal readonly unsafe struct LogitGradients(float* x, float max, float factor, float shift) : IRowElements
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V>(int index)
        where V : unmanaged, IVector<V>
        => V.MultiplyAdd(VectorMath.Exp(V.Load(x + index) - V.Broadcast(max)), V.Broadcast(factor), V.Broadcast(shift));
}
