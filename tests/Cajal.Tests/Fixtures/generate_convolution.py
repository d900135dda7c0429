"""Convolutions, pooling, interpolation. kernel, stride, padding, dilation and outputPadding hold one number per spatial axis."""
import torch
import torch.nn.functional as F

from fixture_writer import Family, distinct, normal

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}

# (variant, x, weight, stride, padding, dilation, groups, bias)
CONVOLUTIONS = [
    ("plain", (2, 3, 6), (2, 3, 3), [1], [0], [1], 1, True), ("no-bias", (1, 2, 5), (3, 2, 2), [1], [0], [1], 1, False),
    ("kernel-1", (2, 3, 4), (2, 3, 1), [1], [0], [1], 1, True), ("stride-2", (1, 2, 7), (2, 2, 3), [2], [0], [1], 1, True),
    ("stride-leaves-a-tail", (1, 1, 8), (1, 1, 3), [3], [0], [1], 1, True), ("padding-2", (1, 2, 4), (2, 2, 3), [1], [2], [1], 1, True),
    ("padding-over-kernel", (1, 1, 3), (1, 1, 2), [1], [3], [1], 1, True), ("dilation-2", (1, 2, 8), (2, 2, 3), [1], [0], [2], 1, True),
    ("groups-2", (1, 4, 5), (6, 2, 3), [1], [1], [1], 2, True), ("depthwise", (2, 3, 5), (3, 1, 3), [1], [1], [1], 3, False),
    ("all-at-once", (2, 4, 9), (4, 2, 3), [2], [2], [2], 2, True), ("kernel-is-the-input", (2, 2, 4), (3, 2, 4), [1], [0], [1], 1, True),
    ("plain", (1, 2, 5, 4), (3, 2, 3, 3), [1, 1], [0, 0], [1, 1], 1, True), ("no-bias", (2, 1, 4, 4), (2, 1, 2, 2), [1, 1], [0, 0], [1, 1], 1, False),
    ("kernel-1", (1, 3, 3, 2), (2, 3, 1, 1), [1, 1], [0, 0], [1, 1], 1, True), ("kernel-1-stride-2", (1, 3, 4, 5), (2, 3, 1, 1), [2, 2], [0, 0], [1, 1], 1, True),
    ("same-3x3", (1, 2, 4, 5), (2, 2, 3, 3), [1, 1], [1, 1], [1, 1], 1, True), ("stride-2", (1, 2, 6, 5), (2, 2, 3, 3), [2, 2], [1, 1], [1, 1], 1, True),
    ("oblong", (1, 2, 5, 7), (2, 2, 2, 3), [2, 1], [1, 2], [1, 2], 1, True), ("groups-2", (1, 4, 4, 4), (4, 2, 3, 3), [1, 1], [1, 1], [1, 1], 2, True),
    ("depthwise", (1, 3, 5, 5), (3, 1, 3, 3), [1, 1], [1, 1], [1, 1], 3, True), ("depthwise-multiplier-2", (1, 2, 4, 4), (4, 1, 3, 3), [2, 2], [1, 1], [1, 1], 2, True),
    ("all-at-once", (2, 4, 7, 6), (4, 2, 3, 2), [2, 3], [2, 1], [2, 1], 2, True), ("one-pixel", (2, 3, 1, 1), (2, 3, 1, 1), [1, 1], [0, 0], [1, 1], 1, True),
    ("5x5-pad-2", (1, 1, 6, 6), (2, 1, 5, 5), [1, 1], [2, 2], [1, 1], 1, True), ("lane-tail", (1, 5, 7, 9), (9, 5, 3, 3), [1, 1], [1, 1], [1, 1], 1, True),
    ("plain", (1, 2, 3, 4, 3), (2, 2, 2, 2, 2), [1, 1, 1], [0, 0, 0], [1, 1, 1], 1, True),
    ("oblong", (1, 1, 4, 5, 4), (2, 1, 2, 3, 1), [2, 1, 2], [1, 0, 1], [1, 2, 1], 1, True),
    ("groups-2", (1, 2, 3, 3, 3), (2, 1, 2, 2, 2), [1, 1, 1], [1, 1, 1], [1, 1, 1], 2, False),
]

