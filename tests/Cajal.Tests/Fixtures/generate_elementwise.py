"""Arithmetic, comparison and scalar functions, value by value."""
import torch

from fixture_writer import Family, away, booleans, distinct, integers, literal, normal, uniform

NAN, INF = float("nan"), float("inf")

UNARY = {
    # op: (function, recipe of inputs inside the domain, inputs at the edges of the domain)
    "Neg": (torch.neg, normal(2, 5), [0.0, -0.0, INF, -INF, NAN]),
    "Abs": (torch.abs, away(2, 5), [0.0, -0.0, INF, -INF, NAN]),
    "Sign": (torch.sign, away(2, 5), [0.0, -0.0, INF, -INF]),
    "Exp": (torch.exp, normal(2, 5), [0.0, 1e-9, 700.0, 710.0, -745.0, -750.0, INF, -INF, NAN]),
    "Expm1": (torch.expm1, normal(2, 5), [0.0, -0.0, 1e-9, -1e-9, 1e-300, 700.0, -50.0, INF, -INF, NAN]),
    "Log": (torch.log, uniform(2, 5), [0.0, -1.0, 1.0, 1e-300, 1e300, INF, NAN]),
    "Log1p": (torch.log1p, uniform(2, 5, low=-0.9), [0.0, -0.0, 1e-9, -1e-9, -1.0, -2.0, 1e300, INF, NAN]),
    "Log2": (torch.log2, uniform(2, 5), [0.0, -1.0, 8.0, INF, NAN]),
    "Log10": (torch.log10, uniform(2, 5), [0.0, -1.0, 1000.0, INF, NAN]),
    "Sqrt": (torch.sqrt, uniform(2, 5), [0.0, -1.0, 1e-300, INF, NAN]),
    "Rsqrt": (torch.rsqrt, uniform(2, 5), [0.0, -1.0, 4.0, 1e-300, INF, NAN]),
    "Reciprocal": (torch.reciprocal, away(2, 5), [0.0, -0.0, INF, -INF, NAN]),
    "Square": (torch.square, normal(2, 5), [0.0, 1e200, INF, -INF, NAN]),
    "Sin": (torch.sin, normal(2, 5, scale=3), [0.0, -0.0, 1e-9, 1e5, INF, NAN]),
    "Cos": (torch.cos, normal(2, 5, scale=3), [0.0, 1e5, INF, NAN]),
    "Tan": (torch.tan, uniform(2, 5, low=-1.3, high=1.3), [0.0, 1.5707, 1e5, INF, NAN]),
    "Asin": (torch.asin, uniform(2, 5, low=-0.9, high=0.9), [0.0, 1.0, -1.0, 1.1, NAN]),
    "Acos": (torch.acos, uniform(2, 5, low=-0.9, high=0.9), [0.0, 1.0, -1.0, 1.1, NAN]),
    "Atan": (torch.atan, normal(2, 5, scale=2), [0.0, -0.0, 1e300, INF, -INF, NAN]),
    "Sinh": (torch.sinh, normal(2, 5), [0.0, -0.0, 1e-9, 720.0, INF, -INF, NAN]),
    "Cosh": (torch.cosh, normal(2, 5), [0.0, 720.0, INF, -INF, NAN]),
    "Tanh": (torch.tanh, normal(2, 5), [0.0, -0.0, 1e-9, 30.0, -1000.0, INF, -INF, NAN]),
    "Asinh": (torch.asinh, normal(2, 5), [0.0, 1e-9, 1e100, INF, -INF, NAN]),
    "Acosh": (torch.acosh, uniform(2, 5, low=1.1, high=4), [1.0, 0.5, 1e100, INF, NAN]),
    "Atanh": (torch.atanh, uniform(2, 5, low=-0.9, high=0.9), [0.0, 1e-9, 1.0, -1.0, 1.5, NAN]),
    "Erf": (torch.erf, normal(2, 5), [0.0, -0.0, 1e-9, 0.5, 3.0, 6.0, -6.0, INF, -INF, NAN]),
    "Erfc": (torch.erfc, normal(2, 5), [0.0, 1e-9, 3.0, 6.0, -6.0, 26.0, INF, -INF, NAN]),
    "Floor": (torch.floor, normal(2, 5, scale=3), [0.0, -0.0, 0.5, -0.5, 2.0, 1e300, INF, NAN]),
    "Ceiling": (torch.ceil, normal(2, 5, scale=3), [0.0, 0.5, -0.5, 2.0, 1e300, INF, NAN]),
    "Truncate": (torch.trunc, normal(2, 5, scale=3), [0.0, 0.5, -0.5, -2.7, INF, NAN]),
    "Round": (torch.round, normal(2, 5, scale=3), [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, 1e300, INF, NAN]),
    "Sigmoid": (torch.sigmoid, normal(2, 5), [0.0, 40.0, -40.0, 800.0, -800.0, INF, -INF, NAN]),
    "Relu": (torch.relu, away(2, 5), [0.0, -0.0, INF, -INF]),
}

