using Nabla.Kernels;

namespace Nabla.Ops;

/// <summary>What the losses of classification share: a row of numbers per class against the index of the right class.</summary>
internal static unsafe class ClassLoss
{
    /// <summary>Throws unless there is one target for each row of x, which is a class or the ignored index.</summary>
    /// <param name="x">Numbers per class: the classes are the last dimension.</param>
    /// <param name="targets">Of the shape of x without its last dimension.</param>
    /// <param name="ignoreIndex">The target of rows without loss.</param>
    /// <param name="operation">The operation for messages.</param>
    public static void Check(Tensor x, IndexTensor targets, int ignoreIndex, string operation)
    {
        if (x.Rank == 0 || targets.Shape != x.Shape.Without(x.Rank - 1))
        {
            throw new ShapeException(
                $"{operation}: the tensor is {x.Shape}, the targets {targets.Shape}; the targets must have the tensor's shape " +
                "without the last dimension, which is the classes.");
        }

        targets.CheckRange(x.Shape[-1], operation, ignoreIndex);
    }

    /// <summary>Returns the losses of the rows as they are, their sum, or their mean over the rows not ignored.</summary>
    public static Tensor Reduce(Tensor losses, IndexTensor targets, int ignoreIndex, LossReduction reduction)
    {
        if (reduction == LossReduction.None)
        {
            return losses;
        }

        Tensor y = new(default);
        ReduceRows body = new(losses.Pointer, targets.Pointer, y.Pointer, losses.Count, ignoreIndex, reduction == LossReduction.Mean);
        ParallelFor.Run(1, losses.Count, body);
        GC.KeepAlive(losses);
        GC.KeepAlive(targets);
        return y;
    }
}

/// <summary>What each row's loss weighs in the gradient, given the gradient of the reduced loss.</summary>
internal readonly unsafe struct RowWeights(float* dy, int* targets, int ignoreIndex, LossReduction reduction, float divisor)
{
    /// <summary>Returns the divisor that makes the sum of the losses what the reduction asks for.</summary>
    public static float Divisor(IndexTensor targets, int ignoreIndex, LossReduction reduction)
    {
        if (reduction != LossReduction.Mean)
        {
            return 1;
        }

        int ignored = new ReadOnlySpan<int>(targets.Pointer, targets.Count).Count(ignoreIndex);
        GC.KeepAlive(targets);
        return targets.Count - ignored;
    }

    /// <summary>Returns the gradient of one row's loss: 0 where the row is ignored.</summary>
    public float this[int row] => targets[row] == ignoreIndex ? 0 : dy[reduction == LossReduction.None ? row : 0] / divisor;
}

file readonly unsafe struct ReduceRows(float* losses, int* targets, float* y, int count, int ignoreIndex, bool mean) : IParallelBody
{
    // One after the other in double precision: a row's loss costs far more than adding it.
    public void Run(int start, int end)
    {
        double sum = 0;
        int counted = 0;
        for (int row = 0; row < count; row++)
        {
            if (targets[row] != ignoreIndex)
            {
                sum += losses[row];
                counted++;
            }
        }

        *y = (float)(mean ? sum / counted : sum);
    }
}
