"""Cases of the operations that networks are made of: products, losses, normalisation, embedding, attention."""
import torch
import torch.nn.functional as F

from op_case import case, given, ints, positive, randn


def products():
    for name, a, b in [
        ("vector by vector", (7,), (7,)),
        ("matrix by vector", (3, 5), (5,)),
        ("vector by matrix", (5,), (5, 3)),
        ("3x5 by 5x2", (3, 5), (5, 2)),
        ("1x1 by 1x1", (1, 1), (1, 1)),
        ("17x13 by 13x19", (17, 13), (13, 19)),
        ("batch by batch", (4, 3, 5), (4, 5, 2)),
        ("batch by matrix", (2, 3, 5), (5, 4)),
        ("matrix by batch", (3, 5), (2, 5, 4)),
        ("batch by vector", (2, 3, 5), (5,)),
        ("vector by batch", (5,), (2, 5, 3)),
        ("batch broadcast", (2, 1, 3, 4), (5, 4, 2)),
    ]:
        case("MatMul", name, lambda: {"a": randn(*a), "b": randn(*b)}, lambda a, b: a @ b)
    for name, a, b, left, right in [
        ("left transposed", (5, 3), (5, 4), True, False),
        ("right transposed", (3, 5), (4, 5), False, True),
        ("both transposed", (5, 3), (4, 5), True, True),
        ("batch, right transposed", (2, 3, 5), (2, 4, 5), False, True),
    ]:
        case("MatMul", name, lambda: {"a": randn(*a), "b": randn(*b)},
             lambda a, b: (a.mT if left else a) @ (b.mT if right else b), {"transposeLeft": left, "transposeRight": right})
    for name, x, bias in [("3x5", (3, 5), True), ("3x5, no bias", (3, 5), False), ("2x3x5", (2, 3, 5), True),
                          ("vector", (5,), True), ("2x1x3x5, no bias", (2, 1, 3, 5), False)]:
        case("Linear", name, lambda: {"x": randn(*x), "weight": randn(4, 5)} | ({"bias": randn(4)} if bias else {}),
             lambda x, weight, bias=None: F.linear(x, weight, bias))


def classification_losses():
    def entropy(reduction="mean", ignore=-100, smoothing=0.0):
        args = {"reduction": reduction, "ignoreIndex": ignore, "labelSmoothing": smoothing}
        return args, lambda x, targets: F.cross_entropy(
            x.reshape(-1, x.shape[-1]), targets.reshape(-1), reduction=reduction, ignore_index=ignore, label_smoothing=smoothing)

    def add(name, logits, targets, **options):
        args, compute = entropy(**options)
        case("CrossEntropy", name, lambda: ({"x": logits()}, {"targets": targets()}), compute, args)

    some_ignored = torch.tensor([2, -100, 0, 6, -100])
    for reduction in ("mean", "sum", "none"):
        add(f"5x7, {reduction}", lambda: randn(5, 7), lambda: ints(7, 5), reduction=reduction)
        add(f"5x7, {reduction}, two ignored", lambda: randn(5, 7), lambda: some_ignored, reduction=reduction)
        add(f"5x7, {reduction}, smoothed", lambda: randn(5, 7), lambda: ints(7, 5), reduction=reduction, smoothing=0.1)
    add("5x7, smoothed, two ignored", lambda: randn(5, 7), lambda: some_ignored, smoothing=0.1)
    add("ignoring class 0", lambda: randn(4, 3), lambda: torch.tensor([0, 1, 2, 0]), ignore=0)
    add("2x3x5 as 6x5", lambda: randn(2, 3, 5), lambda: ints(5, 2, 3))
    add("one row", lambda: randn(1, 27), lambda: ints(27, 1))
    add("logits of 100", lambda: given([[100.0, -100.0, 0.0], [100.0, -100.0, 0.0], [-100.0, -100.0, -100.0]]),
        lambda: torch.tensor([0, 1, 2]))
    add("logits of 1e4", lambda: given([[1e4, -1e4], [1e4, -1e4]]), lambda: torch.tensor([1, 0]))

    def through_linear(name, x, targets, ignore=-100):
        case("LinearCrossEntropy", name, lambda: ({"x": x(), "weight": randn(7, 5)}, {"targets": targets()}),
             lambda x, weight, targets: F.cross_entropy(
                 F.linear(x, weight).reshape(-1, 7), targets.reshape(-1), ignore_index=ignore), {"ignoreIndex": ignore})

    through_linear("5x5 to 7", lambda: randn(5, 5), lambda: ints(7, 5))
    through_linear("5x5 to 7, two ignored", lambda: randn(5, 5), lambda: some_ignored)
    through_linear("2x3x5 to 7, ignoring class 0", lambda: randn(2, 3, 5), lambda: torch.tensor([[0, 1, 2], [6, 0, 3]]), ignore=0)
    through_linear("vector", lambda: randn(5), lambda: torch.tensor(4))

    for reduction in ("mean", "sum", "none"):
        case("NllLoss", reduction, lambda: ({"x": randn(4, 5).log_softmax(1)}, {"targets": ints(5, 4)}),
             lambda x, targets: F.nll_loss(x, targets, reduction=reduction), {"reduction": reduction, "ignoreIndex": -100})
    case("NllLoss", "two ignored", lambda: ({"x": randn(5, 7).log_softmax(1)}, {"targets": some_ignored}),
         lambda x, targets: F.nll_loss(x, targets), {"reduction": "mean", "ignoreIndex": -100})

    def binary(x, targets, reduction="mean"):
        return F.binary_cross_entropy_with_logits(x, targets, reduction=reduction)

    for reduction in ("mean", "sum", "none"):
        case("BinaryCrossEntropyWithLogits", reduction, lambda: {"x": randn(3, 5), "targets": ints(2, 3, 5).double()},
             lambda x, targets: binary(x, targets, reduction), {"reduction": reduction}, fixed=("targets",))
    case("BinaryCrossEntropyWithLogits", "soft targets", lambda: {"x": randn(7), "targets": torch.rand(7).mul(100).round() / 100},
         binary, {"reduction": "mean"}, fixed=("targets",))
    case("BinaryCrossEntropyWithLogits", "saturated", lambda: {"x": given([-100.0, -100.0, 100.0, 100.0, -20.0, 20.0, 0.0, 1e4]),
                                                               "targets": given([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])},
         lambda x, targets: binary(x, targets, "none"), {"reduction": "none"}, fixed=("targets",))


