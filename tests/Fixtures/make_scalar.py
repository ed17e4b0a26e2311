"""Random expressions of single numbers with their gradients, from PyTorch in float64 -> scalar.json.

An expression is a list of steps. Each makes a value from earlier ones, which are named by their places: the leaves come first,
then the results of the steps; the last is the result of all. "+ 0 3" adds two values, "tanh 4" takes one, "pow 2 -0.5" raises
value 2 to a plain number, and "2.5" is a plain number itself. Values are used again at random, so most expressions share some.
"""
import math
import os
import random

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
EXPRESSIONS = 1000
BINARY = ["+", "-", "*", "/"]
UNARY = ["neg", "exp", "log", "tanh", "relu"]
EXPONENTS = [2, 3, -1, -2, 0.5, -0.5, 1.5]


def apply(name, inputs, exponent):
    if name == "pow":
        return inputs[0] ** exponent
    a, b = inputs[0], inputs[-1]
    return {
        "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
        "neg": lambda: -a, "exp": lambda: a.exp(), "log": lambda: a.log(), "tanh": lambda: a.tanh(), "relu": lambda: a.relu(),
    }[name]()


def is_sane(name, inputs, exponent):
    """Whether the operation is far from where it, or its derivative, has no value."""
    x = inputs[-1].item()
    if name == "pow" and exponent == int(exponent):
        return abs(x) > 0.2
    return {"/": abs(x) > 0.2, "log": x > 0.2, "exp": x < 4, "tanh": abs(x) < 4, "relu": abs(x) > 0.05, "pow": x > 0.2}.get(name, True)


def run(steps, leaves):
    values = list(leaves)
    for step in steps:
        name, *rest = step.split(" ")
        if not rest:
            values.append(torch.tensor(float(name), dtype=torch.float64))
        elif name == "pow":
            values.append(values[int(rest[0])] ** float(rest[1]))
        else:
            values.append(apply(name, [values[int(i)] for i in rest], None))
    return values


def grow(rng):
    """A random expression, or None where it has come too near to a bad place."""
    leaves = [torch.tensor(round(rng.uniform(-3, 3), 3), dtype=torch.float64) for _ in range(rng.randint(1, 5))]
    values, steps, depths, unused = list(leaves), [], [0] * len(leaves), set(range(len(leaves)))

    def add(name, places, exponent=None):
        inputs = [values[i] for i in places]
        if not is_sane(name, inputs, exponent):
            return False
        value = apply(name, inputs, exponent)
        if not 1e-3 < abs(value.item()) < 1e3 and value.item() != 0:
            return False
        steps.append(" ".join([name, *map(str, places)] + ([] if exponent is None else ["%g" % exponent])))
        values.append(value)
        depths.append(1 + max(depths[i] for i in places))
        unused.difference_update(places)
        unused.add(len(values) - 1)
        return True

    for _ in range(rng.randint(2, 24)):
        # Late values more often, for depth; any value at times, for sharing.
        pick = lambda: rng.randrange(len(values)) if rng.random() < 0.4 else len(values) - 1 - min(int(rng.expovariate(0.5)), len(values) - 1)
        kind = rng.random()
        if kind < 0.5:
            add(rng.choice(BINARY), [pick(), pick()])
        elif kind < 0.8:
            add(rng.choice(UNARY), [pick()])
        elif kind < 0.92:
            add("pow", [pick()], rng.choice(EXPONENTS))
        else:
            steps.append("%g" % round(rng.uniform(-3, 3), 2))
            values.append(torch.tensor(float(steps[-1]), dtype=torch.float64))
            depths.append(0)
            unused.add(len(values) - 1)
    while len(unused) > 1:
        a, b = sorted(unused)[:2]
        if not add(rng.choice(BINARY), [a, b]) and not add("+", [a, b]):
            return None
    return (steps, leaves, max(depths)) if steps and unused == {len(values) - 1} else None


def gradients(steps, leaves):
    leaves = [leaf.clone().requires_grad_() for leaf in leaves]
    result = run(steps, leaves)[-1]
    result.backward()
    return result.item(), [leaf.grad.item() for leaf in leaves]


def differences(steps, leaves, h=1e-3):
    """The derivatives by five points, which the tests use, too."""
    found = []
    for i in range(len(leaves)):
        at = lambda k: run(steps, [leaf + k * h if j == i else leaf for j, leaf in enumerate(leaves)])[-1].item()
        found.append((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h))
    return found


def text(value):
    return repr(int(value)) if value == int(value) else repr(value)


rng = random.Random(20200413)
lines, depths, tried = [], [], 0
names = dict.fromkeys(BINARY + UNARY + ["pow", "number"], 0)
while len(lines) < EXPRESSIONS:
    tried += 1
    grown = grow(rng)
    if grown is None:
        continue
    steps, leaves, depth = grown
    value, grads = gradients(steps, leaves)
    if not all(math.isfinite(x) and abs(x) < 1e6 for x in [value, *grads]):
        continue
    # Differences must be able to see the derivative: neither a kink nor a cliff nearby.
    if not all(abs(d - g) <= 1e-7 * (1 + abs(g) + abs(value)) for d, g in zip(differences(steps, leaves), grads)):
        continue
    for step in steps:
        name = step.split(" ")[0]
        names[name if name in names else "number"] += 1
    depths.append(depth)
    lines.append('{"leaves":[%s],"steps":"%s","value":%s,"grads":[%s]}' % (
        ",".join(text(leaf.item()) for leaf in leaves), ", ".join(steps), text(value), ",".join(map(text, grads))))

path = os.path.join(HERE, "scalar.json")
with open(path, "w", encoding="utf-8", newline="\n") as f:
    f.write('{"torch": "%s",\n"cases":[\n' % torch.__version__ + ",\n".join(lines) + "\n]}\n")
print(f"scalar.json: {len(lines)} of {tried} expressions, {os.path.getsize(path):,} bytes, depth to {max(depths)}", names)
