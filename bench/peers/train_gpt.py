"""Trains a GPT in PyTorch, float32 on the CPU, as fast as PyTorch 1.13 goes, and prints one line of JSON with the speed.

    train_gpt.py gpt2-124m --steps 5 --threads 4
    train_gpt.py names --width 128 --layers 4 --text names.txt --steps 200

The model is GPT-2's: pre-norm blocks, tanh-GELU, biases everywhere but in the head, the head tied to the token embedding;
AdamW with weight decay on matrices only, gradients clipped at norm 1. Without --text the tokens are random, which costs
the same. See bench/README.md for the environment that makes PyTorch fast.
"""
import argparse
import json
import math
import os
import resource
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

# What changes PyTorch's speed without changing the program; goes into the output.
ENVIRONMENT = ("OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY", "OMP_NUM_THREADS", "MALLOC_MMAP_THRESHOLD_")
PRESETS = {
    "gpt2-124m": dict(layers=12, heads=12, width=768, context=64, positions=1024, batch=4, vocabulary=50257, lr=3e-4),
    "shakespeare-4x128": dict(layers=4, heads=4, width=128, context=64, positions=64, batch=12, vocabulary=65, lr=1e-3),
    "lecture-cpu": dict(layers=4, heads=4, width=64, context=32, positions=32, batch=16, vocabulary=65, lr=1e-3),
    "names": dict(layers=4, heads=4, width=64, context=16, positions=16, batch=32, vocabulary=27, lr=1e-3),
}


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.mix = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        b, t, c = x.shape
        # One copy brings queries, keys and values into [3, B*heads, T, C/heads], ready for batched products.
        q, k, v = self.qkv(self.ln_1(x)).view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4).reshape(3, b * self.heads, t, -1)
        # The mask is the product's start value: scale, product and mask in one pass over the scores.
        scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=1 / math.sqrt(c // self.heads))
        mixed = torch.bmm(scores.softmax(-1), v).view(b, self.heads, t, -1).transpose(1, 2).reshape(b, t, c)
        x = x + self.mix(mixed)
        return x + self.down(F.gelu(self.up(self.ln_2(x)), approximate="tanh"))


class Gpt(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(o.vocabulary, o.width), nn.Embedding(o.positions, o.width)
        self.blocks = nn.ModuleList(Block(o.width, o.heads) for _ in range(o.layers))
        self.ln_f = nn.LayerNorm(o.width)
        self.register_buffer("mask", torch.full((1, o.context, o.context), float("-inf")).triu(1))
        for name, p in self.named_parameters():
            if p.dim() == 2:
                residual = name.endswith(("mix.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * o.layers) if residual else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, self.mask)
        logits = F.linear(self.ln_f(x), self.wte.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", choices=PRESETS)
    for name in ("layers", "heads", "width", "context", "batch", "vocabulary"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--lr", type=float)
    parser.add_argument("--steps", type=int, default=20, help="steps that are timed (default 20)")
    parser.add_argument("--warmup", type=int, default=3, help="steps before them that are not (default 3)")
    parser.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    parser.add_argument("--text", help="train on the characters of this file instead of random tokens")
    parser.add_argument("--foreach", action="store_true", help="AdamW over lists of parameters: on a CPU mostly slower")
    parser.add_argument("--seed", type=int, default=1337)
    options = parser.parse_args()
    for name, value in PRESETS[options.preset].items():
        if getattr(options, name, None) is None:
            setattr(options, name, value)
    options.positions = max(options.positions, options.context)
    return options


def batches(o):
    """Makes a function that gives the next (ids, targets), each [B, T]."""
    if o.text is None:
        tokens = torch.randint(o.vocabulary, (1 << 20,))
    else:
        with open(o.text, encoding="utf-8") as f:
            text = f.read()
        characters = {c: i for i, c in enumerate(sorted(set(text)))}
        o.vocabulary = len(characters)
        tokens = torch.tensor([characters[c] for c in text])
    offsets = torch.arange(o.context + 1)

    def draw():
        starts = torch.randint(len(tokens) - o.context, (o.batch, 1))
        window = tokens[starts + offsets]
        return window[:, :-1], window[:, 1:].contiguous()

    return draw


def main():
    o = read_options()
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    draw = batches(o)
    model = Gpt(o)
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
        "program": "pytorch " + torch.__version__, "preset": o.preset, "threads": torch.get_num_threads(),
        "layers": o.layers, "heads": o.heads, "width": o.width, "context": o.context, "batch": o.batch,
        "vocabulary": o.vocabulary, "foreach": o.foreach, "parameters": sum(p.numel() for p in parameters), "steps": o.steps,
        "secondsPerStep": round(median, 6), "fastest": round(min(timed), 6), "slowest": round(max(timed), 6),
        "tokensPerSecond": round(o.batch * o.context / median, 1),
        "firstLoss": round(losses[0], 4), "lastLoss": round(losses[-1], 4),
        "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "environment": {name: os.environ.get(name) for name in ENVIRONMENT},
    }))


if __name__ == "__main__":
    main()
