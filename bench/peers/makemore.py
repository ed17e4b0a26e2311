"""The trainings that `Nabla.Benchmarks makemore` times, in PyTorch, from the same weights and on the same minibatches.

    makemore.py mlp|deep|wavenet|transformer names.txt weights.safetensors [--steps N] [--runs N] [--threads N ...]

Prints one line of JSON for each number of threads: the median and the highest steps per second of the runs, after one run that
is not timed, and the losses of the first and the last minibatch.
"""
import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from makemore_mlp import CHARACTERS, examples
from gpt_model import Block, read_weights

BATCH = 32
SEED = 42


class Normalize(nn.BatchNorm1d):
    """Of channels that stand last: a view is all it takes."""

    def forward(self, x):
        return super().forward(x.view(-1, x.shape[-1])).view(x.shape)


class JoinPairs(nn.Module):
    def forward(self, x):
        b, t, c = x.shape
        return x.view(b, t // 2, c * 2) if t > 2 else x.view(b, c * 2)


class WindowModel(nn.Module):
    def __init__(self, embedding, *layers):
        super().__init__()
        self.embedding = nn.Embedding(27, embedding)
        self.layers = nn.Sequential(*layers)

    def forward(self, x, y):
        return F.cross_entropy(self.layers(self.embedding(x)), y)


class Transformer(nn.Module):
    def __init__(self, layers=4, heads=4, width=64, context=16):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(27, width), nn.Embedding(context, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f, self.lm_head = nn.LayerNorm(width), nn.Linear(width, 27, bias=False)
        self.mask = torch.full((1, context, context), float("-inf")).triu(1)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe.weight
        for block in self.h:
            x = block(x, self.mask)
        return F.cross_entropy(self.lm_head(self.ln_f(x)).flatten(0, 1), targets.flatten())


def mlp():
    return WindowModel(10, nn.Flatten(), nn.Linear(30, 200), nn.Tanh(), nn.Linear(200, 27))


def deep():
    layers = [nn.Flatten()]
    for inputs in (30, 100, 100, 100, 100):
        layers += [nn.Linear(inputs, 100, bias=False), nn.BatchNorm1d(100), nn.Tanh()]
    return WindowModel(10, *layers, nn.Linear(100, 27, bias=False), nn.BatchNorm1d(27))


def wavenet():
    layers = []
    for inputs in (24, 128, 128):
        layers += [JoinPairs(), nn.Linear(2 * inputs, 128, bias=False), Normalize(128), nn.Tanh()]
    return WindowModel(24, *layers, nn.Linear(128, 27))


MODELS = {"mlp": mlp, "deep": deep, "wavenet": wavenet, "transformer": Transformer}
OUR_NAMES = (("attn.c_attn", "qkv"), ("attn.c_proj", "mix"), ("mlp.c_fc", "up"), ("mlp.c_proj", "down"))


def load(model, weights):
    missing, unexpected = model.load_state_dict(weights, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise ValueError(f"weights: {missing} missing, {unexpected} too many")


def rows(words, length=16):
    """Words one by one: [N, T] of the dot and the characters, [N, T] of the characters, the dot, and -100 to the end."""
    ids = [[CHARACTERS.index(character) for character in word] for word in words]
    inputs = [[0] + word + [0] * (length - 1 - len(word)) for word in ids]
    targets = [word + [0] + [-100] * (length - 1 - len(word)) for word in ids]
    return torch.tensor(inputs), torch.tensor(targets)


def training_data(name, path):
    with open(path, encoding="ascii") as file:
        words = file.read().splitlines()
    order = torch.randperm(len(words), generator=torch.Generator().manual_seed(42)).tolist()
    words = [words[i] for i in order[:len(words) * 8 // 10]]
    return rows(words) if name == "transformer" else examples(words, 8 if name == "wavenet" else 3)


def adamw(parameters):
    optimizer = torch.optim.AdamW(parameters, lr=5e-4, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01)
    return optimizer.step


def sgd(parameters):
    """A plain loop, as in the lectures: torch.optim.SGD is no faster."""
    @torch.no_grad()
    def step():
        for parameter in parameters:
            parameter.add_(parameter.grad, alpha=-0.1)

    return step


def train(name, weights, x, y, steps):
    model = MODELS[name]()
    load(model, weights)
    parameters = list(model.parameters())
    update = adamw(parameters) if name == "transformer" else sgd(parameters)
    g = torch.Generator().manual_seed(SEED)
    start = time.perf_counter()
    for step in range(steps):
        ix = torch.randint(0, len(x), (BATCH,), generator=g)
        loss = model(x[ix], y[ix])
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        update()
        if step == 0:
            first = loss.item()
    return steps / (time.perf_counter() - start), first, loss.item(), sum(p.numel() for p in parameters)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("names", help="the file of names")
    parser.add_argument("weights", help="the safetensors file of the weights to begin with")
    parser.add_argument("--steps", type=int, default=1000, help="steps of a run (default 1000)")
    parser.add_argument("--warmup", type=int, help="steps of the run that is not timed (default: as many)")
    parser.add_argument("--runs", type=int, default=3, help="runs that are timed (default 3)")
    parser.add_argument("--threads", type=int, nargs="+", default=(1, 2, 4), help="default 1 2 4")
    return parser.parse_args()


def main():
    o = read_options()
    weights = read_weights(o.weights, OUR_NAMES)
    x, y = training_data(o.model, o.names)
    for threads in o.threads:
        torch.set_num_threads(threads)
        train(o.model, weights, x, y, o.warmup or o.steps)
        results = [train(o.model, weights, x, y, o.steps) for _ in range(o.runs)]
        speeds = [result[0] for result in results]
        _, first, last, parameters = results[0]
        print(json.dumps({"threads": threads, "stepsPerSecond": statistics.median(speeds), "fastest": max(speeds),
                          "firstLoss": first, "lastLoss": last, "parameters": parameters}), flush=True)


if __name__ == "__main__":
    main()
