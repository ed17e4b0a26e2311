using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Attends with one query for each row of a batch, whose rows have seen different numbers of keys: for row b
    /// <c>softmax(q k^T / sqrt(D)) v</c> over its first <c>lengths[b]</c> keys and values. This tensor is the queries q. It is what
    /// writing text needs, and has no backward; <see cref="ScaledDotProductAttention"/> has.
    /// </summary>
    /// <param name="keys">[B, H, S, D].</param>
    /// <param name="values">[B, H, S, D].</param>
    /// <param name="lengths">For each row of the batch how many keys it sees, from 1 to S.</param>
    /// <returns>[B, H, 1, D] for queries of that shape, laid out so that Transpose(1, 2) of it is contiguous.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or a length is not from 1 to S.</exception>
    /// <exception cref="InvalidOperationException">An operand is on the tape and recording is on.</exception>
    public Tensor CachedAttention(Tensor keys, Tensor values, params ReadOnlySpan<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (Rank != 4 || Shape[2] != 1 || keys.Rank != 4 || keys.Shape != values.Shape || Shape.With(2, 0) != keys.Shape.With(2, 0))
        {
            throw new ShapeException(
                $"CachedAttention: queries {Shape}, keys {keys.Shape}, values {values.Shape}: give queries [B, H, 1, D] and keys and " +
                "values [B, H, S, D].");
        }

        if (lengths.Length != Shape[0])
        {
            throw new ShapeException($"CachedAttention: {lengths.Length} lengths for a batch of {Shape[0]}: give one for each row.");
        }

        foreach (int length in lengths)
        {
            if (length < 1 || length > keys.Shape[2])
            {
                throw new ShapeException($"CachedAttention: a length of {length}: a row sees from 1 to all {keys.Shape[2]} keys.");
            }
        }

        if (Records(this, keys, values))
        {
            throw new InvalidOperationException(
                "CachedAttention has no backward: run it under Tensor.NoGrad(), or take ScaledDotProductAttention.");
        }

        (int batches, int heads, int width) = (Shape[0], Shape[1], Shape[3]);
        Tensor y = new Tensor(new Shape(batches, 1, heads, width)).Reordered([0, 2, 1, 3]);
        CachedAttentionKernel.Run(Together(this), Together(keys), Together(values), lengths, y);
        return y;
    }

    // The kernel wants the last dimension together in memory; the others may lie anywhere.
    private static Tensor Together(Tensor x) => x.Shape[3] == 1 || x.Stride(3) == 1 ? x : x.Contiguous();
}
