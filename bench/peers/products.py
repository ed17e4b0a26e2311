"""Times matrix products in PyTorch one at a time, as asked for: what `bench/compare gemm` has ours and theirs do in turn.

Reads a line `form m n k` from standard input (forms: Plain, Forward, InputGradient, WeightGradient), answers with the median
seconds of one such product, and so on to the end of the input.

    echo Forward 256 2304 768 | products.py --threads 4
"""
import argparse
import statistics
import sys
import time

import torch

SECONDS = 0.1
LEAST = 3

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--threads", type=int, default=torch.get_num_threads())
torch.set_num_threads(parser.parse_args().threads)
with torch.no_grad():
    for line in sys.stdin:
        form, m, n, k = line.split()
        m, n, k = int(m), int(n), int(k)
        a = torch.rand(k, m).t() if form == "WeightGradient" else torch.rand(m, k)
        b = torch.rand(n, k).t() if form == "Forward" else torch.rand(k, n)
        c = torch.empty(m, n)
        torch.mm(a, b, out=c)
        seconds, begin = [], time.perf_counter()
        while time.perf_counter() - begin < SECONDS or len(seconds) < LEAST:
            start = time.perf_counter()
            torch.mm(a, b, out=c)
            seconds.append(time.perf_counter() - start)
        print(statistics.median(seconds), flush=True)
