using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Returns the mean cross-entropy of the logits <c>x W^T</c> against the right classes, without ever holding all logits: they are
    /// made for a block of rows at a time. The same number as <c>x.Linear(weight).CrossEntropy(targets)</c> but for rounding.
    /// </summary>
    /// <param name="weight">[C, D]: a row for each class.</param>
    /// <param name="targets">The index of each row's right class: <c>[N]</c> for this tensor's <c>[N, D]</c>, <c>[B, T]</c> for <c>[B, T, D]</c>.</param>
    /// <param name="ignoreIndex">The target of rows that have no loss.</param>
    /// <returns>The loss in nats; the mean of no rows is NaN.</returns>
    /// <remarks>
    /// With g the gradient of the logits (see <see cref="CrossEntropy"/>), backward is <c>dx += g W</c> and <c>dW += g^T x</c>. Where
    /// the operation is recorded both are computed along with the loss, while a block's g is there, and backward only scales them;
    /// dW lies in the memory of the weight's gradient, if that holds none at the time. If it does, backward makes the blocks again.
    /// </remarks>
    /// <exception cref="ShapeException">The sizes or the shape of the targets do not fit, or one is not a class.</exception>
    public Tensor LinearCrossEntropy(Tensor weight, IndexTensor targets, int ignoreIndex = -100)
        => LinearCrossEntropy(weight, targets, ignoreIndex, LinearLoss.MaxLogits);

    internal Tensor LinearCrossEntropy(Tensor weight, IndexTensor targets, int ignoreIndex, int maxLogits)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(targets);
        if (Rank == 0 || weight.Rank != 2 || Shape[-1] != weight.Shape[1])
        {
            throw new ShapeException(
                $"LinearCrossEntropy: {Shape} with weight {weight.Shape}: the weight must be [classes, in], and in the last dimension of the input.");
        }

        if (targets.Shape != Shape.Without(Rank - 1))
        {
            throw new ShapeException(
                $"LinearCrossEntropy: the input is {Shape}, the targets {targets.Shape}; the targets must have the input's shape " +
                "without the last dimension.");
        }

        targets.CheckRange(weight.Shape[0], nameof(LinearCrossEntropy), ignoreIndex);
        Tensor losses = new(targets.Shape);
        LinearLoss work = new(Contiguous(), weight, targets, ignoreIndex, maxLogits);
        LinearCrossEntropyOp? operation = Records(this, weight) ? new(this, weight, work) : null;
        if (operation is null)
        {
            work.Run(losses, null, null, 1);
        }
        else
        {
            operation.RunAhead(losses);
        }

        Tensor y = ClassLoss.Reduce(losses, targets, ignoreIndex, LossReduction.Mean);
        return operation is null ? y : y.ProducedBy(operation);
    }
}

file sealed unsafe class LinearCrossEntropyOp(Tensor x, Tensor weight, LinearLoss work) : Op(x, weight)
{
    private readonly Saved _input = new(work.Input);
    private readonly Saved _weight = new(weight);
    private readonly SavedIndex _targets = new(work.Targets);
    private Tensor? _dx;

    /// <summary>Computes the losses and, where there is a place for it, the gradients of their mean.</summary>
    public void RunAhead(Tensor losses)
    {
        Tensor? dweight = weight.BorrowGradient(this);
        bool ahead = dweight is not null || !weight.NeedsGradient;
        _dx = ahead && x.NeedsGradient ? new Tensor(x.Shape) : null;
        work.Run(losses, _dx is null ? null : new(_dx, false), dweight is null ? null : new(dweight, false), 1);
    }

    public override void Backward(Tensor dy)
    {
        (Tensor? dx, float scale) = (_dx, *dy.Pointer);
        _dx = null;
        bool isWeightDone = !weight.NeedsGradient || weight.TakeBorrowedGradient(this);
        bool isInputDone = !x.NeedsGradient || dx is not null;
        if (isWeightDone && weight.NeedsGradient)
        {
            Scale(weight.Grad!, scale);
        }

        if (dx is not null)
        {
            Scale(dx, scale);
            HandOver(x, dx);
        }

        if (!isWeightDone || !isInputDone)
        {
            _ = (_input.For(this), _weight.For(this), _targets.For(this));
            work.Run(null, isInputDone ? null : TargetOf(x), isWeightDone ? null : TargetOf(weight), scale);
        }
    }

    private static LinearLoss.Target TargetOf(Tensor x) => new(GradientOf(x, out bool fresh), !fresh);

    private static void Scale(Tensor x, float factor)
    {
        if (factor != 1)
        {
            ParallelFor.Run(x.Count, 1, new ScaleKernel(x.Pointer, factor));
        }
    }
}

