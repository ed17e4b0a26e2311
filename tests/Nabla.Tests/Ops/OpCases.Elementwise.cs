namespace Nabla.Tests.Ops;

/// <content>Operations that work element by element.</content>
internal static partial class OpCases
{
    private static OpRows Elementwise() => new()
    {
        ["Add"] = c => c["a"] + c["b"],
        ["Sub"] = c => c["a"] - c["b"],
        ["Mul"] = c => c["a"] * c["b"],
        ["Div"] = c => c["a"] / c["b"],
        ["AddScalar"] = c => c["x"] + c.Float("value"),
        ["AddScalar/left"] = c => c.Float("value") + c["x"],
        ["SubScalar"] = c => c["x"] - c.Float("value"),
        ["ScalarSub"] = c => c.Float("value") - c["x"],
        ["MulScalar"] = c => c["x"] * c.Float("value"),
        ["MulScalar/left"] = c => c.Float("value") * c["x"],
        ["DivScalar"] = c => c["x"] / c.Float("value"),
        ["ScalarDiv"] = c => c.Float("value") / c["x"],
        ["Maximum"] = c => Tensor.Maximum(c["a"], c["b"]),
        ["Minimum"] = c => Tensor.Minimum(c["a"], c["b"]),

        ["Neg"] = c => -c["x"],
        ["Abs"] = c => c["x"].Abs(),
        ["Square"] = c => c["x"].Square(),
        ["Pow"] = c => c["x"].Pow(c.Float("exponent")),
        ["Sqrt"] = c => c["x"].Sqrt(),
        ["Exp"] = c => c["x"].Exp(),
        ["Log"] = c => c["x"].Log(),
        ["Clamp"] = c => c["x"].Clamp(c.Float("min", float.NegativeInfinity), c.Float("max", float.PositiveInfinity)),

        ["Tanh"] = c => c["x"].Tanh(),
        ["Sigmoid"] = c => c["x"].Sigmoid(),
        ["Relu"] = c => c["x"].Relu(),
        ["LeakyRelu"] = c => c["x"].LeakyRelu(c.Float("negativeSlope")),
        ["Elu"] = c => c["x"].Elu(c.Float("alpha")),
        ["Silu"] = c => c["x"].Silu(),
        ["Gelu"] = c => c["x"].Gelu(),
        ["GeluExact"] = c => c["x"].GeluExact(),

        ["Where"] = c => Tensor.Where(c.Mask("condition"), c["a"], c["b"]),
        ["MaskedFill"] = c => c["x"].MaskedFill(c.Mask("mask"), c.Float("value")),
        ["Tril"] = c => c["x"].Tril(c.Int("diagonal")),
        ["Triu"] = c => c["x"].Triu(c.Int("diagonal")),
    };
}
