"""Writes init.json: what PyTorch's initialisers draw, in float32, for given seeds and in a given order."""
import torch
from torch import nn

from fixture_json import write_cases

SEEDS = (42, 1337)
SHAPES = ((6, 5), (20, 30))
GAINS = [("linear", None), ("relu", None), ("tanh", None), ("sigmoid", None), ("selu", None), ("leaky_relu", None),
         ("leaky_relu", 0.2)]


def layer_cases():
    """Each layer is the first thing made after seeding; Linear draws its weight, then its bias."""
    for seed in SEEDS:
        for name, args, make in [
            ("Linear", {"in": 3, "out": 4}, lambda: nn.Linear(3, 4)),
            ("Linear", {"in": 20, "out": 30}, lambda: nn.Linear(20, 30)),
            ("Embedding", {"count": 5, "width": 4}, lambda: nn.Embedding(5, 4)),
        ]:
            torch.manual_seed(seed)
            layer = make()
            yield {"kind": "layer", "case": f"{name} {list(args.values())}, seed {seed}", "layer": name, "seed": seed,
                   "args": args, "params": dict(layer.named_parameters())}
        torch.manual_seed(seed)
        layers = [nn.Linear(3, 4), nn.Embedding(5, 4), nn.Linear(4, 2)]
        params = {f"{i}.{name}": p for i, layer in enumerate(layers) for name, p in layer.named_parameters()}
        name = f"Linear(3, 4), Embedding(5, 4), Linear(4, 2), seed {seed}"
        yield {"kind": "layers", "case": name, "seed": seed, "params": params}


def draws():
    """(name, arguments, what draws), in the order in which a sequence case calls them."""
    yield "XavierUniform", {}, lambda w: nn.init.xavier_uniform_(w)
    yield "XavierNormal", {}, lambda w: nn.init.xavier_normal_(w)
    yield "XavierUniform", {"gain": 5 / 3}, lambda w: nn.init.xavier_uniform_(w, gain=5 / 3)
    for name, draw in [("KaimingUniform", nn.init.kaiming_uniform_), ("KaimingNormal", nn.init.kaiming_normal_)]:
        for mode in ("fan_in", "fan_out"):
            for slope, nonlinearity in [(0.0, "relu"), (0.0, "tanh"), (0.2, "leaky_relu"), (0.0, "linear")]:
                args = {"mode": mode, "nonlinearity": nonlinearity, "a": slope}
                yield name, args, lambda w: draw(w, a=slope, mode=mode, nonlinearity=nonlinearity)


def draw_cases():
    """One seeding for each shape; then every initialiser in order, each on a new weight."""
    for seed in SEEDS:
        for shape in SHAPES:
            torch.manual_seed(seed)
            drawn = [{"init": name, "args": args, "weight": draw(torch.empty(shape))} for name, args, draw in draws()]
            if shape != SHAPES[0]:
                # Of the large ones a part is enough: the first row, and the last number, which shows the place in the stream.
                drawn = [d | {"weight": d["weight"][0].clone(), "last": d["weight"][-1, -1].item()} for d in drawn]
            yield {"kind": "sequence", "case": f"{list(shape)}, seed {seed}", "seed": seed, "shape": list(shape), "draws": drawn}


def gain_cases():
    for nonlinearity, param in GAINS:
        args = {"nonlinearity": nonlinearity} | ({} if param is None else {"param": param})
        yield {"kind": "gain", "case": f"{nonlinearity} {param or ''}".strip(), "args": args,
               "gain": float(nn.init.calculate_gain(nonlinearity, param))}


if __name__ == "__main__":
    write_cases("init.json", [*layer_cases(), *draw_cases(), *gain_cases()])
