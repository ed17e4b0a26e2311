"""Trains a GPT in PyTorch, float32 on the CPU, as fast as PyTorch 1.13 goes, and prints one line of JSON with the speed.

    train_gpt.py gpt2-124m --steps 5 --threads 4
    train_gpt.py names --width 128 --layers 4 --text names.txt --steps 200

The model is GPT-2's: pre-norm blocks, tanh-GELU, biases everywhere but in the head, the head tied to the token embedding; in
`gpt-10m` it is the lecture's: ReLU, no biases of queries, keys and values, a head of its own with a bias, dropout. AdamW with
weight decay on matrices only, gradients clipped at norm 1. Without --text the tokens are random, which costs the same, and the
batches are those that `Nabla.Benchmarks train` draws. See bench/README.md for the environment that makes PyTorch fast.
"""
import argparse
import json
import os
import resource
import statistics
import time

import torch
import torch.nn as nn

import gpt_model
from gpt_model import Gpt, load_ours

# What changes PyTorch's speed without changing the program; goes into the output.
ENVIRONMENT = ("OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY", "OMP_NUM_THREADS", "MALLOC_MMAP_THRESHOLD_")
PRESETS = {
    "gpt2-124m": dict(layers=12, heads=12, width=768, context=64, batch=4, vocabulary=50257, lr=3e-4),
    "gpt-10m": dict(layers=6, heads=6, width=384, context=256, batch=64, vocabulary=65, lr=3e-4, dropout=0.2),
    "shakespeare-4x128": dict(layers=4, heads=4, width=128, context=64, batch=12, vocabulary=65, lr=1e-3),
    "lecture-cpu": dict(layers=4, heads=4, width=64, context=32, batch=16, vocabulary=65, lr=1e-3),
    "names": dict(layers=4, heads=4, width=64, context=16, batch=32, vocabulary=27, lr=1e-3),
}


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", choices=PRESETS)
    for name in ("layers", "heads", "width", "context", "batch", "vocabulary"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--bit-dropout", action="store_true", help="a faster dropout than PyTorch's own")
    parser.add_argument("--lr", type=float)
    parser.add_argument("--steps", type=int, default=20, help="steps that are timed (default 20)")
    parser.add_argument("--warmup", type=int, default=3, help="steps before them that are not (default 3)")
    parser.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    parser.add_argument("--text", help="train on the characters of this file instead of random tokens")
    parser.add_argument("--weights", help="begin with the weights of this safetensors file of ours")
    parser.add_argument("--foreach", action="store_true", help="AdamW over lists of parameters: on a CPU mostly slower")
    parser.add_argument("--seed", type=int, default=1337)
    options = parser.parse_args()
    for name, value in {"dropout": 0.0, **PRESETS[options.preset]}.items():
        if getattr(options, name, None) is None:
            setattr(options, name, value)
    options.lecture = options.preset == "gpt-10m"
    return options


def batches(o):
    """Makes a function that gives the next (ids, targets), each [B, T]."""
    if o.text is None:
        tokens = torch.randint(o.vocabulary, (1 << 20,), generator=torch.Generator().manual_seed(1))
    else:
        with open(o.text, encoding="utf-8") as f:
            text = f.read()
        characters = {c: i for i, c in enumerate(sorted(set(text)))}
        o.vocabulary = len(characters)
        tokens = torch.tensor([characters[c] for c in text])
    offsets = torch.arange(o.context + 1)
    generator = torch.Generator().manual_seed(o.seed + 2)

    def draw():
        starts = torch.randint(len(tokens) - o.context, (o.batch, 1), generator=generator)
        window = tokens[starts + offsets]
        return window[:, :-1], window[:, 1:].contiguous()

    return draw


def main():
    o = read_options()
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    draw = batches(o)
    if o.bit_dropout:
        gpt_model.drop = gpt_model.drop_by_bits
    model = Gpt(o)
    if o.weights:
        load_ours(model, o.weights)
    parameters = list(model.parameters())
    matrices, vectors = [p for p in parameters if p.dim() >= 2], [p for p in parameters if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=o.lr, betas=(0.9, 0.95), eps=1e-8, foreach=o.foreach)

    seconds, losses = [], []
    for _ in range(o.warmup + o.steps):
        start = time.perf_counter()
        loss = model(*draw())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)

    timed = seconds[o.warmup:]
    median = statistics.median(timed)
    print(json.dumps({
        "program": "PyTorch " + torch.__version__, "preset": o.preset, "threads": torch.get_num_threads(),
        "layers": o.layers, "heads": o.heads, "width": o.width, "context": o.context, "batch": o.batch,
        "vocabulary": o.vocabulary, "dropout": o.dropout, "parameters": sum(p.numel() for p in parameters), "steps": o.steps,
        "secondsPerStep": median, "fastest": min(timed), "slowest": max(timed),
        "tokensPerSecond": o.batch * o.context / median,
        "firstLoss": losses[0], "lastLoss": losses[-1],
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "environment": {name: os.environ.get(name) for name in ENVIRONMENT},
    }))


if __name__ == "__main__":
    main()
