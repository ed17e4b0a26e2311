"""Writes printing.json: the text that PyTorch's print(tensor) shows for tensors of many kinds, with default options."""
import torch

from fixture_json import write_cases

INF, NAN = float("inf"), float("nan")


def tensors():
    t = torch.tensor
    yield "scalar", t(3.14159)
    yield "whole scalar", t(3.0)
    yield "negative scalar", t(-0.5)
    yield "zero", t(0.0)
    yield "tiny scalar", t(1e-5)
    yield "huge scalar", t(1e8)
    yield "1e7 as a scalar", t(1e7)
    yield "scalar nan", t(NAN)
    yield "scalar infinity", t(-INF)
    yield "vector", t([0.5406, 0.5869, 0.1657])
    yield "one element", t([0.25])
    yield "whole numbers", t([1.0, 2.0, 3.0])
    yield "whole numbers of different widths", t([1.0, 20.0, -300.0])
    yield "whole numbers with nan", t([1.0, NAN, 3.0])
    yield "whole numbers with infinity", t([1.0, INF, -INF])
    yield "only nan", t([NAN, NAN])
    yield "fractions with nan and infinities", t([0.5, NAN, INF, -INF])
    yield "matrix", t([[0.5406, 0.5869], [-0.1657, 0.6496]])
    yield "row of a matrix", t([[1.5, -2.25, 3.125]])
    yield "column", t([[1.5], [-22.25], [333.125]])
    yield "negative", t([-1.5, -0.001, -100.25])
    yield "negative zero", t([-0.0, 0.0])
    yield "negative zero among fractions", t([-0.0, 0.5])
    yield "different widths", t([0.1, 10.25, 999.5])
    yield "largest by smallest just below 1000", t([0.01, 9.99])
    yield "largest by smallest above 1000", t([0.001, 9.5])
    yield "scientific by ratio", t([[1e-3, 1.5], [1e3, 2.5]])
    yield "scientific by size", t([1.5, 2e8])
    yield "whole numbers above 1e8", t([1e8, 2e8, 3e8])
    yield "whole numbers at 99999999", t([99999992.0, 1.0])
    yield "whole numbers, ratio above 1000", t([1.0, 1001.0])
    yield "whole numbers, ratio above 1e5", t([1.0, 100001.0])
    yield "scientific by smallness", t([1e-5, 2e-5])
    yield "smallest at 1e-4", t([1e-4, 2e-4])
    yield "smallest below 1e-4, with zero", t([0.0, 9e-5])
    yield "scientific with negatives", t([-1e-6, 2.5, 3e4])
    yield "scientific with nan and infinity", t([1e-6, NAN, INF, 1.5])
    yield "powers of ten up to 1e8", t([10.0**i for i in range(-1, 9)])
    yield "whole powers of ten up to 1e7", t([10.0**i for i in range(8)])
    yield "float32 limits", t([1.1754944e-38, 3.4028235e38, 1.4e-45])
    yield "halves to round", t([0.00005, 0.12345, 2.00005, 0.99995])
    yield "3-d", torch.arange(12).reshape(2, 3, 2) / 8
    yield "4-d", torch.arange(16.0).reshape(2, 2, 2, 2)
    yield "1 by 1 by 1", t([[[1.25]]])
    yield "long vector, wrapped", torch.arange(25) / 7
    yield "long vector of whole numbers, wrapped", torch.arange(40.0)
    yield "long rows, wrapped", torch.arange(60).reshape(2, 30) / 7
    yield "3-d with long rows", torch.arange(-24, 24).reshape(2, 1, 24) / 5
    yield "scientific, wrapped", torch.tensor([1.5 * 10.0 ** (i - 6) for i in range(13)])
    yield "empty", torch.zeros(0)
    yield "empty 0 by 3", torch.zeros(0, 3)
    yield "empty 2 by 0", torch.zeros(2, 0)
    yield "1000 elements, whole", torch.arange(1000.0)
    yield "1001 elements, cut", torch.arange(1001.0)
    yield "2000 fractions, cut", torch.arange(2000) / 16
    yield "40 by 30, cut", torch.arange(1200).reshape(40, 30) / 16
    yield "4 by 300, only the columns cut", torch.arange(1200.0).reshape(4, 300)
    yield "300 by 4, only the rows cut", torch.arange(1200.0).reshape(300, 4)
    yield "6 by 7 by 30, the first not cut", torch.arange(1260.0).reshape(6, 7, 30)
    yield "8 by 2 by 70", torch.arange(1120.0).reshape(8, 2, 70)
    yield "cut, where what decides the format is hidden", torch.cat([torch.ones(500), torch.tensor([0.5]), torch.ones(600)])
    yield "whole-number scalar", t(7)
    yield "whole-number vector", t([1, -20, 300])
    yield "whole-number matrix", t([[0, 5, 13], [1, 100, 2]])
    yield "whole numbers, wrapped", torch.arange(60)
    yield "whole numbers, cut", torch.arange(2400).reshape(40, 60)
    yield "no whole numbers", torch.zeros(0, dtype=torch.int64)
    yield "no whole numbers, 2 by 0", torch.zeros(2, 0, dtype=torch.int64)


def cases():
    for name, tensor in tensors():
        whole = tensor.dtype == torch.int64
        yield {"case": name, "type": "int" if whole else "float", "tensor": tensor, "text": repr(tensor)}
    for name, tensor in [("a leaf with gradient", torch.tensor([0.5, 1.0])), ("a scalar leaf with gradient", torch.tensor(0.25))]:
        yield {"case": name, "type": "float", "tensor": tensor, "requiresGrad": True, "text": repr(tensor.requires_grad_())}


if __name__ == "__main__":
    write_cases("printing.json", list(cases()))
