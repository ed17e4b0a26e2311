"""The fourth lecture's trainings of 200,000 steps in PyTorch, of the random numbers that Nabla draws: the same split, the same
first parameters, the same minibatches.

    makemore_activations.py names.txt naive|output|tanh|kaiming|norm|deep [steps]

Prints one line of JSON: steps per second, and the losses on the training and dev splits.
"""
import json
import random
import sys
import time

import torch
import torch.nn.functional as F

from makemore_mlp import examples

GAIN = 5 / 3
SCALES = {  # of W1, b1, W2, b2
    "naive": (1, 1, 1, 1),
    "output": (1, 1, 0.01, 0),
    "tanh": (0.2, 0.01, 0.01, 0),
    "kaiming": (GAIN / 30**0.5, 0.01, 0.01, 0),
    "norm": (GAIN / 30**0.5, None, 0.01, 0),
}


class Norm:
    """Batch norm by the unbiased variance, with an epsilon (the deep network) or without (the lecture's inline form)."""

    def __init__(self, width, epsilon, momentum, of_std):
        self.gain, self.bias = torch.ones(1, width), torch.zeros(1, width)
        self.mean, self.spread = torch.zeros(1, width), torch.ones(1, width)
        self.epsilon, self.momentum, self.of_std = epsilon, momentum, of_std
        self.training = True

    def __call__(self, x):
        mean, spread = self.mean, self.spread
        if self.training:
            mean = x.mean(0, keepdim=True)
            spread = x.std(0, keepdim=True) if self.of_std else x.var(0, keepdim=True)
            with torch.no_grad():
                self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
                self.spread = (1 - self.momentum) * self.spread + self.momentum * spread
        return self.gain * (x - mean) / (spread if self.of_std else (spread + self.epsilon).sqrt()) + self.bias


def shallow(rung, g):
    w1_scale, b1_scale, w2_scale, b2_scale = SCALES[rung]
    table = torch.randn((27, 10), generator=g)
    w1 = torch.randn((30, 200), generator=g) * w1_scale
    b1 = None if b1_scale is None else torch.randn(200, generator=g) * b1_scale
    w2 = torch.randn((200, 27), generator=g) * w2_scale
    b2 = torch.randn(27, generator=g) * b2_scale
    norm = Norm(200, 0, 0.001, of_std=True) if b1 is None else None

    def logits_of(x):
        before = table[x].view(-1, 30) @ w1
        before = norm(before) if b1 is None else before + b1
        return torch.tanh(before) @ w2 + b2

    parameters = [table, w1, w2, b2] + ([b1] if norm is None else [norm.gain, norm.bias])
    return logits_of, parameters, [norm] if norm else []


def deep(g):
    table = torch.randn((27, 10), generator=g)
    sizes = [30, 100, 100, 100, 100, 100, 27]
    weights = [torch.randn(pair, generator=g) / pair[0] ** 0.5 for pair in zip(sizes, sizes[1:])]
    weights = [weight * GAIN for weight in weights]
    norms = [Norm(size, 1e-5, 0.1, of_std=False) for size in sizes[1:]]
    norms[-1].gain *= 0.1

    def logits_of(x):
        h = table[x].view(-1, 30)
        for i, (weight, norm) in enumerate(zip(weights, norms)):
            h = norm(h @ weight)
            h = torch.tanh(h) if i < 5 else h
        return h

    return logits_of, [table, *weights] + [p for norm in norms for p in (norm.gain, norm.bias)], norms


def main():
    rung = sys.argv[2]
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 200_000
    torch.set_num_threads(1)
    with open(sys.argv[1], encoding="ascii") as file:
        words = file.read().splitlines()
    random.seed(42)
    random.shuffle(words)
    first, second = len(words) * 8 // 10, len(words) * 9 // 10
    train, dev = examples(words[:first]), examples(words[first:second])
    g = torch.Generator().manual_seed(2147483647)
    logits_of, parameters, norms = deep(g) if rung == "deep" else shallow(rung, g)
    for parameter in parameters:
        parameter.requires_grad = True
    turn = steps * 3 // 4 if rung == "deep" else steps // 2

    start = time.perf_counter()
    for step in range(steps):
        ix = torch.randint(0, len(train[1]), (32,), generator=g)
        loss = F.cross_entropy(logits_of(train[0][ix]), train[1][ix])
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        rate = 0.1 if step < turn else 0.01
        for parameter in parameters:
            parameter.data -= rate * parameter.grad
        if step == 0:
            first_loss = loss.item()
    seconds = time.perf_counter() - start
    for norm in norms:
        norm.training = False
    with torch.no_grad():
        losses = [F.cross_entropy(logits_of(x), y).item() for x, y in (train, dev)]
    print(json.dumps({"rung": rung, "steps": steps, "steps_per_second": steps / seconds, "first_loss": first_loss,
                      "train": losses[0], "dev": losses[1]}))


if __name__ == "__main__":
    main()
