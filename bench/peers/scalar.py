"""The steps that `Nabla.Benchmarks scalar` times, on single numbers in Python: once with a small engine in the style of the
lecture (closures, sets, a recursive topological order), once with PyTorch tensors of no dimension in float64.

    scalar.py FILE [steps]

FILE is JSON: `points`, `labels`, the `sizes` of the layers, and the `parameters` in order, for each neuron its weights and then
its bias. Prints one line of JSON for each engine: the median seconds of a step, after one step that is not timed, and the loss
that the last step saw.
"""
import json
import sys
import time


class Value:
    def __init__(self, data, children=(), op=""):
        self.data = data
        self.grad = 0.0
        self._prev = set(children)
        self._op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def backward():
            if out.data > 0:
                self.grad += out.grad

        out._backward = backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for child in value._prev:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value._backward()

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other**-1

    __radd__ = __add__
    __rmul__ = __mul__


def layers_of(parameters, sizes):
    """For each layer, for each neuron, its weights and its bias."""
    rest = iter(parameters)
    return [
        [([next(rest) for _ in range(inputs)], next(rest)) for _ in range(outputs)]
        for inputs, outputs in zip(sizes, sizes[1:])
    ]


def score_of(layers, x):
    for i, layer in enumerate(layers):
        sums = [sum((w * v for w, v in zip(weights, x)), bias) for weights, bias in layer]
        x = [s.relu() for s in sums] if i < len(layers) - 1 else sums
    return x[0]


def train(data, steps, make, zero):
    """Times steps of gradient descent; `make` turns a number into a parameter, `zero` forgets its gradient."""
    parameters = [make(value) for value in data["parameters"]]
    layers = layers_of(parameters, data["sizes"])
    seconds = []
    for k in range(steps + 1):
        start = time.perf_counter()
        losses = [(1 - label * score_of(layers, point)).relu() for point, label in zip(data["points"], data["labels"])]
        loss = sum(losses[1:], losses[0]) / len(losses)
        squares = [p * p for p in parameters]
        loss = loss + 1e-4 * sum(squares[1:], squares[0])
        for p in parameters:
            zero(p)
        loss.backward()
        for p in parameters:
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        seconds.append(time.perf_counter() - start)
    return sorted(seconds[1:])[steps // 2], float(loss.data)


def forget(parameter):
    parameter.grad = 0.0


def forget_tensor(parameter):
    parameter.grad = None


def report(engine, seconds, loss):
    print(json.dumps({"engine": engine, "secondsPerStep": seconds, "loss": loss}), flush=True)


def main():
    sys.setrecursionlimit(1_000_000)
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 9

    report("plain Python", *train(data, steps, Value, forget))

    import torch
    torch.set_num_threads(1)
    report("PyTorch", *train(data, steps, lambda v: torch.tensor(v, dtype=torch.float64, requires_grad=True), forget_tensor))


if __name__ == "__main__":
    main()
