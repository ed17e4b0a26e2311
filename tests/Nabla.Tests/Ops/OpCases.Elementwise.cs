namespace Nabla.Tests.Ops;

/// <content>Operations that work element by element.</content>
internal static partial class OpCases
{
    private static string[] ElementwiseToWrite =>
    [
        "Abs", "Clamp", "Div", "Elu", "Exp", "Gelu", "GeluExact", "LeakyRelu", "Log", "MaskedFill", "Neg", "Pow",
        "Relu", "Sigmoid", "Silu", "Sqrt", "Sub", "Tril", "Triu", "Where",
    ];

    private static OpRows Elementwise() => new()
    {
        ["Add"] = c => c["a"] + c["b"],
        ["Mul"] = c => c["a"] * c["b"],
        ["Tanh"] = c => c["x"].Tanh(),
    };
}
