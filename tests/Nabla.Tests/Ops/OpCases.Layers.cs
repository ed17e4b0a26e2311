namespace Nabla.Tests.Ops;

/// <content>Matrix products, and what the layers of a network are made of.</content>
internal static partial class OpCases
{
    private static OpRows Layers() => new()
    {
        ["Embedding"] = c => c["weight"][c.Ids("ids")],
        ["LayerNorm"] = c => c["x"].LayerNorm(c.Optional("weight"), c.Optional("bias"), c.Float("eps")),
        ["Linear"] = c => c["x"].Linear(c["weight"], c.Optional("bias")),
        ["MatMul"] = c => Turned(c["a"], c.Bool("transposeLeft", false)).MatMul(Turned(c["b"], c.Bool("transposeRight", false))),
        ["ScaledDotProductAttention"] = c => c["q"].ScaledDotProductAttention(c["k"], c["v"], c.Bool("causal")),
    };

    private static Tensor Turned(Tensor x, bool turned) => turned ? x.Transpose(-2, -1) : x;
}
