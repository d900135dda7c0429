"""Attention. In a boolean attention mask true lets a query see a key (scaled-dot-product); PyTorch's module has true for hidden, noted per case."""
import math

import torch
from torch import nn

from fixture_writer import Family, literal, normal

INF = float("inf")


def families():
    f = Family("attention")
    # q, k [B, T, E] -> softmax(q k' * scale + mask) v
    for variant, q, k, v, mask, scale, causal in (
            ("plain", (2, 3, 4), (2, 5, 4), (2, 5, 4), None, None, False), ("value-width", (1, 2, 3), (1, 4, 3), (1, 4, 2), None, None, False),
            ("heads", (2, 2, 3, 2), (2, 2, 3, 2), (2, 2, 3, 2), None, None, False), ("scale", (1, 3, 4), (1, 3, 4), (1, 3, 4), None, 0.3, False),
            ("causal", (2, 4, 3), (2, 4, 3), (2, 4, 3), None, None, True), ("causal-fewer-queries", (1, 2, 3), (1, 4, 3), (1, 4, 3), None, None, True),
            ("boolean-mask", (1, 3, 2), (1, 4, 2), (1, 4, 2), "bool", None, False), ("float-mask", (2, 3, 2), (2, 4, 2), (2, 4, 2), "float", None, False),
            ("one-key", (1, 2, 2), (1, 1, 2), (1, 1, 2), None, None, False)):
        inputs = {"query": normal(*q), "key": normal(*k), "value": normal(*v)}
        if mask == "bool":
            inputs["mask"] = literal([[True, False, True, True], [False, True, False, False], [True, True, True, True]])
        elif mask == "float":
            inputs["mask"] = normal(q[-2], k[-2])
        args = {"causal": causal}
        if scale is not None:
            args["scale"] = scale
        if mask == "bool":
            args["maskTrueMeans"] = "visible"
        f.add("ScaledDotProductAttention", variant, lambda query, key, value, mask=None: dot_product(query, key, value, mask, scale, causal), inputs, args)

    hidden = [[False, True, False], [False, False, True], [True, False, False]]
    padded = [[False, False, True], [False, False, False]]
    for variant, heads, options, extra in (
            ("self", 2, {}, {}), ("one-head", 1, {}, {}), ("no-bias", 2, {"bias": False}, {}), ("attention-mask", 2, {}, {"attentionMask": hidden}),
            ("float-mask", 2, {}, {"attentionMask": [[0.0, -INF, 0.5], [0.0, 0.0, -1.0], [0.25, 0.0, 0.0]]}), ("padding-mask", 2, {}, {"keyPaddingMask": padded}),
            ("both-masks", 2, {}, {"attentionMask": hidden, "keyPaddingMask": padded}), ("causal", 2, {}, {"attentionMask": [[False, True, True], [False, False, True], [False] * 3]}),
            ("time-first", 2, {"batch_first": False}, {})):
        first = options.get("batch_first", True)
        module = nn.MultiheadAttention(4, heads, bias=options.get("bias", True), batch_first=first)
        args = {"width": 4, "heads": heads, "bias": options.get("bias", True), "batchFirst": first, "maskTrueMeans": "hidden"}
        inputs = {"x": normal(2, 3, 4) if first else normal(3, 2, 4)}
        inputs.update({k: literal(v) for k, v in extra.items()})
        f.add_module("MultiheadAttention", variant, module, self_attention, inputs, args, grads=("x",))
    for variant, key, value in (("cross", 4, 4), ("cross-other-widths", 3, 2)):
        module = nn.MultiheadAttention(4, 2, kdim=key, vdim=value, batch_first=True)
        f.add_module("MultiheadAttention", variant, module, cross_attention, {"query": normal(2, 2, 4), "key": normal(2, 3, key), "value": normal(2, 3, value)},
                     {"width": 4, "heads": 2, "keyWidth": key, "valueWidth": value, "bias": True, "batchFirst": True})
    for variant, activation, before in (("post-norm-relu", "relu", False), ("pre-norm-gelu", "gelu", True)):
        module = nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, activation=activation, batch_first=True, norm_first=before)
        f.add_module("TransformerEncoderLayer", variant, module, lambda m, x: m(x), {"x": normal(2, 3, 4)},
                     {"width": 4, "heads": 2, "feedForward": 6, "dropout": 0.0, "activation": activation, "normFirst": before, "batchFirst": True})
    for variant, activation, before, mask in (("post-norm-relu", "relu", False, None), ("pre-norm-gelu", "gelu", True, [[False, True], [False, False]])):
        module = nn.TransformerDecoderLayer(4, 2, 6, dropout=0.0, activation=activation, batch_first=True, norm_first=before)
        inputs = {"x": normal(2, 2, 4), "memory": normal(2, 3, 4)}
        if mask is not None:
            inputs["mask"] = literal(mask)
        f.add_module("TransformerDecoderLayer", variant, module, lambda m, x, memory, mask=None: m(x, memory, tgt_mask=mask), inputs,
                     {"width": 4, "heads": 2, "feedForward": 6, "dropout": 0.0, "activation": activation, "normFirst": before, "batchFirst": True})
    return [f]


def dot_product(query, key, value, mask, scale, causal):
    scores = query @ key.transpose(-1, -2) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if causal:
        scores = scores.masked_fill(torch.ones_like(scores).tril() == 0, -INF)
    if mask is not None:
        scores = scores.masked_fill(~mask, -INF) if mask.dtype == torch.bool else scores + mask
    return torch.softmax(scores, -1) @ value


def self_attention(module, x, attentionMask=None, keyPaddingMask=None):
    y, weights = module(x, x, x, key_padding_mask=keyPaddingMask, attn_mask=attentionMask, average_attn_weights=False)
    return {"y": y, "weights": weights.detach()}


def cross_attention(module, query, key, value):
    y, weights = module(query, key, value, average_attn_weights=True)
    return {"y": y, "averageWeights": weights.detach()}
