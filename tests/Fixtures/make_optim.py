"""Writes optim.json: ten steps of each optimiser, gradient clipping, and learning-rate schedules, in float64."""
import math

import torch

from fixture_json import write_cases

STEPS = 10
SHAPES = {"w": (3, 2), "b": (4,)}


def made(scale=1.0):
    return {k: (torch.randn(s, dtype=torch.float64) * scale * 1000).round().div(1000).float() for k, s in SHAPES.items()}


def gradients():
    """Of very different sizes: one element of w is zero throughout, one of b a million times larger than another."""
    steps = []
    for _ in range(STEPS):
        g = made()
        g["w"][1, 0] = 0
        g["b"] = (g["b"] * torch.tensor([1e3, 1.0, 1e-3, 1e-5])).float()
        steps.append(g)
    return steps


def optimizer_cases():
    torch.manual_seed(42)
    start, grads = made(), gradients()
    adam = {"beta1": 0.9, "beta2": 0.95, "eps": 1e-8}
    chosen = [("SGD", {"learningRate": 0.1, "momentum": m, "weightDecay": d}) for m in (0.0, 0.9) for d in (0.0, 0.1)]
    chosen += [(o, {"learningRate": 0.01, **adam, "weightDecay": d}) for o in ("Adam", "AdamW") for d in (0.0, 0.1)]
    chosen += [(o, {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weightDecay": d})
               for o, d in (("Adam", 0.0), ("AdamW", 0.01))]
    for name, args in chosen:
        torch_args = {"lr": args["learningRate"], "weight_decay": args["weightDecay"]}
        if name == "SGD":
            torch_args["momentum"] = args["momentum"]
        else:
            torch_args |= {"betas": (args["beta1"], args["beta2"]), "eps": args["eps"]}
        params = {k: v.double().requires_grad_() for k, v in start.items()}
        optimizer = getattr(torch.optim, name)(params.values(), **torch_args)
        after = []
        for step in grads:
            for k, p in params.items():
                p.grad = step[k].double()
            optimizer.step()
            after.append({k: p.detach().clone() for k, p in params.items()})
        title = ", ".join(f"{k} {v:g}" for k, v in args.items())
        yield {"kind": "optimizer", "case": f"{name}: {title}", "optimizer": name, "args": args, "params": start,
               "grads": grads, "after": after}


def clipping_cases():
    torch.manual_seed(7)
    for max_norm, scale in [(1.0, 1.0), (1.0, 0.01), (0.25, 100.0), (5.0, 1.0)]:
        grads = made(scale)
        params = {k: torch.zeros(s, dtype=torch.float64).requires_grad_() for k, s in SHAPES.items()}
        for k, p in params.items():
            p.grad = grads[k].double()
        norm = torch.nn.utils.clip_grad_norm_(params.values(), max_norm)
        yield {"kind": "clip", "case": f"max norm {max_norm:g}, norm {norm.item():.3g}", "maxNorm": max_norm, "grads": grads,
               "norm": norm.item(), "clipped": {k: p.grad for k, p in params.items()}}


def torch_rates(schedule, base, steps):
    """What one of PyTorch's own schedulers gives for the steps 0, 1, ..."""
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=base)
    scheduler = schedule(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warm(rate, warmup, step):
    """(step + 1) / warmup of the rate, so that the first step is not idle."""
    return rate * (step + 1) / warmup


def cosine(step, maximum, minimum, warmup, steps):
    if step < warmup:
        return warm(maximum, warmup, step)
    if step > steps:
        return minimum
    part = (step - warmup) / (steps - warmup)
    return minimum + 0.5 * (1 + math.cos(math.pi * part)) * (maximum - minimum)


def linear(step, maximum, minimum, warmup, steps):
    if step < warmup:
        return warm(maximum, warmup, step)
    if step > steps:
        return minimum
    return maximum + (minimum - maximum) * (step - warmup) / (steps - warmup)


def schedule_cases():
    def record(schedule, case, args, steps, rates):
        return {"kind": "schedule", "case": case, "schedule": schedule, "args": args, "steps": steps, "rates": rates}

    schedulers = torch.optim.lr_scheduler
    rates = torch_rates(lambda o: schedulers.StepLR(o, step_size=4, gamma=0.1), 0.1, 14)
    yield record("Step", "every 4 steps by 0.1", {"learningRate": 0.1, "stepSize": 4, "gamma": 0.1}, list(range(14)), rates)
    rates = torch_rates(lambda o: schedulers.MultiStepLR(o, milestones=[5], gamma=0.1), 0.1, 8)
    yield record("Step", "once, after 5 of 8 steps", {"learningRate": 0.1, "stepSize": 5, "gamma": 0.1}, list(range(8)), rates)

    rates = torch_rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=10, eta_min=1e-5), 1e-3, 11)
    plain = {"maximum": 1e-3, "minimum": 1e-5, "warmup": 0, "steps": 10}
    assert all(math.isclose(r, cosine(i, **plain), rel_tol=1e-12) for i, r in enumerate(rates))
    yield record("Cosine", "without warm-up", plain, list(range(14)), [cosine(i, **plain) for i in range(14)])
    rates = torch_rates(lambda o: schedulers.LinearLR(o, start_factor=1.0, end_factor=0.01, total_iters=10), 1e-3, 11)
    assert all(math.isclose(r, linear(i, **plain), rel_tol=1e-12) for i, r in enumerate(rates))
    yield record("Linear", "without warm-up", plain, list(range(14)), [linear(i, **plain) for i in range(14)])

    gpt2 = {"maximum": 6e-4, "minimum": 6e-5, "warmup": 715, "steps": 19073}
    at = [0, 1, 100, 713, 714, 715, 716, 5000, 9894, 15000, 19071, 19072, 19073, 19074, 30000]
    expected = {0: 8.3916e-7, 100: 8.4755e-5, 714: 6e-4, 715: 6e-4, 9894: 3.3e-4, 19072: 6e-5, 30000: 6e-5}
    assert all(math.isclose(cosine(i, **gpt2), r, rel_tol=1e-4) for i, r in expected.items())
    yield record("Cosine", "of GPT-2's reproduction", gpt2, at, [cosine(i, **gpt2) for i in at])
    short = {"maximum": 1e-3, "minimum": 1e-4, "warmup": 3, "steps": 12}
    yield record("Linear", "with warm-up", short, list(range(16)), [linear(i, **short) for i in range(16)])
    yield record("Cosine", "with warm-up", short, list(range(16)), [cosine(i, **short) for i in range(16)])


if __name__ == "__main__":
    write_cases("optim.json", [*optimizer_cases(), *clipping_cases(), *schedule_cases()])