# (variant, x, weight [in, out / groups, kernel], stride, padding, outputPadding, dilation, groups, bias)
TRANSPOSED_CONVOLUTIONS = [
    ("plain", (1, 2, 4), (2, 3, 3), [1], [0], [0], [1], 1, True), ("stride-2", (2, 2, 3), (2, 2, 3), [2], [0], [0], [1], 1, True),
    ("output-padding", (1, 2, 3), (2, 2, 3), [2], [1], [1], [1], 1, True), ("dilation-2", (1, 2, 3), (2, 1, 3), [1], [1], [0], [2], 1, False),
    ("groups-2", (1, 4, 3), (4, 2, 2), [2], [0], [0], [1], 2, True), ("all-at-once", (2, 2, 4), (2, 2, 3), [3], [2], [2], [2], 2, True),
    ("plain", (1, 2, 3, 3), (2, 2, 2, 2), [1, 1], [0, 0], [0, 0], [1, 1], 1, True), ("doubling", (1, 2, 2, 3), (2, 2, 4, 4), [2, 2], [1, 1], [0, 0], [1, 1], 1, True),
    ("output-padding", (1, 1, 3, 2), (1, 2, 3, 3), [2, 2], [1, 1], [1, 1], [1, 1], 1, True),
    ("oblong", (1, 2, 3, 2), (2, 1, 2, 3), [2, 3], [0, 1], [1, 2], [1, 2], 1, False),
    ("groups-2", (1, 2, 3, 3), (2, 2, 2, 2), [2, 1], [0, 0], [0, 0], [1, 1], 2, True),
    ("kernel-1", (1, 3, 2, 2), (3, 2, 1, 1), [1, 1], [0, 0], [0, 0], [1, 1], 1, True),
    ("plain", (1, 1, 2, 2, 3), (1, 2, 2, 2, 2), [1, 1, 1], [0, 0, 0], [0, 0, 0], [1, 1, 1], 1, True),
    ("all-at-once", (1, 2, 2, 2, 2), (2, 1, 2, 1, 2), [2, 1, 3], [1, 0, 0], [1, 0, 2], [1, 2, 1], 2, False),
]


def families():
    return [convolution(), pooling(), interpolation()]


def convolution():
    f = Family("convolution")
    for variant, x, w, stride, padding, dilation, groups, bias in CONVOLUTIONS:
        n = len(stride)
        inputs = {"x": normal(*x, digits=1), "weight": normal(*w, digits=1)}
        if bias:
            inputs["bias"] = normal(w[0], digits=1)
        f.add(f"Conv{n}d", variant, lambda x, weight, bias=None: CONV[n](x, weight, bias, stride, padding, dilation, groups), inputs,
              {"kernel": list(w[2:]), "stride": stride, "padding": padding, "dilation": dilation, "groups": groups})
    for variant, x, w, stride, padding, extra, dilation, groups, bias in TRANSPOSED_CONVOLUTIONS:
        n = len(stride)
        inputs = {"x": normal(*x, digits=1), "weight": normal(*w, digits=1)}
        if bias:
            inputs["bias"] = normal(w[1] * groups, digits=1)
        f.add(f"ConvTranspose{n}d", variant, lambda x, weight, bias=None: TRANSPOSED[n](x, weight, bias, stride, padding, extra, groups, dilation), inputs,
              {"kernel": list(w[2:]), "stride": stride, "padding": padding, "outputPadding": extra, "dilation": dilation, "groups": groups})
    # Windows as columns, and columns added up to an image: torch.nn.functional.unfold and fold.
    for variant, kernel, stride, padding, dilation in (("plain", [2, 2], [1, 1], [0, 0], [1, 1]), ("all-at-once", [2, 3], [1, 2], [1, 0], [2, 1])):
        args = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        columns = F.unfold(torch.zeros(1, 2, 4, 5), kernel, dilation, padding, stride).shape
        f.add("Im2Col", variant, lambda x: F.unfold(x, kernel, dilation, padding, stride), {"x": normal(2, 2, 4, 5)}, args)
        f.add("Col2Im", variant, lambda x: F.fold(x, (4, 5), kernel, dilation, padding, stride), {"x": normal(2, *columns[1:])}, {"size": [4, 5], **args})
    return f


