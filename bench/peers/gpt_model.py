"""GPT-2's model and the lecture's in PyTorch 1.13, as fast as it goes on a CPU: what `train_gpt.py` trains and `generate.py` runs.

Pre-norm blocks; heads are batched, and queries, keys and values come from one product. There is no fused attention on the CPU
in this version: the T x T scores are kept.
"""
import json
import math

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F

drop = F.dropout
OUR_NAMES = (("h.", "blocks."), ("attn.c_attn", "qkv"), ("attn.c_proj", "mix"), ("mlp.c_fc", "up"), ("mlp.c_proj", "down"))


def linear(x, weight, bias=None):
    """One row as a matrix times a vector: as a product of matrices, OpenBLAS reads the weights at half the speed."""
    if x.numel() != weight.shape[1]:
        return F.linear(x, weight, bias)
    row = torch.mv(weight, x.flatten()) if bias is None else torch.addmv(bias, weight, x.flatten())
    return row.view(*x.shape[:-1], -1)


def drop_by_bits(x, share):
    """
    The same as dropout from 16 random bits an element, four elements a draw: draws are not parallel in PyTorch, and its own
    dropout takes one for each element and keeps its mask in floats.
    """
    bits = torch.empty((x.numel() + 3) // 4, dtype=torch.int64).random_(-(1 << 63), None).view(torch.int16)[: x.numel()]
    return x * (bits.view(x.shape) >= round(share * 65536) - 32768) * (1 / (1 - share))


class Linear(nn.Linear):
    def forward(self, x):
        return linear(x, self.weight, self.bias)


class Block(nn.Module):
    def __init__(self, width, heads, dropout=0.0, relu=False, attention_bias=True):
        super().__init__()
        self.heads, self.dropout, self.relu = heads, dropout, relu
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.mix = Linear(width, 3 * width, bias=attention_bias), Linear(width, width)
        self.up, self.down = Linear(width, 4 * width), Linear(4 * width, width)

    def drop(self, x):
        return drop(x, self.dropout) if self.dropout else x

    def split(self, x):
        """Queries, keys and values, [3, B*heads, T, C/heads], by one copy: ready for batched products."""
        b, t, _ = x.shape
        return self.qkv(self.ln_1(x)).view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4).reshape(3, b * self.heads, t, -1)

    def attend(self, q, keys, v, mask):
        """`keys` are transposed. The mask is the product's start value: scale, product and mask in one pass over the scores."""
        scores = torch.baddbmm(mask, q, keys, alpha=1 / math.sqrt(q.shape[-1]))
        return torch.bmm(self.drop(scores.softmax(-1)), v)

    def finish(self, x, mixed):
        """Adds to x [B, T, C] what attention [B*heads, T, C/heads] found, and then what the MLP makes of it."""
        b, t, c = x.shape
        x = x + self.drop(self.mix(mixed.view(b, self.heads, t, -1).transpose(1, 2).reshape(b, t, c)))
        hidden = self.up(self.ln_2(x))
        hidden = F.relu(hidden) if self.relu else F.gelu(hidden, approximate="tanh")
        return x + self.drop(self.down(hidden))

    def forward(self, x, mask):
        q, k, v = self.split(x)
        return self.finish(x, self.attend(q, k.transpose(1, 2), v, mask))


class Gpt(nn.Module):
    """`o` has layers, heads, width, context, vocabulary, and of the lecture's model `lecture` and `dropout`."""

    def __init__(self, o):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(o.vocabulary, o.width), nn.Embedding(o.context, o.width)
        self.dropout = o.dropout
        self.blocks = nn.ModuleList(Block(o.width, o.heads, o.dropout, o.lecture, not o.lecture) for _ in range(o.layers))
        self.ln_f = nn.LayerNorm(o.width)
        self.lm_head = Linear(o.width, o.vocabulary) if o.lecture else None
        self.register_buffer("mask", torch.full((1, o.context, o.context), float("-inf")).triu(1), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                residual = name.endswith(("mix.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * o.layers) if residual else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def head(self, x):
        return self.lm_head(x) if self.lm_head is not None else linear(x, self.wte.weight)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe.weight[: ids.shape[1]]
        x = drop(x, self.dropout) if self.dropout else x
        for block in self.blocks:
            x = block(x, self.mask)
        return F.cross_entropy(self.head(self.ln_f(x)).flatten(0, 1), targets.flatten())


def read_weights(path, names=OUR_NAMES):
    """Reads a safetensors file of floats (the length of its header, the header in JSON, the numbers), with names replaced."""
    with open(path, "rb") as file:
        data = file.read()
    begin = 8 + int.from_bytes(data[:8], "little")
    weights = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            numbers = numpy.frombuffer(data[begin + first:begin + end], dtype="<f4").reshape(entry["shape"])
            for ours, theirs in names:
                name = name.replace(ours, theirs)
            weights[name] = torch.from_numpy(numbers.copy())
    return weights


def load_ours(model, path):
    weights = read_weights(path)
    if model.lm_head is None:
        weights.pop("lm_head.weight", None)
    model.load_state_dict(weights)
