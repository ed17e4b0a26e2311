"""Cases of the operations that work element by element, and of the selections by mask."""
import torch
import torch.nn.functional as F

from op_case import case, given, ints, positive, randn

BROADCASTS = [
    ("same shape", (3, 5), (3, 5)),
    ("scalar right", (3, 5), ()),
    ("scalar left", (), (3, 5)),
    ("row right", (3, 5), (5,)),
    ("row left", (5,), (3, 5)),
    ("column right", (3, 5), (3, 1)),
    ("column left", (3, 1), (3, 5)),
    ("both ways", (2, 1, 4), (3, 1)),
    ("size 1", (1, 1), (1,)),
    ("long, no multiple of a vector", (67,), (67,)),
]
BINARY = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a / b,
}


def denominator(*shape):
    """Far enough from zero, of either sign."""
    return positive(*shape) * (ints(2, *shape) * 2 - 1) + 0.0


def binary():
    for op, compute in BINARY.items():
        right = denominator if op == "Div" else randn
        for name, left_shape, right_shape in BROADCASTS:
            case(op, name, lambda: {"a": randn(*left_shape), "b": right(*right_shape)}, compute)


def extrema():
    """Halves of the gradient go to either side where the two are equal."""
    ties = [1.0, -2.0, 0.5, 0.0, 3.0]
    for op, compute in [("Maximum", torch.maximum), ("Minimum", torch.minimum)]:
        for name, left_shape, right_shape in BROADCASTS:
            case(op, name, lambda: {"a": randn(*left_shape), "b": randn(*right_shape)}, compute)
        case(op, "ties share the gradient", lambda: {"a": given(ties), "b": given([1.0, -1.0, 0.5, 0.0, 2.0])}, compute)


def with_a_number():
    """The four operators with a number on either side."""
    for op, make, compute in [
        ("AddScalar", randn, lambda x, value: x + value),
        ("SubScalar", randn, lambda x, value: x - value),
        ("ScalarSub", randn, lambda x, value: value - x),
        ("MulScalar", randn, lambda x, value: x * value),
        ("DivScalar", randn, lambda x, value: x / value),
        ("ScalarDiv", denominator, lambda x, value: value / x),
    ]:
        for shape, value in [((3, 5), 0.75), ((67,), -3.0), ((), 2.0)]:
            name = f"{value:g}, " + ("x".join(map(str, shape)) or "scalar")
            case(op, name, lambda: {"x": make(*shape)}, lambda x: compute(x, value), {"value": value})


def unary(op, compute, args=None, make=randn, special=None, special_name="special values", tolerance=None):
    """A matrix of odd sizes, a 3-d tensor, and where it matters a list of chosen values."""
    case(op, "3x5", lambda: {"x": make(3, 5)}, compute, args)
    case(op, "2x3x7", lambda: {"x": make(2, 3, 7)}, compute, args)
    case(op, "scalar", lambda: {"x": make()}, compute, args)
    if special is not None:
        case(op, special_name, lambda: {"x": given(special)}, compute, args, tolerance=tolerance)


def log_sigmoid_like():
    return [-100.0, -30.0, -17.5, -8.0, -1.0, -1e-4, 0.0, 1e-4, 1.0, 8.0, 17.5, 30.0, 100.0]


