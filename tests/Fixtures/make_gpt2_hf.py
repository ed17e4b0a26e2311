"""Writes gpt2-hf: a tiny random GPT-2 as Hugging Face's library keeps one, and what PyTorch makes of it in float64.

The library is not needed: its layout is written out here. Projections are Conv1D, y = x W + b with W [in, out]; every block has
the buffers attn.bias (the causal mask) and attn.masked_bias; names begin with transformer. or not, as in published files.

  gpt2-hf/config.json, model.safetensors     float32, names without transformer., with the masks, the head tied
  gpt2-hf-sharded/...                        the same weights, with transformer., without masks, in two files with an index
  gpt2-hf-bfloat16/model.safetensors         the same weights rounded to bfloat16, to nearest even, names as in the first
  gpt2-hf-float16/model.safetensors          ... to float16
  gpt2-hf-gradients.safetensors              the gradient of every weight, as [out, in]
  gpt2-hf.json                               ids, targets, logits and loss; logits of the rounded weights
  gpt2-llmc.bin, gpt2-llmc-bfloat16.bin      the same weights in the form of llm.c, versions 3 and 5
"""
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

from fixture_json import HERE, write_cases
from safetensors_writer import save

VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS = 61, 12, 16, 2, 2
BATCH = 2
PROJECTIONS = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")


def draw_weights():
    """float32, in the order of the library's files; matrices of blocks [in, out]."""
    shapes = {"wte.weight": (VOCABULARY, WIDTH), "wpe.weight": (CONTEXT, WIDTH)}
    for i in range(LAYERS):
        for name, inner, out in (("ln_1", 0, 1), ("attn.c_attn", 1, 3), ("attn.c_proj", 1, 1),
                                 ("ln_2", 0, 1), ("mlp.c_fc", 1, 4), ("mlp.c_proj", 4, 1)):
            shapes[f"h.{i}.{name}.weight"] = (inner * WIDTH, out * WIDTH) if inner else (WIDTH,)
            shapes[f"h.{i}.{name}.bias"] = (out * WIDTH,)
    shapes["ln_f.weight"] = shapes["ln_f.bias"] = (WIDTH,)
    weights = {}
    for name, shape in shapes.items():
        noise = 0.2 * torch.randn(shape, dtype=torch.float32)
        weights[name] = 1 + noise if "ln_" in name and name.endswith("weight") else noise
    return weights


