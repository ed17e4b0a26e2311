"""The steps that `Nabla.Benchmarks xor` times, in PyTorch, as the XOR notebook writes them: nn.Module, optim.SGD, one thread.

    xor.py [steps] [runs]

Prints one line of JSON for each batch size: the median seconds of the runs, after one run that is not timed, and what the model
of the last run answers.
"""
import json
import sys
import time

import torch
from torch import nn, optim


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 2)
        self.fc2 = nn.Linear(2, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        return self.sigmoid(self.fc2(self.sigmoid(self.fc1(x))))


train_x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
train_y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])


def train(batch, steps):
    torch.manual_seed(42)
    model = Model()
    loss_function = nn.MSELoss()
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    def step(x, y):
        optimizer.zero_grad()
        loss_function(model(x), y).backward()
        optimizer.step()

    start = time.perf_counter()
    if batch == 1:
        for _ in range(steps // 4):
            for x, y in zip(train_x, train_y):
                step(x, y)
    else:
        for _ in range(steps):
            step(train_x, train_y)
    return time.perf_counter() - start, model(train_x).flatten().tolist()


def main():
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    torch.set_num_threads(1)
    for batch in (1, 4):
        train(batch, steps // 4)
        results = sorted(train(batch, steps) for _ in range(runs))
        print(json.dumps({"batch": batch, "seconds": results[runs // 2][0], "outputs": results[0][1]}), flush=True)


if __name__ == "__main__":
    main()
