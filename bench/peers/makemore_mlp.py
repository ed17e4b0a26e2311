"""The third lecture's final training, 200,000 steps of the network with 11,897 parameters, in PyTorch, of the random numbers
that Nabla draws: the same split, the same first parameters, the same minibatches.

    makemore_mlp.py names.txt [steps] [embedding] [hidden]

Prints one line of JSON: steps per second, and the losses on the three splits.
"""
import json
import random
import sys
import time

import torch
import torch.nn.functional as F

CHARACTERS = ".abcdefghijklmnopqrstuvwxyz"


def examples(words, length=3):
    contexts, labels = [], []
    for word in words:
        context = [0] * length
        for character in word + ".":
            label = CHARACTERS.index(character)
            contexts.append(context)
            labels.append(label)
            context = context[1:] + [label]
    return torch.tensor(contexts), torch.tensor(labels)


def split(path):
    with open(path, encoding="ascii") as file:
        words = file.read().splitlines()
    random.seed(42)
    random.shuffle(words)
    first, second = len(words) * 8 // 10, len(words) * 9 // 10
    return [examples(part) for part in (words[:first], words[first:second], words[second:])]


def main():
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    embedding = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    hidden = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    torch.set_num_threads(1)
    train, dev, test = split(sys.argv[1])
    g = torch.Generator().manual_seed(2147483647)
    shapes = [(27, embedding), (3 * embedding, hidden), (hidden,), (hidden, 27), (27,)]
    parameters = [torch.randn(shape, generator=g) for shape in shapes]
    for parameter in parameters:
        parameter.requires_grad = True
    table, w1, b1, w2, b2 = parameters

    def loss_of(x, y):
        hidden_layer = torch.tanh(table[x].view(-1, w1.shape[0]) @ w1 + b1)
        return F.cross_entropy(hidden_layer @ w2 + b2, y)

    start = time.perf_counter()
    for step in range(steps):
        ix = torch.randint(0, len(train[1]), (32,), generator=g)
        loss = loss_of(train[0][ix], train[1][ix])
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        rate = 0.1 if step < steps // 2 else 0.01
        for parameter in parameters:
            parameter.data -= rate * parameter.grad
        if step == 0:
            first = loss.item()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        losses = [loss_of(*part).item() for part in (train, dev, test)]
    print(json.dumps({"parameters": sum(p.numel() for p in parameters), "steps": steps, "steps_per_second": steps / seconds,
                      "first_loss": first, "train": losses[0], "dev": losses[1], "test": losses[2]}))


if __name__ == "__main__":
    main()
