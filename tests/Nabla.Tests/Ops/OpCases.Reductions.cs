namespace Nabla.Tests.Ops;

/// <content>Operations that combine the elements along a dimension.</content>
internal static partial class OpCases
{
    private static OpRows Reductions() => new()
    {
        ["Sum"] = c => c["x"].Sum(c.Ints("dims"), c.Bool("keepDim")),
        ["Mean"] = c => c["x"].Mean(c.Ints("dims"), c.Bool("keepDim")),
        ["Var"] = c => c["x"].Var(c.Ints("dims"), c.Bool("unbiased"), c.Bool("keepDim")),
        ["Std"] = c => c["x"].Std(c.Ints("dims"), c.Bool("unbiased"), c.Bool("keepDim")),
        ["Max"] = c => c.Has("dim") ? c["x"].Max(c.Int("dim"), c.Bool("keepDim")) : c["x"].Max(),
        ["Min"] = c => c.Has("dim") ? c["x"].Min(c.Int("dim"), c.Bool("keepDim")) : c["x"].Min(),
        ["CumSum"] = c => c["x"].CumSum(c.Int("dim")),
        ["Norm"] = c => c.Has("dim") ? c["x"].Norm(c.Int("dim"), c.Bool("keepDim")) : c["x"].Norm(),
        ["Softmax"] = c => c["x"].Softmax(c.Int("dim")),
        ["LogSoftmax"] = c => c["x"].LogSoftmax(c.Int("dim")),
        ["LogSumExp"] = c => c["x"].LogSumExp(c.Int("dim"), c.Bool("keepDim")),
    };
}