/// <summary>The losses of rows through a linear layer, and their gradients, a block of rows at a time.</summary>
file sealed unsafe class LinearLoss(Tensor input, Tensor weight, IndexTensor targets, int ignoreIndex, int maxLogits)
{
    /// <summary>The most logits at once, 64 MB: blocks of some hundred rows keep the products efficient.</summary>
    public const int MaxLogits = 1 << 24;

    public Tensor Input => input;

    public IndexTensor Targets => targets;

    /// <summary>Computes losses, gradients or both, block after block in order.</summary>
    /// <param name="losses">Where the loss of each row is written; null for nowhere.</param>
    /// <param name="dx">Where the gradient of the input goes.</param>
    /// <param name="dweight">Where the gradient of the weight goes.</param>
    /// <param name="scale">The gradient of the mean.</param>
    public void Run(Tensor? losses, Target? dx, Target? dweight, float scale)
    {
        (int rows, int classes) = (targets.Count, weight.Shape[0]);
        (Matrix inputs, Matrix weights) = (MatrixProduct.Rows(input), MatrixProduct.Of(weight));
        int blocks = (int)(((long)rows * classes + maxLogits - 1) / maxLogits);
        blocks = Math.Clamp(blocks, 1, Math.Max(rows, 1));
        int most = (rows + blocks - 1) / blocks;
        Tensor logits = new(new Shape(most, classes));
        float weightOfRow = scale / RowWeights.Divisor(targets, ignoreIndex, LossReduction.Mean);
        bool wantsGradient = dx is not null || dweight is not null;
        for (int start = 0; start < rows; start += most)
        {
            int some = Math.Min(most, rows - start);
            Matrix block = Matrix.RowMajor(logits.Pointer, some, classes);
            Matrix part = inputs.Block(start, 0, some, inputs.Columns);
            Gemm.Multiply(part, weights.Transposed, block, accumulate: false);
            RowLosses body = new(
                block.Data, targets.Pointer + start, losses is null ? null : losses.Pointer + start, classes, ignoreIndex, weightOfRow, wantsGradient);
            ParallelFor.Run(some, 12L * classes, body);
            if (dweight is Target target)
            {
                Gemm.Multiply(block.Transposed, part, MatrixProduct.Rows(target.Gradient), target.Add || start > 0);
            }

            if (dx is Target other)
            {
                Gemm.Multiply(block, weights, MatrixProduct.Rows(other.Gradient).Block(start, 0, some, inputs.Columns), other.Add);
            }
        }

        logits.Storage.Release();
        GC.KeepAlive(input);
        GC.KeepAlive(weight);
        GC.KeepAlive(targets);
        GC.KeepAlive(losses);
        GC.KeepAlive(dx?.Gradient);
        GC.KeepAlive(dweight?.Gradient);
    }

    /// <summary>A gradient, and whether to add to what it holds.</summary>
    public readonly record struct Target(Tensor Gradient, bool Add);
}

/// <summary>The loss of each row of logits, which then become their own gradient, times a weight.</summary>
file readonly unsafe struct RowLosses(
    float* logits, int* targets, float* losses, int classes, int ignoreIndex, float weight, bool wantsGradient) : IParallelBody
{
    public void Run(int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            float* x = logits + ((nint)row * classes);
            if (targets[row] == ignoreIndex)
            {
                SetLoss(row, 0);
                if (wantsGradient)
                {
                    Rows.Fill(x, classes, 0);
                }

                continue;
            }

            // Differences from the maximum, not the logits themselves, whose digits would hide those of the logarithm.
            float max = Rows.Max(x, classes);
            float sum = Rows.ExpSum(x, classes, max);
            SetLoss(row, VectorMath.Log(V1.Broadcast(sum)).Lane - (x[targets[row]] - max));
            if (wantsGradient)
            {
                Rows.Write(x, new LogitGradients(x, max, weight / sum, -0f), classes);
                x[targets[row]] -= weight;
            }
        }
    }

    private void SetLoss(int row, float loss)
    {
        if (losses != null)
        {
            losses[row] = loss;
        }
    }
}

file readonly unsafe struct ScaleKernel(float* x, float factor) : IParallelBody
{
    public void Run(int start, int end) => Rows.Scale(x + start, end - start, factor);
}
