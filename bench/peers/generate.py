"""Runs a GPT in PyTorch, float32 on the CPU, with keys and values kept in memory set aside once, and prints one line of JSON.

    generate.py --threads 4
    generate.py --threads 4 --streams 16

After a prompt of --prompt tokens, --tokens more are drawn greedily, each from the logits of the one before: tokensPerSecond is
of all streams together. promptSeconds is a prompt of --long-prompt tokens, with the logits of its last place only, of one stream. GPT-2 124M
with random weights, unless sizes are given; medians of --steps runs, after --warmup that are not timed.
"""
import argparse
import json
import resource
import statistics
import time

import torch

from gpt_model import Gpt, load_ours


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = dict(layers=12, heads=12, width=768, context=1024, vocabulary=50257, streams=1, prompt=16, tokens=128,
                 long_prompt=512, steps=3, warmup=1)
    for name, value in sizes.items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=value)
    parser.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    parser.add_argument("--weights", help="take the weights of this safetensors file of ours")
    return parser.parse_args()


class Cache:
    """Keys are kept transposed, as the product of queries and keys wants them."""

    def __init__(self, model, o):
        rows, size = o.streams * o.heads, o.width // o.heads
        self.model, self.length = model, 0
        self.keys = [torch.empty(rows, size, o.context) for _ in model.blocks]
        self.values = [torch.empty(rows, o.context, size) for _ in model.blocks]

    def next_logits(self, ids):
        """The logits of the token after ids [B, T], which follow those seen before: [B, V]."""
        model, start, end = self.model, self.length, self.length + ids.shape[1]
        x = model.wte(ids) + model.wpe.weight[start:end]
        mask = model.mask[:, start:end, :end]
        for block, keys, values in zip(model.blocks, self.keys, self.values):
            q, k, v = block.split(x)
            keys[:, :, start:end] = k.transpose(1, 2)
            values[:, start:end] = v
            x = block.finish(x, block.attend(q, keys[:, :, :end], values[:, :end], mask))
        self.length = end
        return model.head(model.ln_f(x[:, -1]))


def tokens(o, count):
    generator = torch.Generator().manual_seed(1)
    return torch.randint(o.vocabulary, (count,), generator=generator).repeat(o.streams, 1)


def generate(model, o):
    cache = Cache(model, o)
    drawn = [cache.next_logits(tokens(o, o.prompt)).argmax(-1, keepdim=True)]
    start = time.perf_counter()
    for _ in range(o.tokens):
        drawn.append(cache.next_logits(drawn[-1]).argmax(-1, keepdim=True))
    return time.perf_counter() - start, torch.cat(drawn, 1)[0].tolist()


def prompt(model, o):
    cache = Cache(model, o)
    ids = tokens(o, o.long_prompt)
    start = time.perf_counter()
    logits = cache.next_logits(ids)
    return time.perf_counter() - start, logits[0, :5].tolist()


def measure(run, model, o):
    runs = [run(model, o) for _ in range(o.warmup + o.steps)]
    return statistics.median(seconds for seconds, _ in runs[o.warmup:]), runs[0][1]


def main():
    o = read_options()
    o.dropout, o.lecture = 0.0, False
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.manual_seed(1337)
    with torch.inference_mode():
        model = Gpt(o).eval()
        if o.weights:
            load_ours(model, o.weights)
        seconds, ids = measure(generate, model, o)
        prompt_seconds, logits = measure(prompt, model, o) if o.streams == 1 else (None, None)
    print(json.dumps({
        "threads": torch.get_num_threads(), "streams": o.streams, "tokensPerSecond": o.streams * o.tokens / seconds,
        "promptSeconds": prompt_seconds, "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ids": ids[:16], "logits": logits,
    }))


if __name__ == "__main__":
    main()
