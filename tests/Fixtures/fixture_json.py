"""How the fixture scripts write numbers: compact JSON, one case a line, every number with the digits that it needs.

A float tensor is {"shape": [..], "data": [..]} in row-major order; a scalar has shape []. Whole-number tensors look
the same. Not-a-number and the infinities, which JSON has no word for, are the strings "NaN", "Infinity", "-Infinity".
"""
import json
import math
import os

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def float64_text(value):
    """Ten significant digits: a float32 result is compared at 1e-5, so its reference needs no more."""
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    text = "%.10g" % value
    return "0" if text == "-0" else text


def float32_text(value):
    """The shortest text that reads back to the same float32."""
    value = np.float32(value)
    if not np.isfinite(value):
        return float64_text(float(value))
    text = np.format_float_scientific(value, unique=True, trim="-", exp_digits=1)
    plain = np.format_float_positional(value, unique=True, trim="-")
    return plain if len(plain) <= len(text) else text


def shape_text(shape):
    return "[" + ",".join(str(int(n)) for n in shape) + "]"


def tensor_text(t):
    """float32 and whole-number tensors exactly, float64 tensors with ten digits."""
    t = t.detach()
    values = t.reshape(-1).tolist()
    if t.dtype == torch.float64:
        data = map(float64_text, values)
    elif t.dtype == torch.float32:
        data = map(float32_text, values)
    else:
        data = (str(int(v)) for v in values)
    return '{"shape":' + shape_text(t.shape) + ',"data":[' + ",".join(data) + "]}"


def to_text(value):
    """JSON of nested dictionaries and lists that may hold tensors."""
    if isinstance(value, torch.Tensor):
        return tensor_text(value)
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k) + ":" + to_text(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_text, value)) + "]"
    if isinstance(value, float):
        return float64_text(value)
    return json.dumps(value, ensure_ascii=False)


def write_cases(name, cases, **head):
    """Writes {"torch": version, ...head, "cases": [...]} beside this script, one case a line."""
    path = os.path.join(HERE, name)
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("{" + "".join(json.dumps(k) + ":" + to_text(v) + ",\n" for k, v in {"torch": torch.__version__, **head}.items()))
        f.write('"cases":[\n' + ",\n".join(map(to_text, cases)) + "\n]}\n")
    print(f"{name}: {len(cases)} cases, {os.path.getsize(path):,} bytes")
