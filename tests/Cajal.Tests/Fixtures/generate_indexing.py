"""Views, indexing, joining, padding, embedding."""
import torch
import torch.nn.functional as F

from fixture_writer import Family, booleans, integers, literal, normal


def families():
    return [views(), indexing()]


def views():
    f = Family("views")
    f.add("Reshape", "plain", lambda x: x.reshape(3, 4), {"x": normal(2, 6)}, {"shape": [3, 4]})
    f.add("Reshape", "inferred", lambda x: x.reshape(2, -1), {"x": normal(2, 3, 2)}, {"shape": [2, -1]})
    f.add("Reshape", "to-scalar", lambda x: x.reshape(()), {"x": normal(1, 1)}, {"shape": []})
    f.add("Reshape", "of-transposed", lambda x: x.t().reshape(6), {"x": normal(2, 3)}, {"transposeFirst": True, "shape": [6]})
    f.add("Transpose", "plain", lambda x: x.transpose(0, 1), {"x": normal(2, 3)}, {"axis0": 0, "axis1": 1})
    f.add("Transpose", "negative", lambda x: x.transpose(-1, 0), {"x": normal(2, 3, 4)}, {"axis0": -1, "axis1": 0})
    f.add("Permute", "three", lambda x: x.permute(2, 0, 1), {"x": normal(2, 3, 4)}, {"axes": [2, 0, 1]})
    f.add("Permute", "negative", lambda x: x.permute(0, -1, 1), {"x": normal(2, 3, 4)}, {"axes": [0, -1, 1]})
    f.add("Expand", "row", lambda x: x.expand(2, 3), {"x": normal(1, 3)}, {"shape": [2, 3]})
    f.add("Expand", "new-axis", lambda x: x.expand(2, 2, 3), {"x": normal(2, 1)}, {"shape": [2, 2, 3]})
    f.add("Squeeze", "all", lambda x: x.squeeze(), {"x": normal(1, 3, 1)})
    f.add("Squeeze", "axis-negative", lambda x: x.squeeze(-1), {"x": normal(1, 3, 1)}, {"axis": -1})
    f.add("Unsqueeze", "front", lambda x: x.unsqueeze(0), {"x": normal(2, 3)}, {"axis": 0})
    f.add("Unsqueeze", "negative", lambda x: x.unsqueeze(-1), {"x": normal(2, 3)}, {"axis": -1})
    f.add("Flatten", "from-axis-1", lambda x: x.flatten(1), {"x": normal(2, 3, 2)}, {"startAxis": 1, "endAxis": -1})
    f.add("Flatten", "middle", lambda x: x.flatten(1, 2), {"x": normal(2, 2, 3, 2)}, {"startAxis": 1, "endAxis": 2})
    # ranges: per axis [start, stop, step]
    for variant, shape, s in (("plain", (5, 4), [(1, 4, 1), (0, 2, 1)]), ("steps", (7, 5), [(0, 7, 3), (1, 5, 2)]), ("one", (4, 3), [(2, 3, 1), (0, 3, 1)]),
                              ("empty", (4, 3), [(2, 2, 1), (0, 3, 1)]), ("step-past-the-end", (5,), [(0, 5, 9)])):
        f.add("Slice", variant, lambda x: x[tuple(slice(*r) for r in s)], {"x": normal(*shape)}, {"ranges": [list(r) for r in s]})
    f.add("Slice", "integer-then-range", lambda x: x[1, 1:3], {"x": normal(3, 4)}, {"index": 1, "ranges": [[1, 3, 1]]})
    f.add("Slice", "integer-negative", lambda x: x[-1], {"x": normal(3, 4)}, {"index": -1})
    f.add("Select", "axis-1", lambda x: x.select(1, 2), {"x": normal(2, 3, 2)}, {"axis": 1, "index": 2})
    f.add("Unfold", "middle-axis", lambda x: x.unfold(1, 2, 1), {"x": normal(2, 4, 3)}, {"axis": 1, "size": 2, "step": 1})
    f.add("Unfold", "steps", lambda x: x.unfold(0, 3, 2), {"x": normal(7)}, {"axis": 0, "size": 3, "step": 2})

    for variant, shapes, axis in (("first", [(2, 3), (1, 3)], 0), ("last-negative", [(2, 1), (2, 3)], -1), ("middle", [(2, 1, 2), (2, 2, 2)], 1),
                                  ("three", [(2,), (1,), (3,)], 0), ("one", [(2, 2)], 0), ("with-empty", [(0, 3), (2, 3)], 0)):
        f.add("Concat", variant, lambda **t: torch.cat(list(t.values()), axis), {"abc"[i]: normal(*s) for i, s in enumerate(shapes)}, {"axis": axis})
    for axis in (0, 1, -1):
        f.add("Stack", f"axis{axis}", lambda a, b: torch.stack([a, b], axis), {"a": normal(2, 3), "b": normal(2, 3)}, {"axis": axis})
    f.add("Stack", "scalars", lambda a, b: torch.stack([a, b]), {"a": normal(), "b": normal()}, {"axis": 0})
    for variant, shape, sizes, axis in (("even", (4, 2), [2, 2], 0), ("uneven", (2, 6), [1, 2, 3], 1), ("negative", (2, 5), [4, 1], -1)):
        f.add("Split", variant, lambda x: {f"y{i}": y for i, y in enumerate(torch.split(x, sizes, axis))}, {"x": normal(*shape)},
              {"sizes": sizes, "axis": axis})
    f.add("Chunk", "last-is-short", lambda x: {f"y{i}": y for i, y in enumerate(torch.chunk(x, 3, 0))}, {"x": normal(5, 2)}, {"chunks": 3, "axis": 0})

    # pads: [before, after] for every axis, first axis first. PyTorch lists the last axis first.
    for variant, shape, pads, value in (("vector", (3,), [[1, 2]], 0.0), ("last-of-two", (2, 3), [[0, 0], [1, 2]], 0.0), ("value", (2, 2), [[1, 0], [0, 2]], -1.5),
                                        ("crop", (4, 4), [[-1, 0], [1, -2]], 0.0), ("none", (2, 2), [[0, 0], [0, 0]], 0.0)):
        f.add("Pad", f"constant-{variant}", lambda x: F.pad(x, torch_pads(pads), value=value), {"x": normal(*shape)},
              {"pads": pads, "mode": "constant", "value": value})
    for mode in ("reflect", "replicate", "circular"):
        for variant, shape, pads in (("1d", (1, 2, 4), [[0, 0], [0, 0], [2, 1]]), ("2d", (1, 2, 3, 4), [[0, 0], [0, 0], [1, 2], [3, 0]]),
                                     ("whole", (1, 1, 4), [[0, 0], [0, 0], [3, 3]])):
            f.add("Pad", f"{mode}-{variant}", lambda x: F.pad(x, torch_pads(pads[2:]), mode=mode), {"x": normal(*shape)}, {"pads": pads, "mode": mode})
    f.add("Flip", "one", lambda x: x.flip(0), {"x": normal(3, 2)}, {"axes": [0]})
    f.add("Flip", "two-negative", lambda x: x.flip(0, -1), {"x": normal(2, 2, 3)}, {"axes": [0, -1]})
    f.add("Roll", "one", lambda x: x.roll(2, 0), {"x": normal(5)}, {"shifts": [2], "axes": [0]})
    f.add("Roll", "negative-and-wrapping", lambda x: x.roll((-1, 7), (0, -1)), {"x": normal(3, 4)}, {"shifts": [-1, 7], "axes": [0, -1]})
    f.add("Roll", "flattened", lambda x: x.roll(1), {"x": normal(2, 3)}, {"shifts": [1]})
    f.add("Repeat", "each-value", lambda x: x.repeat_interleave(2, 0), {"x": normal(3, 2)}, {"times": 2, "axis": 0})
    f.add("Repeat", "last-negative", lambda x: x.repeat_interleave(3, -1), {"x": normal(2, 2)}, {"times": 3, "axis": -1})
    f.add("Tile", "two", lambda x: x.repeat(2, 3), {"x": normal(2, 2)}, {"times": [2, 3]})
    f.add("Tile", "new-axis", lambda x: x.repeat(2, 1, 2), {"x": normal(1, 3)}, {"times": [2, 1, 2]})
    return f


