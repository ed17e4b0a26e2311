"""Trains makemore's transformer in PyTorch, as `nabla train names-full --model transformer` does: the same split, rows, sizes and
rates, from other random numbers. Prints the loss of the whole validation split, in nats per token.

    makemore_transformer.py names.txt [steps]
"""
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

ROW, WIDTH, HEADS, LAYERS, TOKENS, NONE = 16, 64, 4, 4, 27, -100


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH)
        self.c_proj = nn.Linear(WIDTH, WIDTH)
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.c_fc = nn.Linear(WIDTH, 4 * WIDTH)
        self.c_out = nn.Linear(4 * WIDTH, WIDTH)
        self.register_buffer("future", torch.triu(torch.ones(ROW, ROW), 1) == 1)

    def forward(self, x):
        batch, length, _ = x.shape
        parts = self.c_attn(self.ln_1(x)).split(WIDTH, 2)
        q, k, v = (part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2) for part in parts)
        scores = q @ k.transpose(-2, -1) / math.sqrt(WIDTH // HEADS)
        weights = scores.masked_fill(self.future[:length, :length], float("-inf")).softmax(-1)
        x = x + self.c_proj((weights @ v).transpose(1, 2).reshape(batch, length, WIDTH))
        return x + self.c_out(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, WIDTH)
        self.positions = nn.Embedding(ROW, WIDTH)
        self.blocks = nn.Sequential(*[Block() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, TOKENS, bias=False)

    def forward(self, ids):
        return self.head(self.norm(self.blocks(self.tokens(ids) + self.positions.weight[: ids.shape[1]])))


def rows(names):
    inputs, targets = [], []
    for name in names:
        ids = [0] + [ord(letter) - ord("a") + 1 for letter in name]
        inputs.append((ids + [0] * ROW)[:ROW])
        targets.append((ids[1:] + [0] + [NONE] * ROW)[:ROW])
    return torch.tensor(inputs), torch.tensor(targets)


def loss_of(model, x, y):
    return F.cross_entropy(model(x).view(-1, TOKENS), y.view(-1), ignore_index=NONE)


def main():
    lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    names = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(42)).tolist()
    count = int(0.9 * len(names))
    x, y = rows([names[i] for i in order[:count]])
    validation = rows([names[i] for i in order[count:]])
    torch.manual_seed(42)
    model = Transformer()
    matrices = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in model.parameters() if parameter.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=5e-4, betas=(0.9, 0.99))
    print(f"{sum(parameter.numel() for parameter in model.parameters()):,} parameters")
    start = time.perf_counter()
    for step in range(1, steps + 1):
        chosen = torch.randint(0, len(x), (32,))
        optimizer.zero_grad(set_to_none=True)
        loss_of(model, x[chosen], y[chosen]).backward()
        optimizer.step()
        if step % 1000 == 0 or step == steps:
            with torch.no_grad():
                print(f"step {step}: validation {loss_of(model, *validation).item():.4f}, {time.perf_counter() - start:.0f} s", flush=True)


main()
