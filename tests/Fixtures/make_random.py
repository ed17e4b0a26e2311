"""Writes random.json: what PyTorch's CPU generator draws, call after call, for given seeds."""
import math

import torch

from fixture_json import write_cases

SEEDS = (0, 1, 42, 1337, 2147483647, 2**40 + 5)
SIZES = (1, 5, 15, 16, 17, 31, 32, 100, 1000)
WEIGHTS = [0.5, 0.0, 3.0, 1e-6, 2.5, 0.25, 0.0, 7.0]

DRAWS = {
    "rand": lambda g, n: torch.rand(n, generator=g),
    "uniform": lambda g, n, low, high: torch.empty(n).uniform_(low, high, generator=g),
    "randn": lambda g, n: torch.randn(n, generator=g),
    "normal": lambda g, n, mean, std: torch.empty(n).normal_(mean, std, generator=g),
    "exponential": lambda g, n, rate: torch.empty(n).exponential_(rate, generator=g),
    "randint": lambda g, n, low, high: torch.randint(low, high, (n,), generator=g),
    "randperm": lambda g, n: torch.randperm(n, generator=g),
    "replacement": lambda g, n, weights: torch.multinomial(torch.tensor(weights), n, replacement=True, generator=g),
    "race": lambda g, n, weights: torch.multinomial(torch.tensor(weights), n, replacement=False, generator=g),
}


def case(seed, *calls):
    """One seeding, then the calls in order; a last number shows how far the calls have come in the stream."""
    generator = torch.Generator().manual_seed(seed)
    drawn = [
        {"draw": name, "args": [n, *args], "values": DRAWS[name](generator, n, *args)} for name, n, *args in (*calls, ("rand", 1))
    ]
    return {"seed": seed, "calls": drawn}


def cases():
    for seed in SEEDS:
        # The shorter ones are its beginning, which the tests make use of.
        whole = torch.rand(SIZES[-1], generator=torch.Generator().manual_seed(seed))
        assert all(torch.equal(torch.rand(n, generator=torch.Generator().manual_seed(seed)), whole[:n]) for n in SIZES)
        yield case(seed, ("rand", SIZES[-1]))
        yield case(seed, ("randint", 100, 0, 1003846))
        for n in SIZES:
            yield case(seed, ("randn", n))
            yield case(seed, ("randperm", n))
        yield case(seed, ("uniform", 33, -1 / math.sqrt(2), 1 / math.sqrt(2)), ("uniform", 17, 2.0, 5.0), ("uniform", 17, -3.7, 100.1))
        yield case(seed, ("normal", 7, -1.0, 0.02), ("normal", 40, 3.0, 0.5), ("normal", 3, 0.0, 10.0))
        yield case(seed, ("exponential", 33, 1.0), ("exponential", 17, 0.3))
        yield case(seed, ("replacement", 50, WEIGHTS), ("race", 1, WEIGHTS), ("race", 6, WEIGHTS))
        yield case(seed, ("randint", 20, 0, 10), ("randint", 9, -5, 5), ("randint", 9, -(2**31), 2**31 - 1))
        yield case(seed, ("randint", 9, 0, 2**32 - 1), ("randint", 9, 0, 2**32), ("randint", 9, -(2**40), 2**50))
        # A pair's second normal waits for the next short call, whatever comes between.
        yield case(seed, ("randn", 1), ("randn", 1), ("randn", 1), ("rand", 2), ("randn", 20), ("randint", 3, 0, 9), ("randn", 2))
        yield case(seed, ("randn", 5), ("rand", 3))
        yield case(seed, ("randn", 16), ("randn", 3))
        yield case(seed, ("randn", 3), ("normal", 2, 10.0, 2.0))


if __name__ == "__main__":
    write_cases("random.json", list(cases()))
