#!/usr/bin/python3
"""Writes the files of other programs that the tests read, beside itself, with expected.json.

apt-get install python3-torch python3-h5py python3-numpy
/usr/bin/python3 generate.py

Made on Debian 12 by PyTorch 1.13.0a0, h5py 3.7.0, NumPy 1.24.2. PyTorch's archives and h5py's files hold no times that matter, so the content
repeats, but not every byte. Keras is not to be had there: its layouts are written with h5py as its sources do it
(keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py), and what a network gives is computed here, in NumPy with
channels last, from Keras's definitions.
"""
import collections
import io
import json
import os
import sys
import types
import zipfile

import h5py
import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))
expected = {}


def path(name):
    return os.path.join(here, name)


def note(file, **arrays):
    """Notes arrays that a file holds, or that a network gives."""
    expected[file] = {key: {"shape": list(np.shape(a)), "values": [float(v) for v in np.ravel(np.asarray(a, dtype=np.float64))]} for key, a in arrays.items()}


# ---- PyTorch

def torch_files():
    torch.manual_seed(5)
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8
    kinds = collections.OrderedDict(
        f64=torch.tensor([1.5, -2.25], dtype=torch.float64), f32=torch.tensor([[0.5, -1.0, 3.0]]), f16=torch.tensor([1.5, -0.25]).half(),
        bf16=torch.tensor([1.0, -3.0]).bfloat16(), i64=torch.tensor([-(2 ** 40), 7]), i32=torch.tensor([-5, 9], dtype=torch.int32),
        i16=torch.tensor([-300, 300], dtype=torch.int16), i8=torch.tensor([-7, 7], dtype=torch.int8), u8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]), scalar=torch.tensor(2.5), empty=torch.zeros(0, 3),
        transposed=base.t(), part=base[1:3, 2:5], column=base[:, 1], shared=base, expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        parameter=torch.nn.Parameter(torch.tensor([4.0, 5.0])))
    numbers = {k: v.detach().double().numpy() for k, v in kinds.items()}
    torch.save(kinds, path("kinds.pt"))
    note("kinds.pt", **numbers)
    torch.save(kinds, path("kinds-old.pth"), _use_new_zipfile_serialization=False)
    note("kinds-old.pth", **numbers)

    net = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(3 * 4 * 4, 5))
    x = torch.randn(4, 1, 6, 6)
    net(x)
    net.eval()
    y = net(x)
    optimizer = torch.optim.Adam(net.parameters())
    y.sum().backward()
    optimizer.step()
    y = net(x)
    torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "best": np.float64(0.75), "name": "small", "history": [0.5, 0.25]}, path("checkpoint.pt"))
    note("checkpoint.pt", x=x.numpy(), y=y.detach().numpy())
    torch.save(net, path("module.pt"))
    note("module.pt", x=x.numpy(), y=y.detach().numpy())

    class Bad:
        def __reduce__(self):
            return os.system, ("touch cajal-was-here",)

    torch.save({"weight": torch.ones(2), "bad": Bad()}, path("hostile.pt"))


# ---- NumPy

