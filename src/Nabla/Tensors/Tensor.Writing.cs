using Nabla.Autograd;
using Nabla.Ops;

namespace Nabla;

/// <content>Overwriting a tensor, which is not differentiated: for leaves, and under <see cref="NoGrad"/>.</content>
public sealed partial class Tensor
{
    /// <summary>Sets every element to a number.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor FillInPlace(float value)
    {
        CheckWritable(nameof(FillInPlace));
        if (IsContiguous)
        {
            Fill(value);
        }
        else
        {
            Broadcasting.Copy(Scalar(value), this);
        }

        Touch();
        return this;
    }

    /// <summary>Sets every element to zero.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">This tensor is on the tape and recording is on.</exception>
    public Tensor ZeroInPlace() => FillInPlace(0);

    /// <summary>Overwrites the elements with those of another tensor, which broadcasts to this one.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeException">The other does not broadcast to this shape.</exception>
    /// <exception cref="InvalidOperationException">This tensor or the other is on the tape and recording is on.</exception>
    public Tensor CopyInPlace(Tensor other)
    {
        Tensor source = ReadableWhileWriting(other, nameof(CopyInPlace));
        Broadcasting.Copy(source, this);
        GC.KeepAlive(source);
        Touch();
        return this;
    }

    /// <summary>
    /// Checks that this tensor may be overwritten with what is computed from another, which broadcasts to it, and returns that
    /// other: as a copy where writing one element of this tensor would change another that is yet to be read.
    /// </summary>
    internal Tensor ReadableWhileWriting(Tensor other, string operation)
    {
        CheckWritable(operation);
        if (other.NeedsGradient && NoGradScope.IsRecording)
        {
            throw new InvalidOperationException(
                $"{operation}: the other tensor, of shape {other.Shape}, is on the tape, and a write in place would lose its " +
                "gradient; write inside `using (Tensor.NoGrad())`, or give its Detach().");
        }

        if (Shape.Broadcast(Shape, other.Shape, operation) != Shape)
        {
            throw new ShapeException(
                $"{operation}: {other.Shape} does not broadcast into {Shape}; the left side cannot grow in place.");
        }

        bool inPlace = _offset == other._offset && Shape == other.Shape && ((ReadOnlySpan<int>)_strides).SequenceEqual(other._strides);
        return ReferenceEquals(_storage, other._storage) && !inPlace ? other.Detach().Clone() : other;
    }
}
