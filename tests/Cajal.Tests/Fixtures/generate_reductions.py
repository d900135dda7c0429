"""Reductions, scans, norms, softmax, sorting."""
import torch

from fixture_writer import Family, away, booleans, distinct, integers, literal, normal, uniform

NAN, INF = float("nan"), float("inf")

# (variant, shape, axes or None for all, keepAxes)
AXES = [("all", (2, 3, 4), None, False), ("first", (2, 3, 4), [0], False), ("middle-keep", (2, 3, 4), [1], True),
        ("last-negative", (2, 3, 4), [-1], False), ("two", (2, 3, 4), [0, 2], False), ("two-negative-keep", (2, 3, 4), [-3, -1], True),
        ("size-1-axis", (3, 1, 2), [1], False), ("vector", (7,), [0], False), ("every-axis-keep", (2, 3), [0, 1], True)]


def args_of(axes, keep, **more):
    a = {} if axes is None else {"axes": axes}
    a["keepAxes"] = keep
    a.update(more)
    return a


def product(x, axes, keep):
    for axis in sorted([a % x.dim() for a in (range(x.dim()) if axes is None else axes)], reverse=True):
        x = x.prod(axis, keepdim=keep)
    return x


def every(x, axes):
    return list(range(x.dim())) if axes is None else axes


def families():
    return [reductions(), softmax_and_sort()]


def reductions():
    f = Family("reductions")
    for variant, shape, axes, keep in AXES:
        a = args_of(axes, keep)
        f.add("Sum", variant, lambda x: x.sum(every(x, axes), keepdim=keep), {"x": normal(*shape)}, a)
        f.add("Mean", variant, lambda x: x.mean(every(x, axes), keepdim=keep), {"x": normal(*shape)}, a)
        f.add("Prod", variant, lambda x: product(x, axes, keep), {"x": away(*shape)}, a)
        f.add("Max", variant, lambda x: torch.amax(x, every(x, axes), keepdim=keep), {"x": distinct(*shape)}, a)
        f.add("Min", variant, lambda x: torch.amin(x, every(x, axes), keepdim=keep), {"x": distinct(*shape)}, a)
        f.add("LogSumExp", variant, lambda x: torch.logsumexp(x, every(x, axes), keepdim=keep), {"x": normal(*shape, scale=3)}, a)
        for unbiased in (True, False):
            if unbiased and variant == "size-1-axis":
                continue
            tag = variant + ("-unbiased" if unbiased else "-biased")
            b = args_of(axes, keep, unbiased=unbiased)
            f.add("Var", tag, lambda x: x.var(every(x, axes), unbiased=unbiased, keepdim=keep), {"x": normal(*shape)}, b)
            if variant != "size-1-axis":
                f.add("Std", tag, lambda x: x.std(every(x, axes), unbiased=unbiased, keepdim=keep), {"x": normal(*shape)}, b)
        if variant in ("all", "middle-keep", "last-negative", "two"):
            for p in (1.0, 2.0, 3.0, INF):
                label = "Infinity" if p == INF else p
                f.add("Norm", f"p{p:g}-{variant}", lambda x: torch.linalg.vector_norm(x, p, every(x, axes), keepdim=keep),
                      {"x": lambda r: distinct(*shape)(r) + 0.1}, args_of(axes, keep, p=label))
    f.add("Norm", "p0.5-vector", lambda x: torch.linalg.vector_norm(x, 0.5), {"x": away(5)}, {"p": 0.5, "keepAxes": False})
    f.add("Norm", "p2-zero-gradient", lambda x: torch.linalg.vector_norm(x, 2), {"x": literal([0.0, 0.0])}, {"p": 2.0, "keepAxes": False})
    f.add("Sum", "empty", lambda x: x.sum(0), {"x": normal(0, 3)}, args_of([0], False))
    f.add("Prod", "empty", lambda x: x.prod(0), {"x": normal(0, 3)}, args_of([0], False))
    f.add("Mean", "empty-is-nan", lambda x: x.mean(0), {"x": normal(0, 2)}, args_of([0], False), grads=())
    f.add("Sum", "scalar", lambda x: x.sum(), {"x": normal()}, args_of(None, False))
    f.add("Sum", "int64", lambda x: x.sum(1), {"x": integers(2, 5, low=-9, high=9)}, args_of([1], False))
    f.add("Sum", "bool-counts", lambda x: x.sum(), {"x": booleans(3, 4)}, args_of(None, False))
    f.add("Max", "int64", lambda x: torch.amax(x, 1), {"x": integers(2, 5, low=-9, high=9)}, args_of([1], False))
    f.add("Max", "ties-share-the-gradient", lambda x: torch.amax(x, 1), {"x": literal([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])}, args_of([1], False))
    f.add("Max", "nan-wins", lambda x: torch.amax(x, 1), {"x": literal([[1.0, NAN, 3.0], [2.0, 1.0, INF]])}, args_of([1], False), grads=())
    f.add("Prod", "one-zero", lambda x: x.prod(1), {"x": literal([[1.5, 0.0, 2.0], [3.0, 4.0, 0.5]])}, args_of([1], False))
    f.add("Prod", "two-zeros", lambda x: x.prod(1), {"x": literal([[0.0, 0.0, 2.0], [0.0, 4.0, 0.5]])}, args_of([1], False))
    f.add("LogSumExp", "huge", lambda x: torch.logsumexp(x, [1]), {"x": literal([[1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]])}, args_of([1], False))
    f.add("LogSumExp", "masked-by-minus-infinity", lambda x: torch.logsumexp(x, [1]),
          {"x": literal([[-INF, 1.0, 2.0], [-INF, -INF, 3.0]])}, args_of([1], False))
    f.add("LogSumExp", "all-minus-infinity", lambda x: torch.logsumexp(x, [0]), {"x": literal([-INF, -INF])}, args_of([0], False), grads=())
    f.add("Any", "axis", lambda x: x.any(1), {"x": booleans(4, 3, share=0.3)}, {"axis": 1, "keepAxes": False})
    f.add("All", "axis", lambda x: x.all(1), {"x": booleans(4, 3, share=0.7)}, {"axis": 1, "keepAxes": False})

    for op, fn in {"ArgMax": torch.argmax, "ArgMin": torch.argmin}.items():
        f.add(op, "all", lambda x: fn(x), {"x": distinct(3, 4)}, {"keepAxes": False}, grads=())
        f.add(op, "first", lambda x: fn(x, 0), {"x": distinct(3, 4)}, {"axis": 0, "keepAxes": False}, grads=())
        f.add(op, "last-negative-keep", lambda x: fn(x, -1, keepdim=True), {"x": distinct(2, 3, 4)}, {"axis": -1, "keepAxes": True}, grads=())
        f.add(op, "size-1-axis", lambda x: fn(x, 1), {"x": distinct(3, 1)}, {"axis": 1, "keepAxes": False}, grads=())
        f.add(op, "ties-take-the-first", lambda x: fn(x, 1), {"x": literal([[1.0, 3.0, 3.0, 1.0], [2.0, 2.0, 2.0, 2.0]])},
              {"axis": 1, "keepAxes": False}, grads=())
    for variant, shape, axis in (("first", (3, 4), 0), ("last-negative", (2, 3, 4), -1), ("middle", (2, 3, 4), 1), ("size-1-axis", (3, 1), 1)):
        f.add("CumSum", variant, lambda x: torch.cumsum(x, axis), {"x": normal(*shape)}, {"axis": axis})
        f.add("CumProd", variant, lambda x: torch.cumprod(x, axis), {"x": away(*shape)}, {"axis": axis})
    f.add("CumSum", "int64", lambda x: torch.cumsum(x, 0), {"x": integers(6)}, {"axis": 0})
    return f


