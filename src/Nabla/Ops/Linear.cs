using Nabla.Autograd;
using Nabla.Kernels;
using Nabla.Ops;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Applies a linear layer to the last dimension: <c>y = x W^T + b</c>.</summary>
    /// <param name="weight">[out, in], as PyTorch keeps it.</param>
    /// <param name="bias">[out], or null for none.</param>
    /// <returns>[..., out] for this tensor's [..., in].</returns>
    /// <remarks>Backward: <c>dx += dy W</c>, <c>dW += dy^T x</c>, <c>db += sum(dy)</c> over all but the last dimension.</remarks>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public Tensor Linear(Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (Rank == 0 || weight.Rank != 2 || Shape[-1] != weight.Shape[1])
        {
            throw new ShapeException(
                $"Linear: {Shape} with weight {weight.Shape}: the weight must be [out, in], and in the last dimension of the input.");
        }

        if (bias is not null && (bias.Rank != 1 || bias.Count != weight.Shape[0]))
        {
            throw new ShapeException($"Linear: bias {bias.Shape} with weight {weight.Shape}: the bias must be [{weight.Shape[0]}].");
        }

        Tensor input = Contiguous();
        Tensor y = new(Shape.With(Rank - 1, weight.Shape[0]));
        if (weight.Storage.Narrowed is not null)
        {
            if (bias is not null)
            {
                Broadcasting.Copy(bias, y);
            }

            weight.MultiplyNarrowed(input, y, accumulate: bias is not null, records: Records(this, weight, bias));
            return y;
        }

        MatrixProduct.Run(MatrixProduct.Rows(input), MatrixProduct.Of(weight).Transposed, y, bias);
        GC.KeepAlive(input);
        GC.KeepAlive(weight);
        return Records(this, weight, bias) ? y.ProducedBy(new LinearOp(this, input, weight, bias)) : y;
    }
}

file sealed class LinearOp(Tensor x, Tensor input, Tensor weight, Tensor? bias) : Op(x, weight, bias)
{
    private readonly Saved _input = new(input);
    private readonly Saved _weight = new(weight);

    public override void Backward(Tensor dy)
    {
        if (bias is not null && bias.NeedsGradient)
        {
            Broadcasting.AddSum(dy, bias);
        }

        Matrix rows = MatrixProduct.Rows(dy);
        if (weight.NeedsGradient)
        {
            Tensor gradient = GradientOf(weight, out bool fresh);
            MatrixProduct.Run(rows.Transposed, MatrixProduct.Rows(_input.For(this)), gradient, accumulate: !fresh);
        }

        if (x.NeedsGradient)
        {
            Tensor gradient = GradientOf(x, out bool fresh);
            MatrixProduct.Run(rows, MatrixProduct.Of(_weight.For(this)), gradient, accumulate: !fresh);
        }
    }
}