def regression_and_margin_losses():
    for reduction in ("mean", "sum", "none"):
        case("MseLoss", f"3x5, {reduction}", lambda: {"x": randn(3, 5), "targets": randn(3, 5)},
             lambda x, targets: F.mse_loss(x, targets, reduction=reduction), {"reduction": reduction})
    case("MseLoss", "vector of 19", lambda: {"x": randn(19), "targets": randn(19)}, F.mse_loss, {"reduction": "mean"})

    def hinge(x, labels):
        return F.relu(1 - labels * x).mean()

    for n in (5, 17):
        case("HingeLoss", f"{n} scores", lambda: {"x": randn(n), "labels": ints(2, n).double() * 2 - 1}, hinge, fixed=("labels",))
    scores, labels = [1.0, -1.0, 2.0, -3.0, 0.0], [1.0, -1.0, 1.0, 1.0, -1.0]
    case("HingeLoss", "at and beyond the margin", lambda: {"x": given(scores), "labels": given(labels)}, hinge,
         fixed=("labels",))


def normalisation():
    def layer_norm(name, make, weight=True, bias=True, eps=1e-5, tolerance=None):
        def build():
            x = make()
            c = x.shape[-1]
            return {"x": x} | ({"weight": randn(c)} if weight else {}) | ({"bias": randn(c)} if bias else {})

        case("LayerNorm", name, build,
             lambda x, weight=None, bias=None: F.layer_norm(x, x.shape[-1:], weight, bias, eps),
             {"eps": eps}, tolerance=tolerance)

    layer_norm("3x5", lambda: randn(3, 5))
    layer_norm("2x3x37", lambda: randn(2, 3, 37))
    layer_norm("3x5, no bias", lambda: randn(3, 5), bias=False)
    layer_norm("3x5, neither weight nor bias", lambda: randn(3, 5), weight=False, bias=False)
    layer_norm("eps 0.1", lambda: randn(2, 9), eps=0.1)
    layer_norm("mean 1000", lambda: randn(3, 16) + 1000, tolerance=1e-3)
    layer_norm("all equal", lambda: torch.full((2, 8), 2.5, dtype=torch.float64))
    layer_norm("tiny", lambda: randn(2, 8) * 1e-3)


def batch_normalisation():
    def batch_norm(name, *shape, affine=("weight", "bias"), running=False, training=True, momentum=0.1, eps=1e-5, shift=0.0, **options):
        c = shape[-1]

        def build():
            made = {"x": randn(*shape) * 2 + shift} | {k: randn(c) for k in affine}
            return made | ({"runningMean": randn(c), "runningVariance": positive(c)} if running else {})

        def compute(*values):
            # Channels are last with us, and second with PyTorch.
            given = dict(zip(["x", *affine, *(["runningMean", "runningVariance"] if running else [])], values))
            return F.batch_norm(given["x"].movedim(-1, 1), given.get("runningMean"), given.get("runningVariance"), given.get("weight"),
                                given.get("bias"), training, momentum, eps).movedim(1, -1)

        case("BatchNorm", name, build, compute, {"training": training, "momentum": momentum, "eps": eps},
             fixed=("runningMean", "runningVariance"), **options)

    batch_norm("4x3", 4, 3)
    batch_norm("2x1", 2, 1)
    batch_norm("32x37", 32, 37)
    batch_norm("2x5x19", 2, 5, 19)
    batch_norm("300x5, more rows than a block", 300, 5)
    batch_norm("7x5, no bias", 7, 5, affine=("weight",))
    batch_norm("7x5, no weight", 7, 5, affine=("bias",))
    batch_norm("7x5, neither weight nor bias", 7, 5, affine=())
    batch_norm("7x5, running statistics that move", 7, 5, running=True)
    batch_norm("eps 0.1", 6, 4, eps=0.1)
    batch_norm("mean 1000", 9, 4, shift=1000.0, tolerance=1e-3)
    batch_norm("evaluation", 6, 21, running=True, training=False)
    batch_norm("evaluation, one row", 1, 5, running=True, training=False)
    batch_norm("evaluation, 2x3x5, neither weight nor bias", 2, 3, 5, affine=(), running=True, training=False)