def pooling():
    f = Family("pooling")
    maximum = {1: F.max_pool1d, 2: F.max_pool2d}
    average = {1: F.avg_pool1d, 2: F.avg_pool2d}
    for variant, x, kernel, stride, padding, dilation, ceil in (
            ("plain", (1, 2, 6), [2], [2], [0], [1], False), ("overlap", (2, 1, 6), [3], [1], [0], [1], False), ("padding", (1, 2, 5), [3], [2], [1], [1], False),
            ("dilation", (1, 1, 7), [2], [1], [0], [3], False), ("ceil", (1, 1, 6), [3], [2], [0], [1], True), ("floor", (1, 1, 6), [3], [2], [0], [1], False),
            ("ceil-window-starts-in-padding", (1, 1, 5), [2], [2], [1], [1], True),
            ("plain", (1, 2, 4, 4), [2, 2], [2, 2], [0, 0], [1, 1], False), ("overlap-padding", (1, 2, 5, 5), [3, 3], [2, 2], [1, 1], [1, 1], False),
            ("oblong", (1, 1, 6, 5), [3, 2], [2, 1], [1, 0], [1, 2], False), ("ceil", (2, 1, 5, 6), [3, 2], [2, 2], [0, 1], [1, 1], True),
            ("dilation", (1, 1, 6, 6), [2, 2], [1, 1], [0, 0], [2, 3], False), ("stride-over-kernel", (1, 1, 5, 5), [1, 2], [2, 3], [0, 0], [1, 1], False)):
        n = len(kernel)
        f.add(f"MaxPool{n}d", variant, lambda x: maximum[n](x, kernel, stride, padding, dilation, ceil), {"x": distinct(*x)},
              {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "ceilMode": ceil})
    f.add("MaxPool2d", "all-negative-with-padding", lambda x: F.max_pool2d(x, 2, 2, 1), {"x": lambda r: -abs(distinct(1, 1, 4, 4)(r)) - 1},
          {"kernel": [2, 2], "stride": [2, 2], "padding": [1, 1], "dilation": [1, 1], "ceilMode": False})
    for variant, x, kernel, stride, padding, ceil, count in (
            ("plain", (1, 2, 6), [2], [2], [0], False, True), ("padding-counted", (1, 1, 5), [3], [2], [1], False, True),
            ("padding-not-counted", (1, 1, 5), [3], [2], [1], False, False), ("ceil", (1, 1, 6), [3], [2], [0], True, True),
            ("ceil-padding-counted", (1, 1, 6), [3], [3], [1], True, True), ("ceil-padding-not-counted", (1, 1, 6), [3], [3], [1], True, False),
            ("plain", (1, 2, 4, 4), [2, 2], [2, 2], [0, 0], False, True), ("padding-counted", (1, 1, 4, 5), [3, 3], [2, 2], [1, 1], False, True),
            ("padding-not-counted", (1, 1, 4, 5), [3, 3], [2, 2], [1, 1], False, False), ("oblong", (2, 1, 5, 4), [3, 2], [1, 2], [1, 0], False, True),
            ("ceil-padding-counted", (1, 1, 5, 6), [3, 2], [2, 3], [1, 1], True, True), ("ceil-padding-not-counted", (1, 1, 5, 6), [3, 2], [2, 3], [1, 1], True, False)):
        n = len(kernel)
        f.add(f"AvgPool{n}d", variant, lambda x: average[n](x, kernel, stride, padding, ceil, count), {"x": normal(*x)},
              {"kernel": kernel, "stride": stride, "padding": padding, "ceilMode": ceil, "countIncludePad": count})
    f.add("AvgPool2d", "divisor", lambda x: F.avg_pool2d(x, 2, 2, divisor_override=3), {"x": normal(1, 1, 4, 4)},
          {"kernel": [2, 2], "stride": [2, 2], "padding": [0, 0], "ceilMode": False, "countIncludePad": True, "divisor": 3})
    adaptive_max = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d}
    adaptive_avg = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d}
    for variant, x, size in (("even", (1, 2, 6), [3]), ("uneven", (2, 1, 7), [3]), ("global", (2, 2, 5), [1]), ("same", (1, 1, 4), [4]), ("upwards", (1, 1, 3), [5]),
                             ("even", (1, 2, 4, 6), [2, 3]), ("uneven", (1, 1, 5, 7), [3, 2]), ("global", (2, 2, 3, 4), [1, 1]), ("upwards", (1, 1, 2, 3), [3, 4])):
        n = len(size)
        f.add(f"AdaptiveAvgPool{n}d", variant, lambda x: adaptive_avg[n](x, size), {"x": normal(*x)}, {"size": size})
        f.add(f"AdaptiveMaxPool{n}d", variant, lambda x: adaptive_max[n](x, size), {"x": distinct(*x)}, {"size": size})
    return f