def unique(x):
    values, inverse, counts = torch.unique(x, return_inverse=True, return_counts=True)
    return {"values": values, "inverse": inverse, "counts": counts}


def torch_pads(pads):
    return [n for pair in reversed(pads) for n in pair]


def indexing():
    f = Family("indexing")
    for variant, shape, axis, index in (("first", (4, 2), 0, [3, 0, 0]), ("last-negative", (2, 4), -1, [1, 3]), ("middle", (2, 3, 2), 1, [2, 2, 2, 0]),
                                        ("empty", (3, 2), 0, [])):
        f.add("IndexSelect", variant, lambda x, index: x.index_select(axis, index), {"x": normal(*shape), "index": literal(index, "int64")}, {"axis": axis})
    for variant, shape, axis, ishape in (("first", (3, 2), 0, (4, 2)), ("last-negative", (3, 4), -1, (3, 2)), ("shorter-other-axis", (3, 4), 1, (2, 5)),
                                         ("middle", (2, 3, 2), 1, (2, 2, 2))):
        limit = shape[axis]
        f.add("Gather", variant, lambda x, index: x.gather(axis, index), {"x": normal(*shape), "index": integers(*ishape, high=limit)}, {"axis": axis})
        f.add("ScatterAdd", variant, lambda x, index, src: x.scatter_add(axis, index, src),
              {"x": normal(*shape), "index": integers(*ishape, high=limit), "src": normal(*ishape)}, {"axis": axis})
    # Scatter without repeated targets, whose result would depend on the order.
    f.add("Scatter", "first", lambda x, index, src: x.scatter(0, index, src), {"x": normal(4, 2), "index": literal([[3, 0], [1, 2]]), "src": normal(2, 2)}, {"axis": 0})
    f.add("Scatter", "last-negative", lambda x, index, src: x.scatter(-1, index, src), {"x": normal(2, 4), "index": literal([[3, 0], [1, 2]]), "src": normal(2, 2)}, {"axis": -1})
    f.add("Scatter", "shorter-index", lambda x, index, src: x.scatter(1, index, src), {"x": normal(3, 4), "index": literal([[2, 0]]), "src": normal(1, 2)}, {"axis": 1})
    f.add("MaskedSelect", "same", lambda x, mask: x.masked_select(mask), {"x": normal(3, 4), "mask": booleans(3, 4)})
    f.add("MaskedSelect", "broadcast", lambda x, mask: x.masked_select(mask), {"x": normal(3, 4), "mask": literal([True, False, True, True])})
    f.add("MaskedSelect", "none", lambda x, mask: x.masked_select(mask), {"x": normal(3), "mask": literal([False, False, False])})
    f.add("MaskedFill", "same", lambda x, mask: x.masked_fill(mask, -2.5), {"x": normal(3, 4), "mask": booleans(3, 4)}, {"value": -2.5})
    f.add("MaskedFill", "broadcast", lambda x, mask: x.masked_fill(mask, 0.5), {"x": normal(2, 3, 2), "mask": booleans(3, 1)}, {"value": 0.5})
    f.add("MaskedFill", "minus-infinity", lambda x, mask: x.masked_fill(mask, float("-inf")), {"x": normal(2, 3), "mask": booleans(2, 3)}, {"value": "-Infinity"})
    for variant, shape, axis, index in (("first", (4, 2), 0, [3, 0, 0]), ("last-negative", (2, 4), -1, [1, 3]), ("middle", (2, 3, 2), 1, [2, 2])):
        source = tuple(len(index) if a == axis % len(shape) else n for a, n in enumerate(shape))
        f.add("IndexAdd", variant, lambda x, index, src: x.index_add(axis, index, src), {"x": normal(*shape), "index": literal(index, "int64"), "src": normal(*source)}, {"axis": axis})
    f.add("NonZero", "matrix", lambda x: x.nonzero(), {"x": literal([[0.0, 1.5, 0.0], [-2.0, 0.0, 3.0]])}, grads=())
    f.add("Meshgrid", "three", lambda a, b, c: {f"y{i}": y for i, y in enumerate(torch.meshgrid(a, b, c, indexing="ij"))}, {"a": normal(2), "b": normal(3), "c": normal(2)})
    f.add("Unique", "ties", unique, {"x": literal([3.0, 1.0, 3.0, -2.0, 1.0, 3.0])}, grads=())
    f.add("OneHot", "plain", lambda index: F.one_hot(index, 4), {"index": integers(2, 3, high=4)}, {"classes": 4})
    for variant, ishape, padding in (("vector", (5,), None), ("matrix", (2, 3), None), ("padding-index", (2, 4), 1), ("scalar", (), None)):
        # PyTorch adds up repeated rows; none of them at the padding row.
        args = {} if padding is None else {"paddingIndex": padding}
        f.add("Embedding", variant, lambda index, weight: F.embedding(index, weight, padding_idx=padding),
              {"index": integers(*ishape, high=4), "weight": normal(4, 3)}, args)
    return f