def numpy_files():
    kinds = {}
    for code in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
        a = np.array([[0, 1, 2], [3, 4, 5]]).astype(code)
        for order in "<>":
            kinds[f"{code}{'le' if order == '<' else 'be'}"] = a.astype(a.dtype.newbyteorder(order))
    kinds["fortran"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
    kinds["scalar"] = np.float32(2.5)
    kinds["empty"] = np.zeros((0, 2))
    np.savez(path("kinds.npz"), **kinds)
    np.savez_compressed(path("packed.npz"), **kinds)
    note("kinds.npz", **kinds)
    note("packed.npz", **kinds)


# ---- Keras: the forward passes, channels last

def dense(x, kernel, bias):
    return x @ kernel + bias


def conv2d(x, kernel, bias):
    kh, kw, _, out = kernel.shape
    n, h, w, _ = x.shape
    y = np.zeros((n, h - kh + 1, w - kw + 1, out))
    for i in range(kh):
        for j in range(kw):
            y += x[:, i:i + y.shape[1], j:j + y.shape[2]] @ kernel[i, j]
    return y + bias


def depthwise2d(x, kernel, bias):
    kh, kw, c, m = kernel.shape
    n, h, w, _ = x.shape
    y = np.zeros((n, h - kh + 1, w - kw + 1, c, m))
    for i in range(kh):
        for j in range(kw):
            y += x[:, i:i + y.shape[1], j:j + y.shape[2], :, None] * kernel[i, j]
    return y.reshape(*y.shape[:3], c * m) + bias


def transpose2d(x, kernel, bias):
    kh, kw, out, _ = kernel.shape
    n, h, w, _ = x.shape
    y = np.zeros((n, h + kh - 1, w + kw - 1, out))
    for i in range(kh):
        for j in range(kw):
            y[:, i:i + h, j:j + w] += x @ kernel[i, j].T
    return y + bias


def norm(x, gamma, beta, mean, variance):
    return (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, kernel, recurrent, bias, reverse=False):
    units = recurrent.shape[0]
    h = c = np.zeros((x.shape[0], units))
    states = []
    for t in (range(x.shape[1])[::-1] if reverse else range(x.shape[1])):
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.stack(states[::-1] if reverse else states, axis=1)


def gru(x, kernel, recurrent, bias):
    units = recurrent.shape[0]
    h = np.zeros((x.shape[0], units))
    states = []
    for t in range(x.shape[1]):
        xz, xr, xh = np.split(x[:, t] @ kernel + bias[0], 3, axis=-1)
        hz, hr, hh = np.split(h @ recurrent + bias[1], 3, axis=-1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        h = z * h + (1 - z) * np.tanh(xh + r * hh)
        states.append(h)
    return np.stack(states, axis=1)


def simple(x, kernel, recurrent, bias):
    h = np.zeros((x.shape[0], recurrent.shape[0]))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent + bias)
        states.append(h)
    return np.stack(states, axis=1)


def relu(x):
    return np.maximum(x, 0)


# ---- Keras: the layouts

def keras2(group, layers):
    """save_weights_to_hdf5_group of Keras 2: layers is a list of (name, [(weight name, array)])."""
    group.attrs["layer_names"] = [name.encode() for name, _ in layers]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.12.0"
    for name, weights in sorted(layers):
        g = group.create_group(name)
        g.attrs["weight_names"] = [w.encode() for w, _ in weights]
        for w, a in weights:
            g.create_dataset(w, data=a)


def keras3(file, layers):
    """_save_state of Keras 3: layers is a list of (path below the root, layer name, [arrays])."""
    for layer, name, arrays in layers:
        g = file.create_group(layer + "/vars")
        g.attrs["name"] = name
        for i, a in enumerate(arrays):
            g[str(i)] = a


def images(random):
    f = lambda *shape: random.normal(size=shape).astype("f4")
    return dict(k=f(3, 3, 2, 4), b=f(4), gamma=f(4), beta=f(4), mean=f(4), var=np.abs(f(4)) + 0.5, dk=f(2, 2, 4, 1), db=f(4), tk=f(2, 2, 3, 4), tb=f(3), w1=f(4 * 5 * 3, 6), b1=f(6), w2=f(6, 3), b2=f(3))


def run_images(x, p):
    y = relu(norm(conv2d(x, p["k"], p["b"]), p["gamma"], p["beta"], p["mean"], p["var"]))
    y = transpose2d(depthwise2d(y, p["dk"], p["db"]), p["tk"], p["tb"])
    y = y.reshape(len(y), -1)
    return dense(relu(dense(y, p["w1"], p["b1"])), p["w2"], p["b2"])


def keras_files():
    random = np.random.default_rng(7)
    p = images(random)
    x = random.normal(size=(3, 6, 7, 2))
    y = run_images(x, p)
    firstlast = dict(x=x.transpose(0, 3, 1, 2), y=y)
    layers2 = [("conv2d", [("conv2d/kernel:0", p["k"]), ("conv2d/bias:0", p["b"])]),
               ("batch_normalization", [("batch_normalization/gamma:0", p["gamma"]), ("batch_normalization/beta:0", p["beta"]), ("batch_normalization/moving_mean:0", p["mean"]), ("batch_normalization/moving_variance:0", p["var"])]),
               ("re_lu", []),
               ("depthwise_conv2d", [("depthwise_conv2d/depthwise_kernel:0", p["dk"]), ("depthwise_conv2d/bias:0", p["db"])]),
               ("conv2d_transpose", [("conv2d_transpose/kernel:0", p["tk"]), ("conv2d_transpose/bias:0", p["tb"])]),
               ("flatten", []), ("hidden", [("hidden/kernel:0", p["w1"]), ("hidden/bias:0", p["b1"])]), ("logits", [("logits/kernel:0", p["w2"]), ("logits/bias:0", p["b2"])])]
    with h5py.File(path("keras2-weights.h5"), "w") as f:
        keras2(f, layers2)
    note("keras2-weights.h5", **firstlast)
    config = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [{"class_name": c, "config": {"name": n}} for c, n in [
        ("Conv2D", "conv2d"), ("BatchNormalization", "batch_normalization"), ("ReLU", "re_lu"), ("DepthwiseConv2D", "depthwise_conv2d"), ("Conv2DTranspose", "conv2d_transpose"), ("Flatten", "flatten"), ("Dense", "hidden"), ("Dense", "logits")]]}}
    with h5py.File(path("keras2-model.h5"), "w") as f:
        f.attrs["model_config"] = json.dumps(config).encode()
        f.attrs["keras_version"] = b"2.12.0"
        keras2(f.create_group("model_weights"), layers2)
        f.create_group("optimizer_weights").create_dataset("iteration:0", data=np.int64(12))
    note("keras2-model.h5", **firstlast)

    layers3 = [("layers/conv2d", "conv2d_4", [p["k"], p["b"]]), ("layers/batch_normalization", "batch_normalization_2", [p["gamma"], p["beta"], p["mean"], p["var"]]),
               ("layers/depthwise_conv2d", "depthwise_conv2d", [p["dk"], p["db"]]), ("layers/conv2d_transpose", "conv2d_transpose_1", [p["tk"], p["tb"]]),
               ("layers/dense", "hidden", [p["w1"], p["b1"]]), ("layers/dense_1", "logits", [p["w2"], p["b2"]])]
    with h5py.File(path("keras3.weights.h5"), "w") as f:
        keras3(f, layers3)
        g = f.create_group("optimizer/vars")
        g["0"] = np.int64(12)
    note("keras3.weights.h5", **firstlast)
    inner = io.BytesIO()
    with h5py.File(inner, "w") as f:
        keras3(f, layers3)
    with zipfile.ZipFile(path("keras3.keras"), "w") as z:
        z.writestr("metadata.json", json.dumps({"keras_version": "3.5.0"}))
        z.writestr("config.json", json.dumps(config))
        z.writestr("model.weights.h5", inner.getvalue())
    note("keras3.keras", **firstlast)

    f = lambda *shape: (random.normal(size=shape) / 2).astype("f4")
    r = dict(e=f(9, 4), lk=f(4, 20), lr=f(5, 20), lb=f(20), fk=f(5, 12), fr=f(3, 12), fb=f(12), bk=f(5, 12), br=f(3, 12), bb=f(12), gk=f(6, 12), gr=f(4, 12), gb=f(2, 12), sk=f(4, 2), sr=f(2, 2), sb=f(2))
    tokens = random.integers(0, 9, size=(2, 6))
    h = lstm(r["e"][tokens], r["lk"], r["lr"], r["lb"])
    h = np.concatenate([lstm(h, r["fk"], r["fr"], r["fb"]), lstm(h, r["bk"], r["br"], r["bb"], reverse=True)], axis=-1)
    h = gru(h, r["gk"], r["gr"], r["gb"])
    y = simple(h, r["sk"], r["sr"], r["sb"])
    with h5py.File(path("keras2-recurrent.h5"), "w") as file:
        keras2(file, [("embedding", [("embedding/embeddings:0", r["e"])]),
                      ("lstm", [("lstm/lstm_cell/kernel:0", r["lk"]), ("lstm/lstm_cell/recurrent_kernel:0", r["lr"]), ("lstm/lstm_cell/bias:0", r["lb"])]),
                      ("bidirectional", [(f"bidirectional/{d}_lstm_1/lstm_cell/{w}:0", r[k]) for d, ks in [("forward", ["fk", "fr", "fb"]), ("backward", ["bk", "br", "bb"])] for w, k in zip(["kernel", "recurrent_kernel", "bias"], ks)]),
                      ("gru", [("gru/gru_cell/kernel:0", r["gk"]), ("gru/gru_cell/recurrent_kernel:0", r["gr"]), ("gru/gru_cell/bias:0", r["gb"])]),
                      ("simple_rnn", [("simple_rnn/simple_rnn_cell/kernel:0", r["sk"]), ("simple_rnn/simple_rnn_cell/recurrent_kernel:0", r["sr"]), ("simple_rnn/simple_rnn_cell/bias:0", r["sb"])])])
    note("keras2-recurrent.h5", x=tokens, y=y)
    with h5py.File(path("keras3-recurrent.weights.h5"), "w") as file:
        keras3(file, [("layers/embedding", "embedding", [r["e"]]), ("layers/lstm/cell", "lstm_cell", [r["lk"], r["lr"], r["lb"]]),
                      ("layers/bidirectional/forward_layer/cell", "lstm_cell", [r["fk"], r["fr"], r["fb"]]), ("layers/bidirectional/backward_layer/cell", "lstm_cell", [r["bk"], r["br"], r["bb"]]),
                      ("layers/gru/cell", "gru_cell", [r["gk"], r["gr"], r["gb"]]), ("layers/simple_rnn/cell", "simple_rnn_cell", [r["sk"], r["sr"], r["sb"]])])
    note("keras3-recurrent.weights.h5", x=tokens, y=y)
    s = dict(d=f(2, 2, 3, 2), p=f(1, 1, 6, 4), b=f(4), g=f(4), m=f(4), v=np.abs(f(4)) + 0.5)
    x = random.normal(size=(2, 4, 5, 3))
    y = norm(conv2d(depthwise2d(x, s["d"], 0), s["p"], s["b"]), s["g"], 0, s["m"], s["v"])
    with h5py.File(path("keras2-separable.h5"), "w") as file:
        keras2(file, [("separable_conv2d", [("separable_conv2d/depthwise_kernel:0", s["d"]), ("separable_conv2d/pointwise_kernel:0", s["p"]), ("separable_conv2d/bias:0", s["b"])]),
                      ("batch_normalization", [("batch_normalization/gamma:0", s["g"]), ("batch_normalization/moving_mean:0", s["m"]), ("batch_normalization/moving_variance:0", s["v"])])])
    note("keras2-separable.h5", x=x.transpose(0, 3, 1, 2), y=y.transpose(0, 3, 1, 2))
    n = dict(k0=f(3, 5), b0=f(5), k1=f(5, 4), b1=f(4), k2=f(4, 2), b2=f(2))
    x = random.normal(size=(4, 3))
    with h5py.File(path("keras2-nested.h5"), "w") as file:
        keras2(file, [("body", [("dense/kernel:0", n["k0"]), ("dense/bias:0", n["b0"]), ("dense_1/kernel:0", n["k1"]), ("dense_1/bias:0", n["b1"])]), ("a_head", [("a_head/kernel:0", n["k2"]), ("a_head/bias:0", n["b2"])])])
    note("keras2-nested.h5", x=x, y=dense(dense(relu(dense(x, n["k0"], n["b0"])), n["k1"], n["b1"]), n["k2"], n["b2"]))
    with h5py.File(path("keras2-gru-before.h5"), "w") as file:
        keras2(file, [("gru", [("gru/kernel:0", r["gk"]), ("gru/recurrent_kernel:0", r["gr"]), ("gru/bias:0", r["gb"][0])])])


