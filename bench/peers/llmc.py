"""Times training steps of llm.c's program for CPUs, train_gpt2, and prints one line of JSON.

    NABLA_LLMC=~/llm.c llmc.py FOLDER --batch 4 --context 64 --steps 5 --threads 4

NABLA_LLMC is a checkout of https://github.com/karpathy/llm.c. FOLDER is where the program runs: it has the weights and the tokens
under the names that the program looks for, as `bench/compare` makes them. B, T and the number of steps are constants in the
source, so a copy of it in which only these are others is compiled, by the checkout's own Makefile; the checkout stays as it is.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

STEP = re.compile(r"step \d+: train loss (\S+) \(took (\S+) ms\)")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--context", type=int, default=64)
    parser.add_argument("--steps", type=int, default=5, help="steps that are timed (default 5)")
    parser.add_argument("--warmup", type=int, default=1, help="steps before them that are not (default 1)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def replace(source, pattern, text):
    source, count = re.subn(pattern, text, source)
    if count != 1:
        sys.exit(f"train_gpt2.c has {count} places like '{pattern}' where one was expected: take another version of llm.c.")
    return source


def build(checkout, o, folder):
    """Compiles the program with the B, T and steps asked for, and a single batch of validation."""
    try:
        source = (checkout / "train_gpt2.c").read_text(encoding="utf-8")
        shutil.copy(checkout / "Makefile", folder)
        shutil.copytree(checkout / "llmc", folder / "llmc")
    except OSError as error:
        sys.exit(f"{checkout} is no checkout of llm.c: {error}")
    source = replace(source, r"int B = \d+;", f"int B = {o.batch};")
    source = replace(source, r"int T = \d+;", f"int T = {o.context};")
    source = replace(source, r"int val_num_batches = \d+;", "int val_num_batches = 1;")
    source = replace(source, r"step <= \d+;", f"step < {o.warmup + o.steps};")
    (folder / "train_gpt2.c").write_text(source, encoding="utf-8")
    flags = ["CFLAGS_COND=-march=native -mno-avx512f"] if os.environ.get("NABLA_AVX2") else []
    make = subprocess.run(["make", "train_gpt2", *flags], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace")
    if make.returncode != 0:
        sys.exit(f"make train_gpt2 failed: {make.stdout.strip()}")
    if "OpenMP found" not in make.stdout:
        sys.exit("llm.c's Makefile found no OpenMP, without which it is no peer: install it (with gcc: libgomp).")
    return folder / "train_gpt2"


def main():
    o = read_options()
    with tempfile.TemporaryDirectory() as folder:
        program = build(pathlib.Path(os.environ["NABLA_LLMC"]), o, pathlib.Path(folder))
        # It takes its memory once, so what makes PyTorch's allocator keep it is of no use here.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
        environment["OMP_NUM_THREADS"] = str(o.threads)
        process = subprocess.Popen([program], cwd=o.folder, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    found = STEP.findall(output)
    if status != 0 or len(found) != o.warmup + o.steps:
        last = output.strip().split("\n")[-1]
        sys.exit(f"train_gpt2 ended with status {status} after {len(found)} of {o.warmup + o.steps} steps: {last}")
    losses = [float(loss) for loss, _ in found]
    timed = [float(milliseconds) / 1000 for _, milliseconds in found[o.warmup:]]
    print(json.dumps({
        "program": "llm.c", "threads": o.threads, "context": o.context, "batch": o.batch, "steps": o.steps,
        "secondsPerStep": statistics.median(timed), "fastest": min(timed), "slowest": max(timed),
        "firstLoss": losses[0], "lastLoss": losses[-1], "losses": losses,
        "peakMegabytes": usage.ru_maxrss / 1024,
    }))


if __name__ == "__main__":
    main()
