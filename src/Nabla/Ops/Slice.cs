using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Gets or sets a part of the tensor, by an index for each dimension from the first on: <c>logits[.., ^1, ..]</c>,
    /// <c>x[3]</c>, <c>x[..2, 1..]</c>.
    /// </summary>
    /// <param name="indices">
    /// A number (-1 or <c>^1</c> is the last place) drops its dimension, a range keeps it, and dimensions without an index stay
    /// whole.
    /// </param>
    /// <value>
    /// Read, a view that shares memory. Backward: the gradient is added to that part. Written, what broadcasts to the part and
    /// is copied into it.
    /// </value>
    /// <exception cref="ShapeException">
    /// There are more indices than dimensions, one lies outside its dimension, or what is written does not broadcast to the part.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Written while this tensor or the value is on the tape and recording is on.
    /// </exception>
    [IndexerName("At")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get => Part(new Selection(Shape, indices, "Slice"));
        set => Overwrite(new Selection(Shape, indices, "Slice").Of(this), value);
    }

    /// <summary>
    /// Returns every <paramref name="step"/>th place of a dimension as a view. Backward: the gradient is added there.
    /// </summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <param name="start">The first place.</param>
    /// <param name="length">The number of places taken.</param>
    /// <param name="step">The distance between neighbours of those.</param>
    /// <exception cref="ShapeException">There is no such dimension, or a place lies outside it.</exception>
    public Tensor Slice(int dim, int start, int length, int step = 1)
    {
        dim = Shape.Dimension(dim, nameof(Slice));
        long last = start + (Math.Max(length - 1L, 0) * step);
        if (start < 0 || length < 0 || step < 1 || last >= Shape[dim] + (length == 0 ? 1 : 0))
        {
            throw new ShapeException(
                $"Slice: {length} places from {start} on in steps of {step} do not fit dimension {dim} of {Shape}, which has " +
                $"size {Shape[dim]}.");
        }

        return Part(new Selection(Shape, dim, start, length, step));
    }

    private Tensor Part(in Selection selection)
    {
        Tensor y = selection.Of(this);
        return Records(this) ? y.ProducedBy(new SliceOp(this, selection)) : y;
    }

    private void Overwrite(Tensor part, Tensor value)
    {
        const string Operation = "Set";
        CheckWritable(Operation);
        if (value.NeedsGradient && NoGradScope.IsRecording)
        {
            throw new InvalidOperationException(
                $"{Operation}: the value of shape {value.Shape} is on the tape, and a copy into a tensor would lose its " +
                "gradient; give value.Detach(), or build the tensor with Cat, Stack or Where.");
        }

        if (Shape.Broadcast(part.Shape, value.Shape, Operation) != part.Shape)
        {
            throw new ShapeException($"{Operation}: {value.Shape} does not broadcast into {part.Shape}.");
        }

        // A part of this very tensor could be overwritten before it is read.
        Tensor source = value._storage == _storage ? value.Detach().Clone() : value;
        Broadcasting.Copy(source, part);
        Touch();
    }
}

file sealed class SliceOp(Tensor x, Selection selection) : Op(x)
{
    public override void Backward(Tensor dy)
    {
        Tensor dx = GradientOf(x, out bool fresh);
        if (fresh)
        {
            dx.Clear();
        }

        StridedCopy.Run(dy, selection.Of(dx), add: !fresh);
    }
}
