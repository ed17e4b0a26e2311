namespace Nabla.Tests.Ops;

/// <content>Matrix products, and what the layers and losses of a network are made of.</content>
internal static partial class OpCases
{
    private static string[] LayersToWrite =>
    [
        "BinaryCrossEntropyWithLogits", "CrossEntropy", "Embedding", "HingeLoss", "LayerNorm", "Linear", "MatMul",
        "MseLoss", "NllLoss", "ScaledDotProductAttention",
    ];

    private static OpRows Layers() => new();
}
