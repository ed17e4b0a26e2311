"""The products that `Nabla.Benchmarks gemm` measures, in PyTorch.

OMP_NUM_THREADS=4 OPENBLAS_CORETYPE=SkylakeX python3 bench/peers/gemm.py [filter]
"""

import sys
import time

import torch

SECONDS_PER_SHAPE = 0.5


def measure(form, m, n, k):
    if wanted not in form.lower() and wanted not in f"{m}x{n}x{k}":
        return
    a = torch.rand(k, m).t() if form == "WeightGradient" else torch.rand(m, k)
    b = torch.rand(n, k).t() if form == "Forward" else torch.rand(k, n)
    c = torch.empty(m, n)
    seconds = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < SECONDS_PER_SHAPE or len(seconds) < 10:
        start = time.perf_counter()
        torch.mm(a, b, out=c)
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    work = 2 * m * n * k / 1e9
    print(f"{form:14} {m:6} {n:6} {k:6} {work / seconds[0]:15.1f} {work / seconds[len(seconds) // 2]:15.1f}", flush=True)


wanted = sys.argv[1].lower() if len(sys.argv) > 1 else ""
print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")
print("form               m      n      k    best GFLOP/s  median GFLOP/s")
with torch.no_grad():
    measure("Plain", 1024, 1024, 1024)
    for tokens, layers in [
        (256, [(768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 50257)]),
        (1024, [(768, 2304), (768, 768), (768, 3072), (3072, 768), (768, 50257)]),
        (16384, [(384, 1152), (384, 384), (384, 1536), (1536, 384)]),
        (768, [(128, 384), (128, 128), (128, 512), (512, 128)]),
        (32, [(30, 200), (200, 27), (100, 100), (200, 200)]),
    ]:
        for inputs, outputs in layers:
            measure("Forward", tokens, outputs, inputs)
            measure("InputGradient", tokens, inputs, outputs)
            measure("WeightGradient", outputs, inputs, tokens)
    measure("Forward", 1024, 1024, 64)
    measure("Plain", 1024, 64, 1024)
    measure("Forward", 2048, 256, 64)
    measure("WeightGradient", 256, 64, 2048)
    for tokens in [1, 2, 4, 8, 16, 32, 64]:
        measure("Forward", tokens, 3072, 768)
        measure("Plain", tokens, 3072, 768)
    measure("Forward", 1, 50257, 768)
