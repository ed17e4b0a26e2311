"""Cases of the operations that move numbers without changing them: views, joins, selections and scatters."""
import torch

from op_case import case, ints, randn


def views():
    for shape, to in [((3, 4), [2, 6]), ((2, 3, 5), [6, -1]), ((12,), [3, 2, 2]), ((1,), [])]:
        name = f"{list(shape)} to {to}"
        case("View", name, lambda: {"x": randn(*shape)}, lambda x: x.view(to), {"shape": to})
        case("Reshape", name, lambda: {"x": randn(*shape)}, lambda x: x.reshape(to), {"shape": to})
    case("Reshape", "a transposed tensor", lambda: {"x": randn(3, 5)}, lambda x: x.T.reshape(-1),
         {"transposeFirst": [0, 1], "shape": [-1]})
    for shape, d0, d1 in [((3, 5), 0, 1), ((2, 3, 4), 0, 2), ((2, 3, 4, 5), 1, 2), ((2, 3, 4), -2, -1)]:
        case("Transpose", f"{list(shape)}, dims {d0} and {d1}", lambda: {"x": randn(*shape)},
             lambda x: x.transpose(d0, d1), {"dim0": d0, "dim1": d1})
    for shape, dims in [((3, 5), [1, 0]), ((2, 3, 4), [2, 0, 1]), ((2, 1, 3, 4), [0, 2, 1, 3])]:
        case("Permute", f"{list(shape)} by {dims}", lambda: {"x": randn(*shape)}, lambda x: x.permute(dims), {"dims": dims})
    for shape, dim in [((3, 1, 5), 1), ((1, 3), 0), ((3, 1), -1)]:
        case("Squeeze", f"{list(shape)}, dim {dim}", lambda: {"x": randn(*shape)}, lambda x: x.squeeze(dim), {"dim": dim})
    case("Squeeze", "every dim", lambda: {"x": randn(1, 3, 1, 2)}, torch.squeeze)
    for shape, dim in [((3, 5), 0), ((3, 5), 1), ((3, 5), -1), ((), 0)]:
        case("Unsqueeze", f"{list(shape)}, dim {dim}", lambda: {"x": randn(*shape)}, lambda x: x.unsqueeze(dim), {"dim": dim})
    for shape, to in [((3, 1), [3, 4]), ((5,), [2, 3, 5]), ((2, 1, 3), [2, 4, 3]), ((), [2, 2]), ((1, 1), [3, 1])]:
        case("Expand", f"{list(shape)} to {to}", lambda: {"x": randn(*shape)}, lambda x: x.expand(to), {"shape": to})


def slices():
    for shape, index in [
        ((7,), [[2, 5]]),
        ((7,), [-2]),
        ((3, 5), [1]),
        ((3, 5), [[0, 3], 4]),
        ((3, 5), [[0, 2], [1, 4]]),
        ((2, 4, 5), [[0, 2], -1, [0, 5]]),
        ((2, 4, 5), [1, [1, 3], -5]),
        ((4, 6), [[-3, -1], [0, 6]]),
        ((4, 6), [[2, 2], [0, 6]]),
    ]:
        python_index = tuple(slice(*i) if isinstance(i, list) else i for i in index)
        case("Slice", f"{list(shape)} at {index}", lambda: {"x": randn(*shape)}, lambda x: x[python_index], {"index": index})


def triangles():
    for op, compute in {"Tril": torch.tril, "Triu": torch.triu}.items():
        for shape, diagonal in [((4, 4), 0), ((3, 5), 1), ((5, 3), -1), ((2, 3, 3), 0), ((3, 3), -5)]:
            case(op, f"{list(shape)}, diagonal {diagonal}", lambda: {"x": randn(*shape)},
                 lambda x: compute(x, diagonal), {"diagonal": diagonal})


def joins():
    def parts(*shapes):
        return {f"x{i}": randn(*s) for i, s in enumerate(shapes)}

    for dim, shapes in [(0, [(2, 3), (4, 3)]), (1, [(2, 3), (2, 1), (2, 5)]), (-1, [(2, 3, 2), (2, 3, 3)]), (0, [(3,), (2,)]),
                        (0, [(2, 3)])]:
        case("Cat", f"dim {dim} of " + ", ".join(str(list(s)) for s in shapes), lambda: parts(*shapes),
             lambda *xs: torch.cat(xs, dim), {"dim": dim})
    for dim, shape, count in [(0, (3,), 2), (1, (2, 3), 3), (-1, (2, 3), 2), (0, (), 4)]:
        case("Stack", f"dim {dim}, {count} of {list(shape)}", lambda: parts(*[shape] * count),
             lambda *xs: torch.stack(xs, dim), {"dim": dim})
    for shape, dim in [((3, 5), 0), ((2, 3, 4), 1), ((2, 3), -1)]:
        case("Unbind", f"{list(shape)}, dim {dim}", lambda: {"x": randn(*shape)}, lambda x: list(x.unbind(dim)), {"dim": dim})


def selections():
    for shape, ids in [((6, 3), (4,)), ((6, 3), (2, 5)), ((6,), (2, 3)), ((5, 2, 3), (4,)), ((6, 3), ())]:
        case("IndexSelect", f"{list(shape)} by ids {list(ids)}", lambda: ({"x": randn(*shape)}, {"ids": ints(shape[0], *ids)}),
             lambda x, ids: x[ids])
    for shape, index, dim in [((3, 5), (3, 2), 1), ((3, 5), (4, 5), 0), ((2, 3, 4), (2, 3, 1), -1), ((7,), (9,), 0),
                              ((3, 5), (2, 3), 1)]:
        case("Gather", f"{list(shape)} by {list(index)}, dim {dim}",
             lambda: ({"x": randn(*shape)}, {"index": ints(shape[dim], *index)}),
             lambda x, index: x.gather(dim, index), {"dim": dim})
    for shape, dim, count in [((4, 3), 0, 6), ((3, 4), 1, 2), ((2, 3, 2), -2, 5), ((5,), 0, 7)]:
        source = list(shape)
        source[dim] = count
        case("IndexAdd", f"{source} into {list(shape)}, dim {dim}",
             lambda: ({"x": randn(*shape), "source": randn(*source)}, {"index": ints(shape[dim], count)}),
             lambda x, source, index: x.index_add(dim, index, source), {"dim": dim})
    for shape, source, dim in [((4, 3), (6, 3), 0), ((3, 4), (3, 2), 1), ((2, 3, 2), (2, 5, 2), -2), ((5,), (7,), 0),
                               ((4, 3), (2, 2), 0)]:
        case("ScatterAdd", f"{list(source)} into {list(shape)}, dim {dim}",
             lambda: ({"x": randn(*shape), "source": randn(*source)}, {"index": ints(shape[dim], *source)}),
             lambda x, source, index: x.scatter_add(dim, index, source), {"dim": dim})


views()
slices()
triangles()
joins()
selections()
