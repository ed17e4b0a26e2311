"""One case of an operation: float32 inputs, and what PyTorch makes of them in float64."""
import zlib

import torch

CASES = []


def randn(*shape, scale=1.0):
    """Normal numbers of three decimals, so that the JSON stays small and readable."""
    return torch.round(torch.randn(shape, dtype=torch.float64) * scale * 1000) / 1000


def positive(*shape):
    """Numbers in 0.1 .. 3.1, of three decimals."""
    return torch.round((torch.rand(shape, dtype=torch.float64) * 3 + 0.1) * 1000) / 1000


def ints(high, *shape):
    return torch.randint(0, high, shape)


def given(values):
    return torch.tensor(values, dtype=torch.float64)


def case(op, name, build, compute, args=None, fixed=(), tolerance=None):
    """Adds one case.

    build: makes (inputs, ids): float tensors by name, and whole-number tensors by name. It runs under a seed of its own,
    derived from the case's names, so that a new case changes no other.
    compute: takes the inputs, then the ids, in that order; returns a tensor, a list of tensors, or (values, indices).
    fixed: names of inputs that have no gradient (targets).
    tolerance: for the few cases in which a correct float32 computation cannot reach the usual one.
    """
    assert all((c["op"], c["case"]) != (op, name) for c in CASES), f"{op}: {name} is there twice"
    torch.manual_seed(zlib.crc32(f"{op}/{name}".encode()))
    made = build()
    inputs, ids = made if isinstance(made, tuple) else (made, {})
    stored = {k: v.to(torch.float32) for k, v in inputs.items()}
    leaves = {k: v.to(torch.float64).requires_grad_(k not in fixed) for k, v in stored.items()}
    y = compute(*leaves.values(), *ids.values())

    record = {"op": op, "case": name, "inputs": stored, "args": args or {}, "ids": ids}
    if isinstance(y, list):
        dys = [randn(*o.shape).to(torch.float32) for o in y]
        torch.autograd.backward(y, [d.to(torch.float64) for d in dys])
        record |= {"outputs": y, "dys": dys}
    else:
        if isinstance(y, tuple):
            y, record["indices"] = y
        dy = randn(*y.shape).to(torch.float32)
        y.backward(dy.to(torch.float64))
        record |= {"output": y, "dy": dy}
    record["grads"] = {k: v.grad for k, v in leaves.items() if v.requires_grad}
    assert all(g is not None and bool(torch.isfinite(g).all()) for g in record["grads"].values()), f"{op}: {name}"
    if tolerance is not None:
        record["tolerance"] = tolerance
    CASES.append(record)
