"""Cases of the operations that reduce: sums and their kin, extremes, norms, and the softmax family."""
import torch
import torch.nn.functional as F

from op_case import case, given, randn

REDUCE_DIMS = [
    ("all of 3x5", (3, 5), None, False),
    ("all of 2x3x7, keepDim", (2, 3, 7), None, True),
    ("dim 0", (3, 5), [0], False),
    ("dim -1, keepDim", (3, 5), [-1], True),
    ("dim 1 of 2x3x7", (2, 3, 7), [1], False),
    ("dims 0 and 2 of 2x3x7, keepDim", (2, 3, 7), [0, 2], True),
    ("dims 0 and 1 of 2x3x7", (2, 3, 7), [0, 1], False),
    ("dim 0 of 37", (37,), [0], False),
]


def every(x, dims):
    return list(range(x.dim())) if dims is None else dims


def sums():
    plain = {
        "Sum": lambda x, dims, keep: x.sum(every(x, dims), keepdim=keep),
        "Mean": lambda x, dims, keep: x.mean(every(x, dims), keepdim=keep),
    }
    for op, compute in plain.items():
        for name, shape, dims, keep in REDUCE_DIMS:
            args = ({} if dims is None else {"dims": dims}) | {"keepDim": keep}
            case(op, name, lambda: {"x": randn(*shape)}, lambda x: compute(x, dims, keep), args)
    spread = {
        "Var": lambda x, dims, unbiased, keep: x.var(every(x, dims), unbiased=unbiased, keepdim=keep),
        "Std": lambda x, dims, unbiased, keep: x.std(every(x, dims), unbiased=unbiased, keepdim=keep),
    }
    for op, compute in spread.items():
        for unbiased in (True, False):
            for name, shape, dims, keep in REDUCE_DIMS:
                args = ({} if dims is None else {"dims": dims}) | {"unbiased": unbiased, "keepDim": keep}
                case(op, f"{name}, {'unbiased' if unbiased else 'biased'}", lambda: {"x": randn(*shape)},
                     lambda x: compute(x, dims, unbiased, keep), args)
        case(op, "mean 1000", lambda: {"x": randn(3, 9) + 1000}, lambda x: compute(x, [1], True, False),
             {"dims": [1], "unbiased": True, "keepDim": False}, tolerance=1e-4)


def extremes():
    for op, compute in {"Max": torch.max, "Min": torch.min}.items():
        for shape in [(7,), (3, 5), (2, 3, 7)]:
            case(op, "all of " + "x".join(map(str, shape)), lambda: {"x": randn(*shape)}, compute)
        case(op, "all, ties share the gradient", lambda: {"x": given([2.0, -1.0, 2.0, -1.0])}, compute)
        for shape, dim, keep in [((3, 5), 0, False), ((3, 5), -1, True), ((2, 3, 7), 1, False), ((19,), 0, False)]:
            case(op, f"dim {dim} of " + "x".join(map(str, shape)), lambda: {"x": randn(*shape)},
                 lambda x: tuple(compute(x, dim, keep)), {"dim": dim, "keepDim": keep})
        case(op, "dim 1, the first of equals is taken", lambda: {"x": given([[1.0, 3.0, 3.0], [0.0, 0.0, 0.0], [2.0, 1.0, 1.0]])},
             lambda x: tuple(compute(x, 1)), {"dim": 1, "keepDim": False})


def running_sums_and_norms():
    for shape, dim in [((7,), 0), ((3, 5), 0), ((3, 5), -1), ((2, 3, 4), 1)]:
        case("CumSum", f"dim {dim} of " + "x".join(map(str, shape)), lambda: {"x": randn(*shape)},
             lambda x: x.cumsum(dim), {"dim": dim})
    case("Norm", "all of 3x5", lambda: {"x": randn(3, 5)}, torch.norm)
    case("Norm", "all of 2x3x7", lambda: {"x": randn(2, 3, 7)}, torch.norm)
    case("Norm", "of zeros", lambda: {"x": given([0.0, 0.0, 0.0])}, torch.norm)
    for shape, dim, keep in [((3, 5), 1, True), ((3, 5), 0, False), ((2, 3, 4), -2, False)]:
        case("Norm", f"dim {dim} of " + "x".join(map(str, shape)), lambda: {"x": randn(*shape)},
             lambda x: x.norm(dim=dim, keepdim=keep), {"dim": dim, "keepDim": keep})


def softmax_family():
    family = {
        "Softmax": lambda x, dim: x.softmax(dim),
        "LogSoftmax": lambda x, dim: x.log_softmax(dim),
        "LogSumExp": lambda x, dim: x.logsumexp(dim),
    }
    for op, compute in family.items():
        for shape, dim in [((5,), 0), ((3, 5), -1), ((3, 5), 0), ((2, 3, 4), 1), ((2, 37), -1)]:
            args = {"dim": dim} | ({"keepDim": False} if op == "LogSumExp" else {})
            case(op, f"dim {dim}, " + "x".join(map(str, shape)), lambda: {"x": randn(*shape)}, lambda x: compute(x, dim), args)
        args = {"dim": -1} | ({"keepDim": False} if op == "LogSumExp" else {})
        case(op, "logits of 1e4 and -1e4", lambda: {"x": given([[1e4, -1e4, 9999.0, 0.0], [-1e4, -1e4, -1e4, -9999.5]])},
             lambda x: compute(x, -1), args, tolerance=1e-3 if op == "LogSumExp" else None)
        case(op, "logits of 100", lambda: {"x": given([[100.0, 99.5, -100.0], [-100.0, -103.0, -101.0], [100.0, 100.0, 100.0]])},
             lambda x: compute(x, -1), args)
        case(op, "one column", lambda: {"x": randn(3, 1)}, lambda x: compute(x, -1), args)
    inf = float("inf")
    case("Softmax", "masked by -Infinity", lambda: {"x": given([[0.5, -inf, -inf], [0.25, -1.0, -inf]])},
         lambda x: x.softmax(-1), {"dim": -1})
    case("LogSumExp", "dim -1, 3x5, keepDim", lambda: {"x": randn(3, 5)}, lambda x: x.logsumexp(-1, keepdim=True),
         {"dim": -1, "keepDim": True})


sums()
extremes()
running_sums_and_norms()
softmax_family()