def hdf5_files():
    a = np.arange(2 * 7 * 5, dtype="f4").reshape(2, 7, 5)
    with h5py.File(path("arrays.h5"), "w") as f:
        kinds = dict(f2=a.astype("f2"), f4=a, f8=a.astype("f8"), be=a.astype(">f4"), i1=(a - 9).astype("i1"), u2=a.astype("u2"), i8=a.astype("i8"), bool=a % 2 == 0, scalar=np.float32(2.5), empty=np.zeros((0, 3)))
        for k, v in kinds.items():
            f[k] = v
        f.create_dataset("chunked", data=a, chunks=(1, 4, 3))
        f.create_dataset("packed", data=a, chunks=(2, 3, 2), compression="gzip", shuffle=True, fletcher32=True)
        f.create_dataset("compact", data=np.arange(3.0))
        f.create_dataset("partly", shape=(6, 4), chunks=(2, 2), dtype="f4")[3, 1] = 5
        f.create_dataset("deep/er/still", data=np.arange(4))
        f.create_dataset("text", data="not a number")
        f["deep"].attrs["texts"] = ["a", "böse"]
        values = {k: np.array(f[k]) for k in [*kinds, "chunked", "packed", "compact", "partly", "deep/er/still"]}
    note("arrays.h5", **values)
    with h5py.File(path("latest.h5"), "w", libver="latest") as f:
        f["a"] = a
        f["g/b"] = a[0]
        f.attrs["x"] = "y"
    note("latest.h5", **{"a": a, "g/b": a[0]})
    many = {f"group{i:03}/a": np.full(2, float(i)) for i in range(60)}
    with h5py.File(path("many.h5"), "w") as f:
        for k, v in many.items():
            f[k] = v
    note("many.h5", **many)


torch_files()
numpy_files()
keras_files()
hdf5_files()
with open(path("expected.json"), "w") as f:
    json.dump(expected, f)
    f.write("\n")
