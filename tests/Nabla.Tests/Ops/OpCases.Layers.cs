namespace Nabla.Tests.Ops;

/// <content>Matrix products, and what the layers of a network are made of.</content>
internal static partial class OpCases
{
    private static OpRows Layers() => new()
    {
        // Training moves the running statistics, and the tests see to it that no input changes.
        ["BatchNorm"] = c => c["x"].BatchNorm(
            c.Optional("weight"), c.Optional("bias"), c.Optional("runningMean")?.Clone(), c.Optional("runningVariance")?.Clone(),
            c.Bool("training"), c.Float("momentum"), c.Float("eps")),
        ["BatchNorm/unfused"] = BatchNormByParts,
        ["Embedding"] = c => c["weight"][c.Ids("ids")],
        ["GroupNorm"] = c => c["x"].GroupNorm(c.Int("groups"), c.Optional("weight"), c.Optional("bias"), c.Float("eps")),
        ["GroupNorm/unfused"] = GroupNormByParts,
        ["LayerNorm"] = c => c["x"].LayerNorm(c.Optional("weight"), c.Optional("bias"), c.Float("eps")),
        ["Linear"] = c => c["x"].Linear(c["weight"], c.Optional("bias")),
        ["MatMul"] = c => Turned(c["a"], c.Bool("transposeLeft", false)).MatMul(Turned(c["b"], c.Bool("transposeRight", false))),
        ["RmsNorm"] = c => c["x"].RmsNorm(c.Optional("weight"), c.Float("eps")),
        ["RmsNorm/unfused"] = c => Affine(c, c["x"] / (c["x"].Square().Mean(-1, keepDim: true) + c.Float("eps")).Sqrt()),
        ["ScaledDotProductAttention"] = c => c["q"].ScaledDotProductAttention(c["k"], c["v"], c.Bool("causal")),
        ["ScaledDotProductAttention/packed"] = PackedAttention,
    };

    private static OpResult PackedAttention(OpCall c)
    {
        (Tensor q, Tensor k, Tensor v) = (c["q"], c["k"], c["v"]);
        if (!c.Bool("causal"))
        {
            return q.ScaledDotProductAttention(k, v);
        }

        (int batch, int heads, int length, int width) = (q.Shape[0], q.Shape[1], q.Shape[2], q.Shape[3]);
        Tensor[] parts = [.. new[] { q, k, v }.Select(part => part.Transpose(1, 2).Reshape(batch, length, heads * width))];
        return Tensor.Cat(parts, -1).CausalSelfAttention(heads).View(batch, length, heads, width).Transpose(1, 2);
    }

    private static OpResult BatchNormByParts(OpCall c)
    {
        Tensor x = c["x"];
        int[] batch = [.. Enumerable.Range(0, x.Rank - 1)];
        bool training = c.Bool("training");
        Tensor mean = training ? x.Mean(batch, keepDim: true) : c["runningMean"];
        Tensor variance = training ? x.Var(batch, unbiased: false, keepDim: true) : c["runningVariance"];
        return Affine(c, (x - mean) / (variance + c.Float("eps")).Sqrt());
    }

    private static OpResult GroupNormByParts(OpCall c)
    {
        Tensor x = c["x"];
        int groups = c.Int("groups");
        Tensor parts = x.Reshape(x.Shape[0], -1, groups, x.Shape[-1] / groups);
        Tensor y = (parts - parts.Mean([1, 3], keepDim: true))
            / (parts.Var([1, 3], unbiased: false, keepDim: true) + c.Float("eps")).Sqrt();
        return Affine(c, y.View(x.Shape.AsSpan()));
    }

    private static Tensor Affine(OpCall c, Tensor y)
    {
        y = c.Optional("weight") is Tensor weight ? y * weight : y;
        return c.Optional("bias") is Tensor bias ? y + bias : y;
    }

    private static Tensor Turned(Tensor x, bool turned) => turned ? x.Transpose(-2, -1) : x;
}