BINARY = {
    "Add": (torch.add, normal),
    "Subtract": (torch.sub, normal),
    "Multiply": (torch.mul, normal),
    "Divide": (torch.div, away),
    "Maximum": (torch.maximum, distinct),
    "Minimum": (torch.minimum, distinct),
    "Atan2": (torch.atan2, away),
    "Hypot": (torch.hypot, away),
}

BROADCASTS = [("same", (2, 3), (2, 3)), ("row", (2, 3), (3,)), ("column", (2, 3), (2, 1)), ("outer", (4, 1), (1, 3)),
              ("scalar", (2, 3), ()), ("scalar-left", (), (3,)), ("three-axes", (2, 1, 3), (4, 1)), ("size-1", (1, 1), (1,)),
              ("empty", (0, 3), (1, 3))]

COMPARE = {"Equal": torch.eq, "NotEqual": torch.ne, "Less": torch.lt, "LessEqual": torch.le, "Greater": torch.gt,
           "GreaterEqual": torch.ge}


def families():
    f = Family("elementwise")
    for op, (fn, recipe, edges) in UNARY.items():
        f.add(op, "plain", lambda x: fn(x), {"x": recipe})
        f.add(op, "edges", lambda x: fn(x), {"x": literal(edges)}, grads=())
    f.add("Exp", "scalar", torch.exp, {"x": normal()})
    f.add("Exp", "empty", torch.exp, {"x": normal(0, 3)})
    f.add("Exp", "vector-tail", torch.exp, {"x": normal(37)})
    f.add("Abs", "gradient-at-zero", torch.abs, {"x": literal([0.0, 1.0, -1.0])})
    f.add("Relu", "gradient-at-zero", torch.relu, {"x": literal([0.0, 1.0, -1.0])})
    f.add("Sign", "gradient-at-zero", torch.sign, {"x": literal([0.0, 1.0, -1.0])})

    for op, (fn, recipe) in BINARY.items():
        for variant, a, b in BROADCASTS:
            # One shuffle per side could tie across sides; another spacing cannot.
            right = distinct(*b, step=0.53) if recipe is distinct else recipe(*b)
            if recipe is distinct:
                left = lambda r, a=a: (distinct(*a)(r) + 0.06).round(2)
            else:
                left = recipe(*a)
            f.add(op, variant, lambda a, b: fn(a, b), {"a": left, "b": right})
    f.add("Maximum", "ties-share-the-gradient", torch.maximum, {"a": literal([1.0, 2.0, 3.0]), "b": literal([1.0, 2.5, 3.0])})
    f.add("Minimum", "ties-share-the-gradient", torch.minimum, {"a": literal([1.0, 2.0, 3.0]), "b": literal([1.0, 2.5, 3.0])})
    f.add("Maximum", "nan", torch.maximum, {"a": literal([NAN, 1.0, INF]), "b": literal([1.0, NAN, -INF])}, grads=())
    f.add("Minimum", "nan", torch.minimum, {"a": literal([NAN, 1.0, INF]), "b": literal([1.0, NAN, -INF])}, grads=())
    f.add("Divide", "by-zero", torch.div, {"a": literal([1.0, -1.0, 0.0]), "b": literal([0.0, 0.0, 0.0])}, grads=())
    for op in ("Add", "Subtract", "Multiply", "Maximum", "Minimum"):
        f.add(op, "int64", lambda a, b: BINARY[op][0](a, b),
              {"a": integers(2, 3, low=-9, high=9), "b": integers(3, low=-9, high=9)})
    f.add("Add", "int64-promotes", torch.add, {"a": integers(2, 3), "b": normal(3)})
    f.add("Multiply", "bool-promotes", torch.mul, {"a": booleans(2, 3), "b": normal(2, 3)})
    f.add("Abs", "int64", torch.abs, {"x": integers(6, low=-9, high=9)})
    f.add("Neg", "int64", torch.neg, {"x": integers(6, low=-9, high=9)})

    for op, fn in COMPARE.items():
        f.add(op, "broadcast", lambda a, b: fn(a, b),
              {"a": lambda r: integers(2, 3)(r).astype(float), "b": lambda r: integers(3)(r).astype(float)}, grads=())
        f.add(op, "nan", lambda a, b: fn(a, b),
              {"a": literal([NAN, 1.0, INF, 0.0, NAN]), "b": literal([NAN, NAN, INF, -0.0, 1.0])}, grads=())
        f.add(op, "int64", lambda a, b: fn(a, b), {"a": integers(2, 3), "b": integers(2, 1)})
    for op, fn in {"LogicalAnd": torch.logical_and, "LogicalOr": torch.logical_or, "LogicalXor": torch.logical_xor}.items():
        f.add(op, "broadcast", lambda a, b: fn(a, b), {"a": booleans(2, 3), "b": booleans(3)})
    f.add("LogicalNot", "plain", torch.logical_not, {"x": booleans(2, 3)})
    f.add("IsNaN", "plain", torch.isnan, {"x": literal([NAN, 0.0, INF])}, grads=())
    f.add("IsFinite", "plain", torch.isfinite, {"x": literal([NAN, 0.0, INF, -INF])}, grads=())

    for exponent in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0, -2.0, 2.5):
        f.add("Pow", f"scalar-exponent-{exponent:g}", lambda x: torch.pow(x, exponent), {"x": uniform(2, 3)}, {"exponent": exponent})
    f.add("Pow", "negative-base-integer-exponent", lambda x: torch.pow(x, 3), {"x": away(5)}, {"exponent": 3.0})
    f.add("Pow", "tensor-exponent", torch.pow, {"x": uniform(2, 3), "exponent": normal(2, 3)})
    f.add("Pow", "tensor-exponent-broadcast", torch.pow, {"x": uniform(2, 1), "exponent": normal(3)})
    f.add("Pow", "zero-base-gradient", torch.pow, {"x": literal([0.0, 0.0, 0.0]), "exponent": literal([0.0, 1.0, 2.0])})
    f.add("Pow", "edges", torch.pow, {"x": literal([0.0, 0.0, -8.0, INF, 2.0, 1.0, NAN, -2.0]),
                                       "exponent": literal([0.0, -1.0, 1 / 4, -1.0, INF, NAN, 0.0, 3.0])}, grads=())
    f.add("Pow", "scalar-base", lambda exponent: torch.pow(2.0, exponent), {"exponent": normal(5)}, {"base": 2.0})

    f.add("Clamp", "both", lambda x: torch.clamp(x, -0.5, 0.8), {"x": normal(3, 4)}, {"min": -0.5, "max": 0.8})
    f.add("Clamp", "min", lambda x: torch.clamp(x, min=0.1), {"x": normal(3, 4)}, {"min": 0.1})
    f.add("Clamp", "max", lambda x: torch.clamp(x, max=0.1), {"x": normal(3, 4)}, {"max": 0.1})
    f.add("Clamp", "gradient-at-bounds", lambda x: torch.clamp(x, -1, 1), {"x": literal([-1.0, 1.0, 0.5, 2.0, -2.0])},
          {"min": -1.0, "max": 1.0})
    f.add("Clamp", "nan", lambda x: torch.clamp(x, -1, 1), {"x": literal([NAN, INF, -INF])}, {"min": -1.0, "max": 1.0}, grads=())

    f.add("Where", "same", torch.where, {"condition": booleans(2, 3), "a": normal(2, 3), "b": normal(2, 3)})
    f.add("Where", "broadcast", torch.where, {"condition": booleans(2, 1), "a": normal(3), "b": normal(2, 3)})
    f.add("Where", "condition-wider", torch.where, {"condition": booleans(2, 3), "a": normal(), "b": normal(3)})
    f.add("Where", "int64", torch.where, {"condition": booleans(4), "a": integers(4), "b": integers(4)})

    f.add("Cast", "float-to-int64", lambda x: x.long(), {"x": literal([0.9, -0.9, 2.5, -2.5, 0.0])}, {"dtype": "int64"}, grads=())
    f.add("Cast", "float-to-bool", lambda x: x.bool(), {"x": literal([0.0, -0.0, 0.1, -3.0, NAN])}, {"dtype": "bool"}, grads=())
    f.add("Cast", "int64-to-float", lambda x: x.double(), {"x": integers(4, low=-9, high=9)}, {"dtype": "float64"})
    f.add("Cast", "bool-to-float", lambda x: x.double(), {"x": booleans(4)}, {"dtype": "float64"})
    f.add("Lerp", "plain", lambda a, b: torch.lerp(a, b, 0.3), {"a": normal(2, 3), "b": normal(2, 3)}, {"weight": 0.3})
    return [f]
