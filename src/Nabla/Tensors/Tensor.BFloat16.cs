using Nabla.Kernels;
using Nabla.Ops;
using Nabla.Tensors;

namespace Nabla;

/// <content>Weights in half the memory, for models that are used and no longer trained.</content>
public sealed partial class Tensor
{
    /// <summary>Gets whether the elements are kept as bfloat16, see <see cref="StoreAsBFloat16"/>.</summary>
    public bool IsBFloat16 => _storage.Narrowed is not null;

    /// <summary>
    /// Rounds the elements to bfloat16, the upper half of a float, and keeps only these: half the memory, and half as much to
    /// read where a product's time goes into reading its weight. Arithmetic stays in single precision. From here on the tensor
    /// serves as the weight of <see cref="Linear"/> and for looking up rows, both without a gradient; whatever else is asked
    /// of it throws. There is no way back: the digits are gone.
    /// </summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidOperationException">The tensor is a view, or was computed on the tape.</exception>
    public Tensor StoreAsBFloat16()
    {
        if (IsBFloat16)
        {
            return this;
        }

        if (_isView || Node is not null)
        {
            throw new InvalidOperationException(
                $"StoreAsBFloat16: the tensor {Shape} is a view or was computed on the tape: give a tensor that owns its memory, such as a parameter.");
        }

        _storage.Narrow(new BFloat16Memory(Values));
        return this;
    }

    /// <summary>Does <c>y = x W^T</c>, or <c>y += x W^T</c>, with this tensor as the weight.</summary>
    private unsafe void MultiplyNarrowed(Tensor x, Tensor y, bool accumulate, bool records)
    {
        CheckNarrowed(nameof(Linear), IsContiguous, records);
        Matrix rows = MatrixProduct.Rows(x);
        BFloat16Memory numbers = _storage.Narrowed!;
        BFloat16Product.Multiply(rows, numbers.Data + _offset, Matrix.RowMajor(y.Pointer, rows.Rows, Shape[0]), accumulate);
        GC.KeepAlive(numbers);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private unsafe void LookUpNarrowed(int dim, IndexTensor ids, Tensor y, bool records)
    {
        CheckNarrowed(nameof(IndexSelect), IsContiguous && dim == 0, records);
        (_, int width) = Around(0);
        BFloat16Memory numbers = _storage.Narrowed!;
        for (int i = 0; i < ids.Count; i++)
        {
            BFloat16Product.Widen(numbers.Data + _offset + ((nint)ids.Values[i] * width), y.Pointer + ((nint)i * width), width);
        }

        GC.KeepAlive(numbers);
        GC.KeepAlive(y);
    }

    private void CheckNarrowed(string operation, bool isWhole, bool records)
    {
        if (records)
        {
            throw new InvalidOperationException(
                $"{operation}: {Shape} is stored as bfloat16 and has no gradient: run under Tensor.NoGrad(), or load the model again to train it.");
        }

        if (!isWhole)
        {
            throw new InvalidOperationException($"{operation}: {Shape} is stored as bfloat16 and can be used by whole rows only.");
        }
    }
}
