"""What the generators share: deterministic inputs, running a case through PyTorch, and the JSON layout.

A case's inputs depend only on its own name and on each input's name, so adding a case never changes another one.
Inputs are rounded to few digits, which keeps the files small and makes them exact in the reader; results carry 13 significant digits.
"""
import json
import math
import os
import types
import zlib

import numpy as np
import torch

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.set_default_dtype(torch.float64)

FOLDER = os.path.dirname(os.path.abspath(__file__))


# Recipes: each returns a function from a random stream to an array.

def normal(*shape, scale=1.0, digits=2):
    return lambda r: np.round(r.standard_normal(shape) * scale, digits)


def uniform(*shape, low=0.1, high=2.0, digits=2):
    return lambda r: np.round(r.uniform(low, high, shape), digits)


def away(*shape, gap=0.15, scale=1.0):
    """Normal values pushed at least `gap` away from zero, for functions with a kink there."""
    def make(r):
        v = r.standard_normal(shape) * scale
        return np.round(np.where(v < 0, v - gap, v + gap), 2)
    return make


def distinct(*shape, step=0.37):
    """A shuffle of equally spaced values: no ties, for max, sort and pooling."""
    def make(r):
        n = int(np.prod(shape))
        return np.round((r.permutation(n) - n // 2) * step, 2).reshape(shape)
    return make


def integers(*shape, low=0, high=5):
    return lambda r: r.integers(low, high, shape).astype(np.int64)


def booleans(*shape, share=0.5):
    return lambda r: r.uniform(size=shape) < share


def literal(values, dtype=None):
    a = np.array(values)
    if dtype is not None:
        a = a.astype(dtype)
    elif a.dtype.kind == "f" or a.size == 0:
        a = a.astype(np.float64)
    return lambda r: a


def spd(*shape):
    """Symmetric positive definite, exactly symmetric after rounding."""
    def make(r):
        n = shape[-1]
        m = r.standard_normal(shape)
        return np.round(m @ np.swapaxes(m, -1, -2) + n * np.eye(n), 2)
    return make


def symmetric(*shape):
    def make(r):
        m = r.standard_normal(shape)
        return np.round(m + np.swapaxes(m, -1, -2), 2)
    return make


def stream(*words):
    return np.random.Generator(np.random.PCG64(zlib.crc32("/".join(words).encode())))


def upstream_for(case_name, output_name, tensor):
    r = stream(case_name, "upstream", output_name)
    return torch.from_numpy(np.asarray(np.round(r.uniform(-1, 1, tuple(tensor.shape)), 1)))


def fill_parameters(module, case_name, scale=0.5):
    """Replaces PyTorch's initial values by our own short ones."""
    with torch.no_grad():
        for key, p in module.named_parameters():
            p.copy_(torch.from_numpy(np.asarray(np.round(stream(case_name, key).standard_normal(tuple(p.shape)) * scale, 2))))
    return module


class Family:
    """One JSON file of cases."""

    def __init__(self, name):
        self.name = name
        self.cases = []
        self.names = set()

    def add(self, op, variant, fn, inputs, args=None, grads=None):
        """fn takes the inputs by name and gives a tensor (called y) or a dict of tensors.

        grads: the inputs to differentiate; None means every floating one, () means none.
        """
        name = f"{op}/{variant}"
        tensors = {k: torch.from_numpy(np.array(make(stream(name, k)))) for k, make in inputs.items()}
        before = {k: t.clone() for k, t in tensors.items()}
        wanted = [k for k, t in tensors.items() if t.is_floating_point()] if grads is None else list(grads)
        for k in wanted:
            tensors[k].requires_grad_(True)
        # PyTorch's own functions have their own argument names; ours take the inputs' names.
        theirs = not isinstance(fn, types.FunctionType) or fn.__module__.startswith("torch")
        outputs = as_outputs(fn(*tensors.values()) if theirs else fn(**tensors))
        ups, gs = differentiate(name, outputs, {k: tensors[k] for k in wanted})
        self.append(op, name, args, before, outputs, ups, gs)

    def add_module(self, op, variant, module, forward, inputs, args=None, grads=None, scale=0.5, with_state_after=False):
        """A layer: its parameters and buffers are the case's state, under PyTorch's state-dict keys, and get gradients too."""
        name = f"{op}/{variant}"
        fill_parameters(module, name, scale)
        state = {k: v.clone() for k, v in module.state_dict().items()}
        tensors = {k: torch.from_numpy(np.array(make(stream(name, k)))) for k, make in inputs.items()}
        before = {k: t.clone() for k, t in tensors.items()}
        wanted = [k for k, t in tensors.items() if t.is_floating_point()] if grads is None else list(grads)
        for k in wanted:
            tensors[k].requires_grad_(True)
        outputs = as_outputs(forward(module, **tensors))
        targets = {k: tensors[k] for k in wanted}
        targets.update(dict(module.named_parameters()))
        ups, gs = differentiate(name, outputs, targets)
        after = module.state_dict() if with_state_after else None
        self.append(op, name, args, before, outputs, ups, gs, state, after)

    def append(self, op, name, args, inputs, outputs, upstream=None, grads=None, state=None, state_after=None):
        assert name not in self.names, f"two cases are called {name}"
        self.names.add(name)
        case = {"op": op, "name": name, "args": args or {}, "inputs": inputs}
        if state:
            case["state"] = state
        case["outputs"] = as_outputs(outputs)
        if state_after:
            case["stateAfter"] = state_after
        if grads:
            case["upstream"] = upstream
            case["grads"] = grads
        self.cases.append(case)

    @property
    def path(self):
        return os.path.join(FOLDER, self.name + ".json")

    def text(self):
        return '{"family": %s, "cases": [\n%s\n]}\n' % (json.dumps(self.name), ",\n".join(format_case(c) for c in self.cases))


def as_outputs(result):
    return result if isinstance(result, dict) else {"y": result}


def differentiate(name, outputs, targets):
    ups = {k: upstream_for(name, k, t) for k, t in outputs.items() if torch.is_tensor(t) and t.requires_grad}
    if not ups or not targets:
        return None, None
    gs = torch.autograd.grad([outputs[k] for k in ups], list(targets.values()), list(ups.values()), allow_unused=True)
    return ups, {k: torch.zeros_like(t) if g is None else g for (k, t), g in zip(targets.items(), gs)}


# JSON: one array a line, so a changed case is a readable diff. What went in is exact; what came out has 13 digits.

GIVEN = ("inputs", "state", "upstream")

def format_number(v, exact):
    if isinstance(v, (bool, np.bool_)):
        return "1" if v else "0"
    if isinstance(v, (int, np.integer)):
        return str(int(v))
    v = float(v)
    if math.isnan(v):
        return '"NaN"'
    if math.isinf(v):
        return '"Infinity"' if v > 0 else '"-Infinity"'
    return repr(v).removesuffix(".0") if exact else f"{v:.13g}"


def format_array(a, exact):
    a = a.detach().numpy() if torch.is_tensor(a) else np.asarray(a)
    dtype = {"float64": "float64", "int64": "int64", "bool": "bool"}[str(a.dtype)]
    values = ", ".join(format_number(v, exact) for v in a.reshape(-1))
    return '{"dtype": "%s", "shape": %s, "values": [%s]}' % (dtype, json.dumps(list(a.shape)), values)


def format_case(case):
    parts = [' {"op": %s, "name": %s' % (json.dumps(case["op"]), json.dumps(case["name"])),
             '  "args": %s' % json.dumps(case["args"], allow_nan=False)]
    for section in ("inputs", "state", "outputs", "stateAfter", "upstream", "grads"):
        if section in case:
            lines = ['   %s: %s' % (json.dumps(k), format_array(v, section in GIVEN)) for k, v in case[section].items()]
            parts.append('  "%s": {%s}' % (section, "\n" + ",\n".join(lines) if lines else ""))
    return ",\n".join(parts) + "}"