def softmax_and_sort():
    f = Family("softmax-sort")
    for op, fn in {"Softmax": torch.softmax, "LogSoftmax": torch.log_softmax}.items():
        for variant, shape, axis in (("last", (3, 5), -1), ("first", (3, 5), 0), ("middle", (2, 3, 4), 1), ("vector", (5,), 0), ("size-1-axis", (3, 1), 1)):
            f.add(op, variant, lambda x: fn(x, axis), {"x": normal(*shape, scale=2)}, {"axis": axis})
        f.add(op, "huge", lambda x: fn(x, -1), {"x": literal([[1e4, 1e4, 9999.0], [-1e4, 0.0, 1e4]])}, {"axis": -1})
        f.add(op, "masked-by-minus-infinity", lambda x: fn(x, -1), {"x": literal([[-INF, 1.0, 2.0], [0.5, -INF, -INF]])}, {"axis": -1}, grads=())
    for descending in (False, True):
        tag = "descending" if descending else "ascending"
        for variant, shape, axis in (("vector", (7,), 0), ("last", (3, 4), -1), ("first", (4, 3), 0), ("middle", (2, 4, 3), 1), ("size-1-axis", (3, 1), 1)):
            f.add("Sort", f"{variant}-{tag}", lambda x: named(torch.sort(x, dim=axis, descending=descending)), {"x": distinct(*shape)},
                  {"axis": axis, "descending": descending})
        f.add("Sort", f"ties-stable-{tag}", lambda x: named(torch.sort(x, dim=0, descending=descending, stable=True)),
              {"x": literal([2.0, 1.0, 2.0, 1.0, 3.0])}, {"axis": 0, "descending": descending})
        f.add("ArgSort", f"last-{tag}", lambda x: torch.argsort(x, dim=-1, descending=descending), {"x": distinct(3, 4)},
              {"axis": -1, "descending": descending}, grads=())
        f.add("Sort", f"int64-{tag}", lambda x: named(torch.sort(x, dim=0, descending=descending)),
              {"x": lambda r: r.permutation(6).astype("int64")}, {"axis": 0, "descending": descending})
    for variant, shape, k, axis, largest in (("largest", (3, 5), 2, -1, True), ("smallest", (3, 5), 2, -1, False), ("first-axis", (5, 3), 3, 0, True),
                                             ("all", (4,), 4, 0, True), ("one", (2, 4), 1, 1, True)):
        f.add("TopK", variant, lambda x: named(torch.topk(x, k, dim=axis, largest=largest)), {"x": distinct(*shape)},
              {"k": k, "axis": axis, "largest": largest})
    for q in (0.0, 0.25, 0.6, 1.0):
        f.add("Quantile", f"q{q}", lambda x: x.quantile(q, dim=1), {"x": distinct(3, 6)}, {"q": q, "axis": 1})
    f.add("Median", "odd", lambda x: x.median(-1).values, {"x": distinct(2, 5)}, {"axis": -1, "keepAxes": False})
    return f


def named(pair):
    return {"values": pair[0], "indices": pair[1]}
