"""Writes gpt.json and gpt-*.safetensors: a small GPT whose every number PyTorch computed in float64.

Two variants, "tied" (the head is the token embedding) and "untied" (a head of its own). For each: the weights, the
logits and the loss of one batch, the gradient of every parameter, and ten steps of AdamW on that batch.
"""
import math
import os

import torch
import torch.nn.functional as F

from fixture_json import HERE, write_cases
from safetensors_writer import save

VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS = 27, 16, 32, 4, 2
BATCH = 3
EPSILON = 1e-5
OPTIMIZER = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.95, "eps": 1e-8, "weightDecay": 0.1, "maxNorm": 1.0}


def draw_weights(tied):
    """Parameters under GPT-2's names, weights [out, in]; large enough that no gradient is tiny."""
    shapes = {"wte.weight": (VOCABULARY, WIDTH), "wpe.weight": (CONTEXT, WIDTH)}
    for i in range(LAYERS):
        for name, out, inner in [("attn.c_attn", 3, 1), ("attn.c_proj", 1, 1), ("mlp.c_fc", 4, 1), ("mlp.c_proj", 1, 4)]:
            if name in ("attn.c_attn", "mlp.c_fc"):
                norm = "ln_1" if name == "attn.c_attn" else "ln_2"
                shapes[f"h.{i}.{norm}.weight"] = shapes[f"h.{i}.{norm}.bias"] = (WIDTH,)
            shapes[f"h.{i}.{name}.weight"] = (out * WIDTH, inner * WIDTH)
            shapes[f"h.{i}.{name}.bias"] = (out * WIDTH,)
    shapes["ln_f.weight"] = shapes["ln_f.bias"] = (WIDTH,)
    if not tied:
        shapes["lm_head.weight"] = (VOCABULARY, WIDTH)
    weights = {}
    for name, shape in shapes.items():
        noise = 0.2 * torch.randn(shape, dtype=torch.float32)
        weights[name] = 1 + noise if "ln_" in name and name.endswith("weight") else noise
    return weights


def layer_norm(x, p, name):
    return F.layer_norm(x, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], EPSILON)


def linear(x, p, name):
    return F.linear(x, p[f"{name}.weight"], p[f"{name}.bias"])


def attention(x, p, name):
    b, t, _ = x.shape
    q, k, v = (part.view(b, t, HEADS, -1).transpose(1, 2) for part in linear(x, p, f"{name}.c_attn").split(WIDTH, dim=2))
    scores = q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
    future = torch.ones(t, t, dtype=torch.bool).triu(1)
    mixed = scores.masked_fill(future, float("-inf")).softmax(3) @ v
    return linear(mixed.transpose(1, 2).reshape(b, t, WIDTH), p, f"{name}.c_proj")


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def mlp(x, p, name):
    return linear(gelu(linear(x, p, f"{name}.c_fc")), p, f"{name}.c_proj")


def forward(ids, p):
    """Logits [B, T, vocabulary] of ids [B, T]."""
    x = p["wte.weight"][ids] + p["wpe.weight"][: ids.shape[1]]
    for i in range(LAYERS):
        x = x + attention(layer_norm(x, p, f"h.{i}.ln_1"), p, f"h.{i}.attn")
        x = x + mlp(layer_norm(x, p, f"h.{i}.ln_2"), p, f"h.{i}.mlp")
    return F.linear(layer_norm(x, p, "ln_f"), p.get("lm_head.weight", p["wte.weight"]))


def loss_of(logits, targets):
    return F.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1))


def train(p, ids, targets, steps=10):
    """The loss and the gradient norm (before clipping) of each step, and the loss after the last."""
    decayed = [w for w in p.values() if w.dim() >= 2]
    others = [w for w in p.values() if w.dim() < 2]
    o = OPTIMIZER
    groups = [{"params": decayed, "weight_decay": o["weightDecay"]}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=o["learningRate"], betas=(o["beta1"], o["beta2"]), eps=o["eps"])
    losses, norms = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(forward(ids, p), targets)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(p.values(), o["maxNorm"]).item())
        losses.append(loss.item())
        optimizer.step()
    with torch.no_grad():
        return losses, norms, loss_of(forward(ids, p), targets).item()


def main():
    cases = []
    for tied in (True, False):
        variant = "tied" if tied else "untied"
        torch.manual_seed(1337)
        weights = draw_weights(tied)
        # Token 0 stays out of the batch: without tying, its embedding has no gradient.
        ids, targets = torch.randint(1, VOCABULARY, (2, BATCH, CONTEXT))
        p = {name: w.double().requires_grad_() for name, w in weights.items()}
        logits = forward(ids, p)
        loss = loss_of(logits, targets)
        loss.backward()
        gradients = {name: w.grad.float() for name, w in p.items()}
        losses, norms, final_loss = train(p, ids, targets)

        save(os.path.join(HERE, f"gpt-{variant}.safetensors"), weights, {"format": "pt"})
        save(os.path.join(HERE, f"gpt-{variant}-gradients.safetensors"), gradients)
        cases.append({
            "case": variant, "tied": tied, "weights": f"gpt-{variant}.safetensors",
            "gradients": f"gpt-{variant}-gradients.safetensors", "ids": ids, "targets": targets, "logits": logits,
            "loss": loss.item(), "parameterCount": sum(w.numel() for w in weights.values()),
            "losses": losses, "norms": norms, "finalLoss": final_loss,
        })
    config = {"vocabularySize": VOCABULARY, "contextLength": CONTEXT, "width": WIDTH, "headCount": HEADS, "layerCount": LAYERS,
              "layerNormEps": EPSILON}
    write_cases("gpt.json", cases, config=config, optimizer=OPTIMIZER)


if __name__ == "__main__":
    main()
