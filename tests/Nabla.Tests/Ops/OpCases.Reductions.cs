namespace Nabla.Tests.Ops;

/// <content>Operations that combine the elements along a dimension.</content>
internal static partial class OpCases
{
    private static string[] ReductionsToWrite =>
    [
        "CumSum", "LogSoftmax", "LogSumExp", "Max", "Mean", "Min", "Norm", "Softmax", "Std", "Var",
    ];

    private static OpRows Reductions() => new()
    {
        ["Sum"] = c => c["x"].Sum(c.Ints("dims"), c.Bool("keepDim")),
    };
}
