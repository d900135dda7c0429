"""Layers without time: linear maps, normalisation, embedding, convolution layers. State carries PyTorch's state-dict keys."""
import torch
from torch import nn

from fixture_writer import Family, integers, normal


class RMSNorm(nn.Module):
    """y = x / sqrt(mean(x^2) + epsilon) * weight; PyTorch 1.13 has none."""

    def __init__(self, size, eps):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, x):
        axes = tuple(range(-self.weight.dim(), 0))
        return x * torch.rsqrt(x.pow(2).mean(axes, keepdim=True) + self.eps) * self.weight


def call(module, x):
    return module(x)


def families():
    f = Family("layers")
    for variant, shape, inside, outside, bias in (("plain", (3, 4), 4, 2, True), ("no-bias", (3, 4), 4, 2, False), ("leading-axes", (2, 2, 3), 3, 3, True),
                                                  ("vector", (3,), 3, 2, True), ("one", (1, 1), 1, 1, True)):
        f.add_module("Linear", variant, nn.Linear(inside, outside, bias), call, {"x": normal(*shape)},
                     {"inFeatures": inside, "outFeatures": outside, "bias": bias})
    for bias in (True, False):
        f.add_module("BilinearLayer", "plain" if bias else "no-bias", nn.Bilinear(2, 3, 2, bias), lambda m, x1, x2: m(x1, x2),
                     {"x1": normal(4, 2), "x2": normal(4, 3)}, {"in1Features": 2, "in2Features": 3, "outFeatures": 2, "bias": bias})
    f.add_module("Conv2dLayer", "plain", nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2), call, {"x": normal(1, 2, 4, 5)},
                 {"inChannels": 2, "outChannels": 4, "kernel": [3, 3], "stride": [2, 2], "padding": [1, 1], "dilation": [1, 1], "groups": 2, "bias": True})
    for mode in ("reflect", "replicate", "circular"):
        f.add_module("Conv1dLayer", f"padding-{mode}", nn.Conv1d(2, 2, 3, padding=1, padding_mode=mode), call, {"x": normal(1, 2, 5)},
                     {"inChannels": 2, "outChannels": 2, "kernel": [3], "stride": [1], "padding": [1], "dilation": [1], "groups": 1, "bias": True, "paddingMode": mode})
    batch_norms(f)
    for variant, shape, size, eps, affine in (("last", (2, 3, 4), [4], 1e-5, True), ("two-axes", (2, 3, 4), [3, 4], 1e-5, True), ("epsilon", (3, 5), [5], 0.1, True),
                                              ("no-affine", (3, 4), [4], 1e-5, False), ("one-row", (1, 6), [6], 1e-5, True)):
        f.add_module("LayerNorm", variant, nn.LayerNorm(size, eps, affine), call, {"x": normal(*shape)}, {"shape": size, "epsilon": eps, "affine": affine})
    for variant, shape, size, eps in (("last", (2, 3, 4), [4], 1e-5), ("two-axes", (2, 3, 4), [3, 4], 1e-6), ("epsilon", (3, 5), [5], 0.1)):
        f.add_module("RMSNorm", variant, RMSNorm(size, eps), call, {"x": normal(*shape)}, {"shape": size, "epsilon": eps})
    for variant, shape, groups, affine in (("two-groups", (2, 4, 3), 2, True), ("one-group", (2, 4, 2, 2), 1, True), ("every-channel", (2, 3, 4), 3, True),
                                           ("no-affine", (2, 4, 3), 2, False), ("no-space", (3, 6), 3, True)):
        f.add_module("GroupNorm", variant, nn.GroupNorm(groups, shape[1], affine=affine), call, {"x": normal(*shape)},
                     {"groups": groups, "channels": shape[1], "epsilon": 1e-5, "affine": affine})
    for n, cls, shape in ((1, nn.InstanceNorm1d, (2, 3, 5)), (2, nn.InstanceNorm2d, (2, 2, 3, 3))):
        for affine in (False, True):
            f.add_module(f"InstanceNorm{n}d", "affine" if affine else "plain", cls(shape[1], affine=affine), call, {"x": normal(*shape)},
                         {"channels": shape[1], "epsilon": 1e-5, "affine": affine})
    f.add_module("EmbeddingLayer", "plain", nn.Embedding(5, 3), lambda m, index: m(index), {"index": integers(2, 3)}, {"count": 5, "width": 3})
    f.add_module("EmbeddingLayer", "padding-index", nn.Embedding(5, 3, padding_idx=2), lambda m, index: m(index), {"index": integers(2, 4)},
                 {"count": 5, "width": 3, "paddingIndex": 2})
    f.add_module("Sequential", "mlp", nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)), call, {"x": normal(3, 3)},
                 {"layers": "Linear(3, 4), Tanh, Linear(4, 4), ReLU, Linear(4, 2)"})
    return [f]


def batch_norms(f):
    """Two training steps, x1 then x2, with the buffers after both; then, as another case, evaluation with buffers that are not the initial ones."""
    for variant, n, shape, momentum, affine, tracked in (
            ("train-rows", 1, (4, 3), 0.1, True, True), ("train-sequence", 1, (2, 3, 4), 0.1, True, True), ("train-momentum", 1, (4, 2), 0.4, True, True),
            ("train-cumulative-average", 1, (4, 2), None, True, True), ("train-no-affine", 1, (4, 2), 0.1, False, True), ("train-untracked", 1, (4, 2), 0.1, True, False),
            ("train-images", 2, (2, 2, 3, 3), 0.1, True, True), ("train-one-image", 2, (1, 2, 2, 2), 0.3, True, True)):
        cls = nn.BatchNorm1d if n == 1 else nn.BatchNorm2d
        module = cls(shape[1], momentum=momentum, affine=affine, track_running_stats=tracked)
        args = {"channels": shape[1], "momentum": momentum, "epsilon": 1e-5, "affine": affine, "trackRunningStats": tracked, "training": True}
        f.add_module(f"BatchNorm{n}d", variant, module, lambda m, x1, x2: {"y1": m(x1), "y2": m(x2)}, {"x1": normal(*shape), "x2": normal(*shape, scale=2)},
                     args, with_state_after=tracked)
    for variant, n, shape in (("eval-rows", 1, (4, 3)), ("eval-sequence", 1, (2, 3, 4)), ("eval-images", 2, (2, 2, 3, 2))):
        cls = nn.BatchNorm1d if n == 1 else nn.BatchNorm2d
        module = cls(shape[1]).eval()
        module.running_mean.copy_(torch.linspace(-0.5, 1.0, shape[1]))
        module.running_var.copy_(torch.linspace(0.5, 2.0, shape[1]))
        f.add_module(f"BatchNorm{n}d", variant, module, call, {"x": normal(*shape)},
                     {"channels": shape[1], "momentum": 0.1, "epsilon": 1e-5, "affine": True, "trackRunningStats": True, "training": False})