def smooth():
    unary("Neg", lambda x: -x)
    unary("Square", torch.square)
    unary("Exp", torch.exp, special=[-87.0, -20.0, -1e-5, 0.0, 1e-5, 1.0, 20.0, 88.0])
    unary("Log", torch.log, make=positive, special=[1e-30, 1e-5, 0.5, 0.999, 1.0, 1.001, 2.0, 1e5, 1e30])
    unary("Sqrt", torch.sqrt, make=positive, special=[1e-20, 1e-6, 0.25, 1.0, 2.0, 1e6, 1e20])
    unary("Tanh", torch.tanh, special=[-20.0, -9.0, -4.0, -0.5, -1e-4, 0.0, 1e-4, 0.5, 4.0, 9.0, 20.0])
    unary("Sigmoid", torch.sigmoid, special=log_sigmoid_like()[1:])
    unary("Silu", F.silu, special=log_sigmoid_like()[1:])
    unary("Gelu", gelu_tanh, special=[-10.0, -5.0, -2.5, -0.75, -1e-3, 0.0, 1e-3, 0.75, 2.5, 5.0, 10.0])
    unary("GeluExact", F.gelu, special=[-10.0, -5.0, -2.5, -0.75, -1e-3, 0.0, 1e-3, 0.75, 2.5, 5.0, 10.0])
    for exponent, make in [(2, randn), (3, randn), (0.5, positive), (-1, denominator), (-1.5, positive),
                           (0, randn), (1, randn), (-3, denominator), (10, denominator)]:
        for shape in [(3, 5), (11,)]:
            name = f"exponent {exponent}, " + "x".join(map(str, shape))
            case("Pow", name, lambda: {"x": make(*shape)}, lambda x: x**exponent, {"exponent": exponent})
    case("Pow", "exponent 2 at zero", lambda: {"x": given([-2.0, 0.0, 3.0])}, lambda x: x**2, {"exponent": 2})


def gelu_tanh(x):
    return 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))


def kinked():
    edge = [-3.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0]
    unary("Abs", torch.abs, special=edge)
    unary("Relu", F.relu, special=edge)
    for slope in (0.01, 0.2):
        args = {"negativeSlope": slope}
        case("LeakyRelu", f"slope {slope}, 3x5", lambda: {"x": randn(3, 5)}, lambda x: F.leaky_relu(x, slope), args)
        case("LeakyRelu", f"slope {slope}, at zero", lambda: {"x": given(edge)}, lambda x: F.leaky_relu(x, slope), args)
    for alpha in (1.0, 0.5):
        args = {"alpha": alpha}
        case("Elu", f"alpha {alpha:g}, 3x5", lambda: {"x": randn(3, 5)}, lambda x: F.elu(x, alpha), args)
        case("Elu", f"alpha {alpha:g}, special values", lambda: {"x": given([-50.0, -1e-4] + edge)},
             lambda x: F.elu(x, alpha), args)
    for low, high in [(-0.5, 0.75), (-0.5, None), (None, 0.75)]:
        args = {k: v for k, v in (("min", low), ("max", high)) if v is not None}
        case("Clamp", f"min {low}, max {high}, 3x5", lambda: {"x": randn(3, 5)}, lambda x: x.clamp(low, high), args)
    case("Clamp", "at its bounds", lambda: {"x": given([-2.0, -0.5, 0.0, 0.75, 2.0])}, lambda x: x.clamp(-0.5, 0.75),
         {"min": -0.5, "max": 0.75})


def masked():
    for name, cond, a, b in [
        ("same shape", (3, 5), (3, 5), (3, 5)),
        ("condition is a row", (5,), (3, 5), (3, 5)),
        ("scalar right", (3, 5), (3, 5), ()),
        ("all broadcast", (3, 1), (5,), (2, 1, 1)),
    ]:
        case("Where", name, lambda: ({"a": randn(*a), "b": randn(*b)}, {"condition": ints(2, *cond)}),
             lambda a, b, condition: torch.where(condition.bool(), a, b))
    for name, shape, mask, value in [
        ("3x5 by 0", (3, 5), (3, 5), 0.0),
        ("2x3x5 by -1e9, a mask broadcast", (2, 3, 5), (3, 5), -1e9),
        ("3x4 by -Infinity", (3, 4), (3, 4), float("-inf")),
    ]:
        case("MaskedFill", name, lambda: ({"x": randn(*shape)}, {"mask": ints(2, *mask)}),
             lambda x, mask: x.masked_fill(mask.bool(), value), {"value": value})


binary()
extrema()
with_a_number()
smooth()
kinked()
masked()