def forward(ids, p):
    """Logits [B, T, vocabulary] of ids [B, T]."""
    b, t = ids.shape
    future = torch.ones(t, t, dtype=torch.bool).triu(1)

    def norm(x, name):
        return F.layer_norm(x, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)

    def conv1d(x, name):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    x = p["wte.weight"][ids] + p["wpe.weight"][:t]
    for i in range(LAYERS):
        q, k, v = (part.view(b, t, HEADS, -1).transpose(1, 2)
                   for part in conv1d(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn").split(WIDTH, dim=2))
        scores = (q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS)).masked_fill(future, float("-inf"))
        mixed = (scores.softmax(3) @ v).transpose(1, 2).reshape(b, t, WIDTH)
        x = x + conv1d(mixed, f"h.{i}.attn.c_proj")
        hidden = conv1d(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc")
        hidden = 0.5 * hidden * (1 + torch.tanh(math.sqrt(2 / math.pi) * (hidden + 0.044715 * hidden**3)))
        x = x + conv1d(hidden, f"h.{i}.mlp.c_proj")
    return norm(x, "ln_f") @ p["wte.weight"].T


def is_projection(name):
    return name.endswith("weight") and any(part in name for part in PROJECTIONS)


def with_masks(weights):
    masked = {}
    for name, weight in weights.items():
        if name.endswith("attn.c_attn.weight"):
            block = name.removesuffix("c_attn.weight")
            masked[f"{block}bias"] = torch.ones(CONTEXT, CONTEXT).tril().view(1, 1, CONTEXT, CONTEXT)
            masked[f"{block}masked_bias"] = torch.tensor(-1e4)
        masked[name] = weight
    return masked


def save_rounded(path, weights, dtype, code):
    """safetensors_writer knows float32 only; this one writes two bytes a number."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, weight in weights.items():
        bytes_ = weight.to(dtype).view(torch.int16).numpy().astype("<i2").tobytes()
        header[name] = {"dtype": code, "shape": list(weight.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def save_llmc(path, weights, version):
    """As write_model of llm.c's train_gpt2.py: 256 int32, then each kind of weight for all blocks, matrices [out, in]."""
    padded = -(-VOCABULARY // 128) * 128
    header = np.zeros(256, dtype="<i4")
    header[:8] = [20240326, version, CONTEXT, VOCABULARY, LAYERS, HEADS, WIDTH, padded]
    wte = torch.zeros(padded, WIDTH)
    wte[:VOCABULARY] = weights["wte.weight"]
    order = [wte, weights["wpe.weight"]]
    for name in ("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"):
        for kind in ("weight", "bias"):
            for i in range(LAYERS):
                key = f"h.{i}.{name}.{kind}"
                order.append(weights[key].T if is_projection(key) else weights[key])
    order += [weights["ln_f.weight"], weights["ln_f.bias"]]
    with open(path, "wb") as f:
        f.write(header.tobytes())
        for tensor in order:
            if version == 5:
                f.write(tensor.contiguous().to(torch.bfloat16).view(torch.int16).numpy().astype("<i2").tobytes())
            else:
                f.write(tensor.contiguous().numpy().astype("<f4").tobytes())


def save_config(folder, **more):
    config = {
        "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": VOCABULARY - 1,
        "embd_pdrop": 0.1, "eos_token_id": VOCABULARY - 1, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05,
        "model_type": "gpt2", "n_ctx": CONTEXT, "n_embd": WIDTH, "n_head": HEADS, "n_layer": LAYERS, "n_positions": CONTEXT,
        "resid_pdrop": 0.1, "summary_activation": None, "summary_type": "cls_index", "vocab_size": VOCABULARY, **more,
    }
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, "config.json"), "w") as f:
        json.dump(config, f, indent=2)
        f.write("\n")


def main():
    torch.manual_seed(1337)
    weights = draw_weights()
    ids, targets = torch.randint(0, VOCABULARY, (2, BATCH, CONTEXT))
    p = {name: w.double().requires_grad_() for name, w in weights.items()}
    logits = forward(ids, p)
    loss = F.cross_entropy(logits.view(-1, VOCABULARY), targets.view(-1))
    loss.backward()
    save(os.path.join(HERE, "gpt2-hf-gradients.safetensors"),
         {name: (w.grad.T if is_projection(name) else w.grad).float() for name, w in p.items()})

    save_config("gpt2-hf")
    save(os.path.join(HERE, "gpt2-hf", "model.safetensors"), with_masks(weights), {"format": "pt"})

    save_config("gpt2-hf-sharded", n_inner=None, tie_word_embeddings=True, torch_dtype="float32")
    named = {f"transformer.{name}": w for name, w in weights.items()}
    files = [f"model-{number:05}-of-00002.safetensors" for number in (1, 2)]
    parts = [{n: w for n, w in named.items() if "h.1" not in n}, {n: w for n, w in named.items() if "h.1" in n}]
    for file, part in zip(files, parts):
        save(os.path.join(HERE, "gpt2-hf-sharded", file), part, {"format": "pt"})
    with open(os.path.join(HERE, "gpt2-hf-sharded", "model.safetensors.index.json"), "w") as f:
        json.dump({"metadata": {"total_size": 4 * sum(w.numel() for w in named.values())},
                   "weight_map": {name: files["h.1" in name] for name in named}}, f, indent=2)
        f.write("\n")

    rounded = {}
    for dtype, code, name in ((torch.bfloat16, "BF16", "bfloat16"), (torch.float16, "F16", "float16")):
        save_config(f"gpt2-hf-{name}", torch_dtype=name)
        save_rounded(os.path.join(HERE, f"gpt2-hf-{name}", "model.safetensors"), weights, dtype, code)
        rounded[f"{name}Logits"] = forward(ids, {n: w.to(dtype).double() for n, w in weights.items()})

    save_llmc(os.path.join(HERE, "gpt2-llmc.bin"), weights, 3)
    save_llmc(os.path.join(HERE, "gpt2-llmc-bfloat16.bin"), weights, 5)
    write_cases("gpt2-hf.json", [{"case": "gpt2", "ids": ids, "targets": targets, "logits": logits, "loss": loss.item(), **rounded}])


if __name__ == "__main__":
    main()
