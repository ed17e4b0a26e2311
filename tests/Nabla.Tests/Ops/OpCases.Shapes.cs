namespace Nabla.Tests.Ops;

/// <content>Operations that move, pick or join elements.</content>
internal static partial class OpCases
{
    private static string[] ShapesToWrite =>
    [
        "Cat", "Expand", "Gather", "IndexAdd", "IndexSelect", "ScatterAdd", "Slice", "Squeeze", "Stack", "Unbind",
        "Unsqueeze",
    ];

    private static OpRows Shapes() => new()
    {
        ["Permute"] = c => c["x"].Permute(c.Ints("dims")),
        ["Reshape"] = c => (c.Ints("transposeFirst") is [int first, int second] ? c["x"].Transpose(first, second) : c["x"])
            .Reshape(c.Ints("shape")),
        ["Transpose"] = c => c["x"].Transpose(c.Int("dim0"), c.Int("dim1")),
        ["View"] = c => c["x"].Contiguous().View(c.Ints("shape")),
    };
}