def other_normalisations():
    def rms_norm(name, make, weight=True, eps=1e-5):
        def build():
            x = make()
            return {"x": x} | ({"weight": randn(x.shape[-1])} if weight else {})

        def compute(x, weight=None):
            y = x / (x.square().mean(-1, keepdim=True) + eps).sqrt()
            return y if weight is None else y * weight

        case("RmsNorm", name, build, compute, {"eps": eps})

    rms_norm("3x5", lambda: randn(3, 5))
    rms_norm("2x3x37", lambda: randn(2, 3, 37))
    rms_norm("vector, no weight", lambda: randn(19), weight=False)
    rms_norm("eps 0.1", lambda: randn(4, 9), eps=0.1)
    rms_norm("mean 1000", lambda: randn(3, 16) + 1000)
    rms_norm("300x3, more rows than a block", lambda: randn(300, 3))

    def group_norm(name, groups, *shape, affine=("weight", "bias"), eps=1e-5, shift=0.0, **options):
        def compute(x, *values):
            given = dict(zip(affine, values))
            return F.group_norm(x.movedim(-1, 1), groups, given.get("weight"), given.get("bias"), eps).movedim(1, -1)

        case("GroupNorm", name, lambda: {"x": randn(*shape) + shift} | {k: randn(shape[-1]) for k in affine}, compute,
             {"groups": groups, "eps": eps}, **options)

    group_norm("4x6 in 2", 2, 4, 6)
    group_norm("3x5 in 1", 1, 3, 5)
    group_norm("2x5x6 in 3", 3, 2, 5, 6)
    group_norm("2x3x74 in 2", 2, 2, 3, 74)
    group_norm("2x7x3 in 3, a channel each", 3, 2, 7, 3)
    group_norm("3x4x6 in 2, no bias", 2, 3, 4, 6, affine=("weight",))
    group_norm("3x4x6 in 2, neither weight nor bias", 2, 3, 4, 6, affine=())
    group_norm("eps 0.1", 2, 3, 8, eps=0.1)
    group_norm("mean 1000", 2, 3, 4, 8, shift=1000.0, tolerance=1e-3)


def lookup_and_attention():
    for shape in [(), (4,), (2, 3), (2, 1, 5)]:
        case("Embedding", "ids of rank %d" % len(shape), lambda: ({"weight": randn(6, 5)}, {"ids": ints(6, *shape)}),
             lambda weight, ids: F.embedding(ids, weight))
    case("Embedding", "one row many times", lambda: ({"weight": randn(3, 4)}, {"ids": torch.tensor([1, 1, 1, 2, 1])}),
         lambda weight, ids: F.embedding(ids, weight))

    def attention(q, k, v, causal):
        scores = q @ k.mT / q.shape[-1] ** 0.5
        if causal:
            above = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
            scores = scores.masked_fill(above, float("-inf"))
        return scores.softmax(-1) @ v

    for name, b, h, tq, tk, d, causal, scale in [
        ("T 1", 2, 1, 1, 1, 4, True, 1.0),
        ("T 5", 2, 3, 5, 5, 4, True, 1.0),
        ("T 5", 2, 3, 5, 5, 4, False, 1.0),
        ("T 17, odd head width", 1, 2, 17, 17, 7, True, 1.0),
        ("T 17, odd head width", 1, 2, 17, 17, 7, False, 1.0),
        ("one query, five keys", 2, 2, 1, 5, 4, False, 1.0),
        ("large scores", 1, 1, 7, 7, 8, True, 10.0),
    ]:
        case("ScaledDotProductAttention", name + (", causal" if causal else ""),
             lambda: {"q": randn(b, h, tq, d, scale=scale), "k": randn(b, h, tk, d, scale=scale), "v": randn(b, h, tk, d)},
             lambda q, k, v: attention(q, k, v, causal), {"causal": causal}, tolerance=1e-4 if scale > 1 else None)


products()
classification_losses()
regression_and_margin_losses()
normalisation()
batch_normalisation()
other_normalisations()
lookup_and_attention()
