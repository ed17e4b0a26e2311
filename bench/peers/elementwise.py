"""Times PyTorch on the functions of `dotnet run -c Release --project bench/Nabla.Benchmarks -- elementwise`."""
import time

import torch
import torch.nn.functional as F

COUNT = 1024 * 3072


def best(work):
    work()
    times = []
    start = time.perf_counter()
    while time.perf_counter() - start < 0.4:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times) * 1000


def measure(name, compute):
    x = torch.rand(COUNT) * 6 - 3
    dy = torch.ones(COUNT)
    with torch.no_grad():
        forward = best(lambda: compute(x))
    x.requires_grad_()
    y = compute(x)
    backward = best(lambda: torch.autograd.grad(y, x, dy, retain_graph=True))
    print(f"{name:<12} {forward:12.3f} {backward:12.3f}")


print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {COUNT} elements")
print("function       forward ms  backward ms")
measure("neg", torch.neg)
measure("relu", F.relu)
measure("exp", torch.exp)
measure("tanh", torch.tanh)
measure("sigmoid", torch.sigmoid)
measure("silu", F.silu)
measure("gelu, tanh", lambda x: F.gelu(x, approximate="tanh"))
measure("gelu, erf", F.gelu)
