#!/usr/bin/python3
"""The PyTorch side of the round trip, with the real program: python3-torch, python3-numpy.

  round_trip.py begin DIR   trains a network for some steps, saves it as PyTorch does (checkpoint.pt, old.pth, module.pt), trains on for reference
  round_trip.py end DIR     reads what Cajal wrote with torch.load(weights_only=True), compares weights and outputs, and trains on once more
"""
import sys

import numpy as np
import torch

BEGIN, MIDDLE, END = 20, 15, 10


def network():
    torch.manual_seed(3)
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 3, padding=1), torch.nn.BatchNorm2d(6), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(6 * 4 * 4, 16), torch.nn.Tanh(), torch.nn.Linear(16, 4))


def data():
    g = torch.Generator().manual_seed(4)
    x = torch.randn(64, 1, 8, 8, generator=g)
    y = (x.mean(dim=(1, 2, 3)) * 20).clamp(-2, 1.9).add(2).long()
    return x, y


def train(net, optimizer, steps):
    x, y = data()
    net.train()
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()


def sgd(net):
    return torch.optim.SGD(net.parameters(), lr=0.05)


def outputs(net):
    net.eval()
    with torch.no_grad():
        return net(data()[0])


def check(what, a, b):
    worst = float((a.double() - b.double()).abs().max())
    scale = max(1.0, float(b.double().abs().max()))
    print(f"{what}: {worst:.1e}")
    if not worst <= 1e-5 * scale:
        sys.exit(f"{what} differ by {worst}")


def begin(folder):
    net = network()
    optimizer = sgd(net)
    train(net, optimizer, BEGIN)
    x, y = data()
    np.savez(f"{folder}/data.npz", x=x.numpy(), y=y.numpy(), begin=outputs(net).numpy())
    torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "step": BEGIN}, f"{folder}/checkpoint.pt")
    torch.save(net.state_dict(), f"{folder}/old.pth", _use_new_zipfile_serialization=False)
    torch.save(net, f"{folder}/module.pt")
    train(net, optimizer, MIDDLE)
    torch.save(net.state_dict(), f"{folder}/reference.pt")
    np.save(f"{folder}/middle.npy", outputs(net).numpy())
    half = {k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}
    torch.save(half, f"{folder}/half.pt")


def end(folder):
    reference = torch.load(f"{folder}/reference.pt", weights_only=True)
    theirs = torch.load(f"{folder}/cajal.pt", weights_only=True)
    assert list(theirs) == list(reference), list(theirs)
    for key in reference:
        assert theirs[key].dtype == reference[key].dtype and theirs[key].shape == reference[key].shape, key
        check(key, theirs[key], reference[key])
    a, b = network(), network()
    a.load_state_dict(theirs)
    b.load_state_dict(reference)
    check("outputs", outputs(a), outputs(b))
    train(a, sgd(a), END)
    train(b, sgd(b), END)
    check("outputs after more training", outputs(a), outputs(b))
    kinds = torch.load(f"{folder}/kinds.pt", weights_only=True)
    wanted = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "i64": torch.int64, "i32": torch.int32, "bool": torch.bool}
    for name, dtype in wanted.items():
        assert kinds[name].dtype == dtype and kinds[name].tolist() == [[0, 1, 1], [0, 1, 0]], (name, kinds[name])
    assert kinds["scalar"].shape == () and kinds["empty"].shape == (0, 3)
    assert kinds["tied"].data_ptr() == kinds["f32"].data_ptr()
    arrays = np.load(f"{folder}/kinds.npz")
    for name, code in {"f64": "<f8", "f32": "<f4", "f16": "<f2", "i64": "<i8", "i32": "<i4", "bool": "|b1"}.items():
        assert arrays[name].dtype.str == code and arrays[name].tolist() == [[0, 1, 1], [0, 1, 0]], (name, arrays[name])
    assert np.load(f"{folder}/one.npy").tolist() == [[1.5, -2.0]]


{"begin": begin, "end": end}[sys.argv[1]](sys.argv[2])
print("ok")
