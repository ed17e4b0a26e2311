using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Lets every token of a row attend to itself and those before it, in independent heads, given the queries, keys and values
    /// of all heads side by side, as one linear layer makes them. The same as <see cref="ScaledDotProductAttention"/> of the
    /// heads' parts, but nothing is copied to bring parts together or apart, forward or backward.
    /// </summary>
    /// <param name="heads">The number of heads, H.</param>
    /// <param name="dropout">The share of weights that are dropped, the rest scaled up; from 0 to below 1.</param>
    /// <param name="random">Where a dropout mask is drawn from; null for the default generator.</param>
    /// <returns>[B, T, C] for this tensor of [B, T, 3C]: the queries of head 0, 1, ..., then the keys, then the values.</returns>
    /// <exception cref="ShapeException">The tensor is not [B, T, 3C] with heads that divide C.</exception>
    public Tensor CausalSelfAttention(int heads, float dropout = 0, RandomGenerator? random = null)
    {
        if (Rank != 3 || heads < 1 || Shape[2] % (3 * heads) != 0)
        {
            throw new ShapeException(
                $"CausalSelfAttention: {Shape} with {heads} heads: give queries, keys and values as [B, T, 3C], with H dividing C.");
        }

        DropoutKernel.Check(dropout, nameof(CausalSelfAttention));
        Tensor input = Detach().Contiguous();
        Tensor y = new(new Shape(Shape[0], Shape[1], Shape[2] / 3));
        Tensor logSums = new(new Shape(Shape[0], heads, Shape[1]));
        ulong seed = dropout > 0 ? (random ?? RandomGenerator.Default).NextUInt64() : 0;
        AttentionKernel.Options options = new(Causal: true, dropout, seed);
        AttentionKernel.Forward(
            input.HeadsOf(0, 3, heads),
            input.HeadsOf(1, 3, heads),
            input.HeadsOf(2, 3, heads),
            y.HeadsOf(0, 1, heads),
            logSums,
            options);
        return Records(this) ? y.ProducedBy(new CausalSelfAttentionOp(this, input, heads, y.Detach(), logSums, options)) : y;
    }

    /// <summary>Returns one of the parts side by side in this contiguous [B, T, parts * C] as a view of [B, H, T, D].</summary>
    internal Tensor HeadsOf(int part, int parts, int heads)
    {
        (int batch, int length, int row) = (Shape[0], Shape[1], Shape[2]);
        int width = row / parts / heads;
        Shape.Sizes strides = default;
        (strides[0], strides[1], strides[2], strides[3]) = (length * row, width, row, 1);
        return new Tensor(Storage, StorageOffset + (part * (row / parts)), new Shape(batch, heads, length, width), strides);
    }
}

file sealed class CausalSelfAttentionOp(
    Tensor x, Tensor input, int heads, Tensor y, Tensor logSums, AttentionKernel.Options options)
    : Op(x)
{
    private readonly Saved _input = new(input);
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy)
    {
        Tensor saved = _input.For(this);
        Tensor dx = GradientOf(x, out bool fresh);
        AttentionKernel.Backward(
            saved.HeadsOf(0, 3, heads),
            saved.HeadsOf(1, 3, heads),
            saved.HeadsOf(2, 3, heads),
            _y.For(this).HeadsOf(0, 1, heads),
            logSums,
            dy.HeadsOf(0, 1, heads),
            new(dx.HeadsOf(0, 3, heads), !fresh),
            new(dx.HeadsOf(1, 3, heads), !fresh),
            new(dx.HeadsOf(2, 3, heads), !fresh),
            options);
    }
}
