using System.Text.Json;

namespace Nabla.Tests.Ops;

/// <content>Operations that move, pick or join elements.</content>
internal static partial class OpCases
{
    private static OpRows Shapes() => new()
    {
        ["Cat"] = c => Tensor.Cat(c.Inputs, c.Int("dim")),
        ["Expand"] = c => c["x"].Expand(c.Ints("shape")),
        ["Gather"] = c => c["x"].Gather(c.Int("dim"), c.Ids("index")),
        ["IndexAdd"] = c => c["x"].IndexAdd(c.Int("dim"), c.Ids("index"), c["source"]),
        ["IndexSelect"] = c => c["x"][c.Ids("ids")],
        ["Permute"] = c => c["x"].Permute(c.Ints("dims")),
        ["Reshape"] = c => (c.Ints("transposeFirst") is [int first, int second] ? c["x"].Transpose(first, second) : c["x"])
            .Reshape(c.Ints("shape")),
        ["ScatterAdd"] = c => c["x"].ScatterAdd(c.Int("dim"), c.Ids("index"), c["source"]),
        ["Slice"] = c => c["x"][[.. c.Arg("index").EnumerateArray().Select(Index)]],
        ["Squeeze"] = c => c.Has("dim") ? c["x"].Squeeze(c.Int("dim")) : c["x"].Squeeze(),
        ["Stack"] = c => Tensor.Stack(c.Inputs, c.Int("dim")),
        ["Transpose"] = c => c["x"].Transpose(c.Int("dim0"), c.Int("dim1")),
        ["Unbind"] = c => c["x"].Unbind(c.Int("dim")),
        ["Unsqueeze"] = c => c["x"].Unsqueeze(c.Int("dim")),
        ["View"] = c => c["x"].Contiguous().View(c.Ints("shape")),
    };

    // One number, which drops the dimension, or a start and a stop; negative ones count from the end.
    private static TensorIndex Index(JsonElement index)
    {
        if (index.ValueKind == JsonValueKind.Number)
        {
            return index.GetInt32();
        }

        int[] ends = [.. index.EnumerateArray().Select(end => end.GetInt32())];
        return FromEnd(ends[0])..FromEnd(ends[1]);
    }

    private static Index FromEnd(int place) => place < 0 ? ^-place : place;
}
