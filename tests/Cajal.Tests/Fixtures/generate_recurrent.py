"""Recurrent cells and layers, with states in and out and every gradient. batchFirst: x is [N, T, C], else [T, N, C]."""
from torch import nn

from fixture_writer import Family, normal

# (variant, layers, bidirectional, batchFirst, bias, with initial state)
VARIANTS = [("plain", 1, False, True, True, True), ("zero-state", 1, False, True, True, False), ("time-first", 1, False, False, True, True),
            ("no-bias", 1, False, True, False, True), ("two-layers", 2, False, True, True, True), ("bidirectional", 1, True, True, True, True),
            ("two-layers-bidirectional", 2, True, False, True, True)]


def families():
    f = Family("recurrent")
    for variant, layers, both, first, bias, state in VARIANTS:
        for op, cls, extra in (("Rnn", nn.RNN, {"nonlinearity": "tanh"}), ("Rnn", nn.RNN, {"nonlinearity": "relu"}), ("Lstm", nn.LSTM, {}), ("Gru", nn.GRU, {})):
            relu = extra.get("nonlinearity") == "relu"
            if relu and variant not in ("plain", "two-layers"):
                continue
            module = cls(3, 2, layers, bias=bias, batch_first=first, bidirectional=both, **extra)
            args = {"inputSize": 3, "hiddenSize": 2, "layers": layers, "bias": bias, "batchFirst": first, "bidirectional": both}
            args.update(extra)
            n, t = 2, 4
            inputs = {"x": normal(n, t, 3) if first else normal(t, n, 3)}
            if state:
                inputs["h0"] = normal(layers * (2 if both else 1), n, 2, scale=0.5)
                if op == "Lstm":
                    inputs["c0"] = normal(layers * (2 if both else 1), n, 2, scale=0.5)
            f.add_module(op, variant + ("-relu" if relu else ""), module, run_lstm if op == "Lstm" else run, inputs, args)
    for bias in (True, False):
        tag = "plain" if bias else "no-bias"
        for nonlinearity in ("tanh", "relu"):
            f.add_module("RnnCell", f"{tag}-{nonlinearity}", nn.RNNCell(3, 2, bias, nonlinearity), lambda m, x, h: {"h": m(x, h)}, {"x": normal(2, 3), "h": normal(2, 2)},
                         {"inputSize": 3, "hiddenSize": 2, "bias": bias, "nonlinearity": nonlinearity})
        f.add_module("GruCell", tag, nn.GRUCell(3, 2, bias), lambda m, x, h: {"h": m(x, h)}, {"x": normal(2, 3), "h": normal(2, 2)},
                     {"inputSize": 3, "hiddenSize": 2, "bias": bias})
        f.add_module("LstmCell", tag, nn.LSTMCell(3, 2, bias), lambda m, x, h, c: dict(zip(("h", "c"), m(x, (h, c)))),
                     {"x": normal(2, 3), "h": normal(2, 2), "c": normal(2, 2)}, {"inputSize": 3, "hiddenSize": 2, "bias": bias})
    return [f]


def run(module, x, h0=None):
    y, h = module(x, h0)
    return {"y": y, "h": h}


def run_lstm(module, x, h0=None, c0=None):
    y, (h, c) = module(x, None if h0 is None else (h0, c0))
    return {"y": y, "h": h, "c": c}
