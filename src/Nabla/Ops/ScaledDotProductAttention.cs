using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Attends: <c>softmax(q k^T / sqrt(D)) v</c> for every batch and head, after Vaswani et al., "Attention Is All You Need", 2017.
    /// This tensor is the queries q. The [T, S] weights exist only a few rows at a time, so memory grows with T, not with T^2.
    /// </summary>
    /// <param name="keys">[B, H, S, D].</param>
    /// <param name="values">[B, H, S, D].</param>
    /// <param name="causal">
    /// Whether a query sees no later key. The last query stands at the last key: with T &lt; S, query t sees keys 0 to S - T + t.
    /// </param>
    /// <param name="dropout">The share of weights that are dropped, the rest scaled up; from 0 to below 1.</param>
    /// <param name="random">Where a dropout mask is drawn from; null for the default generator.</param>
    /// <returns>[B, H, T, D] for queries of that shape, laid out so that Transpose(1, 2) of it is contiguous.</returns>
    /// <remarks>Backward computes the weights again from the saved inputs and the saved log-sum-exp of each row.</remarks>
    /// <exception cref="ShapeException">The shapes do not fit, or causal with more queries than keys.</exception>
    public Tensor ScaledDotProductAttention(
        Tensor keys, Tensor values, bool causal = false, float dropout = 0, RandomGenerator? random = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (Rank != 4 || keys.Rank != 4 || keys.Shape != values.Shape || Shape.With(2, 0) != keys.Shape.With(2, 0))
        {
            throw new ShapeException(
                $"ScaledDotProductAttention: queries {Shape}, keys {keys.Shape}, values {values.Shape}: give queries [B, H, T, D] and " +
                "keys and values [B, H, S, D].");
        }

        if (causal && Shape[2] > keys.Shape[2])
        {
            throw new ShapeException(
                $"ScaledDotProductAttention: {Shape[2]} queries and {keys.Shape[2]} keys: a causal mask needs at least as many keys.");
        }

        DropoutKernel.Check(dropout, nameof(ScaledDotProductAttention));
        (int batches, int heads, int length, int width) = (Shape[0], Shape[1], Shape[2], Shape[3]);
        Tensor y = new Tensor(new Shape(batches, length, heads, width)).Reordered([0, 2, 1, 3]).AsOwner();
        Tensor logSums = new(new Shape(batches, heads, length));
        ulong seed = dropout > 0 ? (random ?? RandomGenerator.Default).NextUInt64() : 0;
        AttentionKernel.Options options = new(causal, dropout, seed);
        AttentionKernel.Forward(WithRowsTogether(this), WithRowsTogether(keys), WithRowsTogether(values), y, logSums, options);
        return Records(this, keys, values) ? y.ProducedBy(new ScaledDotProductAttentionOp(this, keys, values, y.Detach(), logSums, options)) : y;
    }

    /// <summary>Returns rows that lie together in memory, as the kernels want them; the other dimensions may lie anywhere.</summary>
    internal static Tensor WithRowsTogether(Tensor x) => x.Shape[3] == 1 || x.Stride(3) == 1 ? x : x.Contiguous();
}

file sealed class ScaledDotProductAttentionOp(
    Tensor queries, Tensor keys, Tensor values, Tensor y, Tensor logSums, AttentionKernel.Options options)
    : Op(queries, keys, values)
{
    private readonly Saved _queries = new(queries);
    private readonly Saved _keys = new(keys);
    private readonly Saved _values = new(values);
    private readonly Saved _y = new(y);

    public override void Backward(Tensor dy) => AttentionKernel.Backward(
        Tensor.WithRowsTogether(_queries.For(this)),
        Tensor.WithRowsTogether(_keys.For(this)),
        Tensor.WithRowsTogether(_values.For(this)),
        _y.For(this),
        logSums,
        dy,
        TargetOf(queries),
        TargetOf(keys),
        TargetOf(values),
        options);

    private static AttentionKernel.Target TargetOf(Tensor x)
        => x.NeedsGradient ? new(GradientOf(x, out bool fresh), !fresh) : default;
}
