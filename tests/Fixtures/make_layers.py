"""Writes layers.json: layers that have a state or run through time, computed by PyTorch in float64."""
import torch
from torch import nn

from fixture_json import write_cases
from op_case import randn


def batch_norms():
    """Three batches in training mode, then one in evaluation mode. Channels are last here, and second with PyTorch."""
    for name, shape, momentum in [("NC", (5, 3), 0.1), ("NLC", (4, 3, 7), 0.1), ("all the way", (6, 2), 1.0)]:
        torch.manual_seed(len(name))
        layer = nn.BatchNorm1d(shape[-1], momentum=momentum).double()
        params = {"weight": randn(shape[-1]), "bias": randn(shape[-1])}
        state = {k: v.float() for k, v in params.items()}
        layer.load_state_dict(layer.state_dict() | {k: v.double() for k, v in state.items()})
        steps = []
        for training in (True, True, True, False):
            layer.train(training)
            x = (randn(*shape) * 2 + 1).float()
            y = layer(x.double().movedim(-1, 1)).movedim(1, -1)
            steps.append({"training": training, "x": x, "y": y, "runningMean": layer.running_mean.clone(),
                          "runningVariance": layer.running_var.clone()})
        yield {"kind": "batchNorm", "case": name, "momentum": momentum, "params": state, "steps": steps}


def convolutions():
    """Channels are last here, and second with PyTorch, whose convolution gets the zeros on the left by hand."""
    for name, batch, length, inputs, outputs, taps, dilation, bias in [
        ("2 taps", 2, 8, 3, 4, 2, 1, True),
        ("2 taps, 4 apart", 2, 8, 3, 4, 2, 4, True),
        ("3 taps, 2 apart, no bias", 1, 7, 2, 5, 3, 2, False),
        ("1 tap", 2, 3, 3, 2, 1, 1, True),
        ("further apart than the sequence is long", 2, 3, 2, 2, 3, 4, True),
    ]:
        torch.manual_seed(len(name))
        layer = nn.Conv1d(inputs, outputs, taps, dilation=dilation, bias=bias).double()
        stored = {k: randn(*p.shape).float() for k, p in layer.named_parameters()}
        layer.load_state_dict({k: v.double() for k, v in stored.items()})
        x = randn(batch, length, inputs).float()
        leaf = x.double().requires_grad_()
        padded = nn.functional.pad(leaf.movedim(-1, 1), ((taps - 1) * dilation, 0))
        y = layer(padded).movedim(1, -1)
        dy = randn(*y.shape).float()
        y.backward(dy.double())
        yield {"kind": "convolution", "case": name, "dilation": dilation, "params": stored, "x": x, "output": y, "dy": dy,
               "gradX": leaf.grad, "grads": {k: p.grad for k, p in layer.named_parameters()}}


def recurrent():
    """Sequences of [B, T, C], with the initial state given or zero; the upstream gradient is of the outputs alone."""
    for kind, make in [("Rnn", nn.RNN), ("Gru", nn.GRU), ("Lstm", nn.LSTM)]:
        for name, batch, length, inputs, hidden, bias, initial in [
            ("5 steps", 2, 5, 3, 4, True, False),
            ("5 steps from a state", 2, 5, 3, 4, True, True),
            ("one step, no bias", 3, 1, 2, 5, False, True),
            ("40 steps", 1, 40, 2, 3, True, False),
        ]:
            torch.manual_seed(len(kind) + length)
            layer = make(inputs, hidden, bias=bias, batch_first=True).double()
            stored = {k: (randn(*p.shape) * 0.5).float() for k, p in layer.named_parameters()}
            layer.load_state_dict({k: v.double() for k, v in stored.items()})
            x = randn(batch, length, inputs).float()
            given = [randn(batch, hidden).float() for _ in range(2 if kind == "Lstm" else 1)] if initial else []
            leaves = [x.double().requires_grad_()] + [s.double().requires_grad_() for s in given]
            states = tuple(s.unsqueeze(0) for s in leaves[1:])
            y, last = layer(leaves[0], (states if kind == "Lstm" else states[0]) if initial else None)
            dy = randn(*y.shape).float()
            y.backward(dy.double())
            yield {"kind": "recurrent", "layer": kind, "case": name, "bias": bias,
                   "params": {k.removesuffix("_l0"): v for k, v in stored.items()}, "x": x, "state": given, "output": y,
                   "last": [s[0] for s in (last if kind == "Lstm" else (last,))], "dy": dy, "gradX": leaves[0].grad,
                   "gradState": [s.grad for s in leaves[1:]],
                   "grads": {k.removesuffix("_l0"): p.grad for k, p in layer.named_parameters()}}


def initial_draws():
    """The parameters of a layer that is the first thing made after seeding."""
    for name, make in [("CausalConv1d", lambda inputs, outputs: nn.Conv1d(inputs, outputs, 2)),
                       ("RnnCell", nn.RNNCell), ("GruCell", nn.GRUCell), ("LstmCell", nn.LSTMCell)]:
        torch.manual_seed(42)
        yield {"kind": "initial", "layer": name, "case": f"{name}, seed 42", "params": dict(make(3, 4).named_parameters())}


if __name__ == "__main__":
    write_cases("layers.json", [*batch_norms(), *convolutions(), *recurrent(), *initial_draws()])