def interpolation():
    f = Family("interpolation")
    for mode, x, size in (("nearest", (1, 2, 4), [7]), ("nearest", (1, 2, 3, 4), [6, 5]), ("nearest", (1, 1, 5, 6), [2, 4]), ("nearest", (1, 1, 2, 2, 3), [3, 4, 3]),
                          ("nearest-exact", (1, 2, 4), [7]), ("nearest-exact", (1, 1, 5, 6), [2, 4]),
                          ("linear", (1, 2, 4), [7]), ("linear", (2, 1, 7), [3]), ("linear", (1, 1, 4), [1]), ("linear", (1, 1, 1), [3]),
                          ("bilinear", (1, 2, 3, 4), [5, 7]), ("bilinear", (1, 1, 5, 6), [3, 2]), ("bilinear", (1, 1, 3, 3), [3, 3]), ("bilinear", (1, 1, 4, 4), [1, 1]),
                          ("bicubic", (1, 1, 4, 4), [7, 6]), ("bicubic", (1, 1, 6, 5), [3, 4]), ("bicubic", (1, 1, 2, 3), [4, 4])):
        tag = f"{mode}-{len(size)}d-{'x'.join(map(str, x[2:]))}-to-{'x'.join(map(str, size))}"
        if mode.startswith("nearest"):
            f.add("Interpolate", tag, lambda x: F.interpolate(x, size=size, mode=mode), {"x": normal(*x)}, {"mode": mode, "size": size})
        else:
            for corners in (False, True):
                f.add("Interpolate", tag + ("-corners" if corners else ""), lambda x: F.interpolate(x, size=size, mode=mode, align_corners=corners),
                      {"x": normal(*x)}, {"mode": mode, "size": size, "alignCorners": corners})
    # A scale is used as given in the coordinates, even where the rounded size would give another one.
    for mode, x, scales in (("nearest", (1, 1, 3, 4), [2.0, 2.0]), ("nearest", (1, 1, 5), [1.5]), ("linear", (1, 1, 5), [1.5]), ("bilinear", (1, 1, 4, 4), [2.0, 2.0]),
                            ("bilinear", (1, 1, 5, 4), [0.7, 1.6]), ("bicubic", (1, 1, 4, 3), [1.5, 2.0])):
        args = {"mode": mode, "scales": scales}
        if not mode.startswith("nearest"):
            args["alignCorners"] = False
        f.add("Interpolate", f"{mode}-scale-{'x'.join(f'{s:g}' for s in scales)}", lambda x: F.interpolate(x, scale_factor=tuple(scales), mode=mode), {"x": normal(*x)}, args)
    for variant, shape, factor in (("up", (1, 4, 2, 3), 2),):
        f.add("PixelShuffle", variant, lambda x: F.pixel_shuffle(x, factor), {"x": normal(*shape)}, {"factor": factor})
    return f
