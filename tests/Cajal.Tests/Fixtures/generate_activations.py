"""Activations beyond sigmoid, tanh, relu and softmax, which stand with the other functions."""
import torch
import torch.nn.functional as F

from fixture_writer import Family, away, literal, normal, uniform

INF = float("inf")
FAR = [-1000.0, -30.0, -1e-9, 0.0, 1e-9, 30.0, 1000.0]


def families():
    f = Family("activations")
    for op, variant, fn, args in (
            ("LeakyRelu", "default", lambda x: F.leaky_relu(x), {"slope": 0.01}),
            ("LeakyRelu", "slope", lambda x: F.leaky_relu(x, 0.3), {"slope": 0.3}),
            ("Elu", "default", lambda x: F.elu(x), {"alpha": 1.0}),
            ("Elu", "alpha", lambda x: F.elu(x, 0.7), {"alpha": 0.7}),
            ("Celu", "alpha", lambda x: F.celu(x, 0.7), {"alpha": 0.7}),
            ("Selu", "plain", F.selu, {}),
            ("Gelu", "exact", lambda x: F.gelu(x), {"approximate": "none"}),
            ("Gelu", "tanh", lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}),
            ("Silu", "plain", F.silu, {}),
            ("Mish", "plain", F.mish, {}),
            ("Softplus", "default", lambda x: F.softplus(x), {"beta": 1.0, "threshold": 20.0}),
            ("Softplus", "beta-threshold", lambda x: F.softplus(x, 2.5, 3.0), {"beta": 2.5, "threshold": 3.0}),
            ("Softsign", "plain", F.softsign, {}),
            ("Sigmoid", "activation", torch.sigmoid, {}),
            ("Tanh", "activation", torch.tanh, {}),
            ("LogSigmoid", "plain", F.logsigmoid, {}),
            ("HardSigmoid", "plain", F.hardsigmoid, {}),
            ("HardTanh", "default", lambda x: F.hardtanh(x), {"min": -1.0, "max": 1.0}),
            ("HardTanh", "bounds", lambda x: F.hardtanh(x, -0.4, 2.2), {"min": -0.4, "max": 2.2}),
            ("HardSwish", "plain", F.hardswish, {}),
            ("Relu6", "plain", F.relu6, {}),
            ("TanhShrink", "plain", F.tanhshrink, {}),
            ("SoftShrink", "plain", lambda x: F.softshrink(x, 0.55), {"lambda": 0.55}),
            ("HardShrink", "plain", lambda x: F.hardshrink(x, 0.55), {"lambda": 0.55}),
            ("Threshold", "plain", lambda x: F.threshold(x, 0.1, -7.0), {"threshold": 0.1, "value": -7.0})):
        f.add(op, variant, lambda x: fn(x), {"x": lambda r: away(3, 4, scale=2)(r) + 0.003}, args)
        f.add(op, variant + "-far", lambda x: fn(x), {"x": literal(FAR)}, args, grads=() if op in ("Threshold", "LeakyRelu", "Selu", "Elu", "Celu", "Softsign") else None)
    for variant, x, w in (("shared", (2, 3), (1,)), ("per-channel", (2, 3), (3,)), ("per-channel-2d", (1, 2, 2, 3), (2,)), ("vector", (5,), (1,))):
        f.add("PRelu", variant, F.prelu, {"x": away(*x), "weight": uniform(*w, low=0.05, high=0.6)})
    f.add("Glu", "last", lambda x: F.glu(x, -1), {"x": normal(2, 6)}, {"axis": -1})
    f.add("Glu", "middle", lambda x: F.glu(x, 1), {"x": normal(2, 4, 3)}, {"axis": 1})
    f.add("Softmin", "last", lambda x: F.softmin(x, -1), {"x": normal(2, 4)}, {"axis": -1})
    # Maxout: y[..., j] = max over p of x[..., j * pieces + p]
    f.add("Maxout", "last", lambda x: x.reshape(2, 3, 2).amax(-1), {"x": away(2, 6)}, {"pieces": 2, "axis": -1})
    f.add("Heaviside", "plain", lambda x: torch.heaviside(x, torch.tensor(0.5)), {"x": literal([-1.5, -0.0, 0.0, 0.2, 3.0])}, {"atZero": 0.5}, grads=())
    return [f]
