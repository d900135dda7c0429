"""Losses with every reduction and option. With reduction "none" the upstream gradient has the loss's shape."""
import torch
import torch.nn.functional as F

from fixture_writer import Family, away, booleans, integers, literal, normal, uniform

REDUCTIONS = ("mean", "sum", "none")


def signs(*shape):
    return lambda r: (r.integers(0, 2, shape) * 2 - 1).astype(float)


def simplex(*shape):
    def make(r):
        v = r.integers(1, 6, shape).astype(float)
        return v / v.sum(1, keepdims=True)
    return make


def log_simplex(*shape):
    import numpy as np
    return lambda r: np.round(np.log(simplex(*shape)(r)), 3)


def families():
    regression = Family("losses-regression")
    classes = Family("losses-classes")
    for reduction in REDUCTIONS:
        add_regression(regression, reduction)
        add_margins(classes, reduction)
        add_classes(classes, reduction)
        add_binary(classes, reduction)
    connectionist = Family("losses-ctc")
    add_ctc(connectionist)
    return [regression, classes, connectionist]


def add_regression(f, reduction):
    r = {"reduction": reduction}

    def add(op, variant, fn, inputs, grads=None, **args):
        f.add(op, f"{variant}-{reduction}", fn, inputs, {**args, **r}, grads)

    pair = {"input": normal(3, 4), "target": normal(3, 4)}
    add("L1", "plain", lambda input, target: F.l1_loss(input, target, reduction=reduction), pair)
    add("Mse", "plain", lambda input, target: F.mse_loss(input, target, reduction=reduction), pair)
    add("Mse", "vector", lambda input, target: F.mse_loss(input, target, reduction=reduction), {"input": normal(5), "target": normal(5)})
    add("LeastSquares", "plain", lambda input, target: reduce((input - target) ** 2 / 2, reduction), pair, formula="(input - target)^2 / 2")
    for delta in (1.0, 0.4, 3.0):
        add("Huber", f"delta-{delta:g}", lambda input, target: F.huber_loss(input, target, reduction=reduction, delta=delta), pair, delta=delta)
    for beta in (1.0, 0.5, 0.0):
        add("SmoothL1", f"beta-{beta:g}", lambda input, target: F.smooth_l1_loss(input, target, reduction=reduction, beta=beta), pair, beta=beta)
    for log in (True, False):
        for full in (True, False):
            counts = lambda stream: stream.integers(0, 6, (3, 4)).astype(float)
            tag = ("log" if log else "rate") + ("-full" if full else "")
            add("PoissonNll", tag, lambda input, target: F.poisson_nll_loss(input, target, log_input=log, full=full, eps=1e-8, reduction=reduction),
                {"input": normal(3, 4) if log else uniform(3, 4), "target": counts}, grads=("input",), logInput=log, full=full, epsilon=1e-8)
    for full in (True, False):
        for variant, shape in (("same", (3, 4)), ("one-variance-per-row", (3, 1))):
            add("GaussianNll", variant + ("-full" if full else ""),
                lambda input, target, variance: F.gaussian_nll_loss(input, target, variance, full=full, eps=1e-6, reduction=reduction),
                {"input": normal(3, 4), "target": normal(3, 4), "variance": uniform(*shape)}, full=full, epsilon=1e-6)


def add_margins(f, reduction):
    def add(op, variant, fn, inputs, grads=None, **args):
        f.add(op, f"{variant}-{reduction}", fn, inputs, {**args, "reduction": reduction}, grads)

    labelled = {"input": normal(3, 4), "target": signs(3, 4)}
    add("SoftMargin", "plain", lambda input, target: F.soft_margin_loss(input, target, reduction=reduction), labelled, grads=("input",), formula="log(1 + exp(-target * input))")
    add("SoftMargin", "far", lambda input, target: reduce(torch.logaddexp(torch.zeros(()), -target * input), reduction),
        {"input": literal([-800.0, -40.0, 0.0, 40.0, 800.0]), "target": literal([1.0, 1.0, -1.0, 1.0, 1.0])}, grads=("input",), formula="log(1 + exp(-target * input))")
    add("Hinge", "plain", lambda input, target: reduce(torch.relu(1 - target * input), reduction), labelled, grads=("input",), formula="max(0, 1 - target * input)")
    add("SquaredHinge", "plain", lambda input, target: reduce(torch.relu(1 - target * input) ** 2, reduction), labelled, grads=("input",), formula="max(0, 1 - target * input)^2")
    for margin in (1.0, 0.3):
        add("HingeEmbedding", f"margin-{margin:g}", lambda input, target: F.hinge_embedding_loss(input, target, margin, reduction=reduction),
            {"input": uniform(3, 4, low=0.05), "target": signs(3, 4)}, grads=("input",), margin=margin)
        for p in (1, 2):
            for weighted in (False, True):
                inputs = {"input": normal(4, 3), "target": integers(4, high=3)}
                if weighted:
                    inputs["weight"] = literal([0.5, 2.0, 1.25])
                add("MultiMargin", f"p{p}-margin-{margin:g}" + ("-weight" if weighted else ""),
                    lambda input, target, weight=None: F.multi_margin_loss(input, target, p, margin, weight, reduction=reduction), inputs, grads=("input",), p=p, margin=margin)
    add("MultiLabelMargin", "plain", lambda input, target: F.multilabel_margin_loss(input, target, reduction=reduction),
        {"input": normal(3, 4), "target": literal([[2, 0, -1, 1], [3, -1, 0, 1], [-1, 0, 1, 2]])}, grads=("input",))
    for weighted in (False, True):
        inputs = {"input": normal(3, 4), "target": lambda r: booleans(3, 4)(r).astype(float)}
        if weighted:
            inputs["weight"] = uniform(4)
        add("MultiLabelSoftMargin", "weight" if weighted else "plain",
            lambda input, target, weight=None: F.multilabel_soft_margin_loss(input, target, weight, reduction=reduction), inputs, grads=("input",))
    for margin in (0.0, 0.7):
        add("MarginRanking", f"margin-{margin:g}", lambda input1, input2, target: F.margin_ranking_loss(input1, input2, target, margin, reduction=reduction),
            {"input1": normal(6), "input2": normal(6), "target": signs(6)}, grads=("input1", "input2"), margin=margin)
    for margin in (0.0, 0.5, -0.4):
        add("CosineEmbedding", f"margin-{margin:g}", lambda input1, input2, target: F.cosine_embedding_loss(input1, input2, target, margin, reduction=reduction),
            {"input1": normal(5, 3), "input2": normal(5, 3), "target": signs(5)}, grads=("input1", "input2"), margin=margin)
    for variant, margin, p, swap in (("default", 1.0, 2.0, False), ("p1", 0.5, 1.0, False), ("swap", 2.0, 2.0, True), ("p3", 1.5, 3.0, False)):
        add("TripletMargin", variant, lambda anchor, positive, negative: F.triplet_margin_loss(anchor, positive, negative, margin, p, 1e-6, swap, reduction=reduction),
            {"anchor": normal(4, 3), "positive": normal(4, 3), "negative": normal(4, 3)}, margin=margin, p=p, epsilon=1e-6, swap=swap)


def add_classes(f, reduction):
    def add(op, variant, fn, inputs, grads=("input",), **args):
        f.add(op, f"{variant}-{reduction}", fn, inputs, {**args, "reduction": reduction}, grads)

    weight = literal([0.5, 2.0, 1.25])
    for variant, shape, weighted, ignore in (("plain", (4, 3), False, None), ("weight", (4, 3), True, None), ("ignore-index", (5, 3), False, 1), ("ignore-negative", (5, 3), False, -100),
                                             ("weight-ignore-index", (5, 3), True, 2), ("spatial", (2, 3, 2, 2), False, None), ("spatial-weight-ignore-index", (2, 3, 4), True, 0)):
        targets = shape[:1] + shape[2:]
        args = {} if ignore is None else {"ignoreIndex": ignore}
        torch_ignore = -100 if ignore is None else ignore

        def target(r):
            t = r.integers(0, 3, targets)
            if ignore is not None:
                t[(0,) * t.ndim] = 1 if ignore == 0 else 0
                t[(-1,) * t.ndim] = ignore
            return t

        extra = {"weight": weight} if weighted else {}
        add("Nll", variant, lambda input, target, weight=None: F.nll_loss(input, target, weight, ignore_index=torch_ignore, reduction=reduction),
            {"input": log_simplex(*shape), "target": target, **extra}, **args)
        for smoothing in (0.0, 0.1):
            smooth = {"labelSmoothing": smoothing}
            add("CrossEntropy", variant + ("-smoothing" if smoothing else ""),
                lambda input, target, weight=None: F.cross_entropy(input, target, weight, ignore_index=torch_ignore, reduction=reduction, label_smoothing=smoothing),
                {"input": normal(*shape, scale=2), "target": target, **extra}, **args, **smooth)
        if ignore is None:
            for smoothing in (0.0, 0.2):
                add("CrossEntropy", variant + "-soft-targets" + ("-smoothing" if smoothing else ""),
                    lambda input, target, weight=None: F.cross_entropy(input, target, weight, reduction=reduction, label_smoothing=smoothing),
                    {"input": normal(*shape, scale=2), "target": simplex(*shape), **extra}, grads=("input", "target"), labelSmoothing=smoothing)
    add("CrossEntropy", "huge", lambda input, target: F.cross_entropy(input, target, reduction=reduction),
        {"input": literal([[1e4, -1e4, 0.0], [1e4, 9999.0, 1e4]]), "target": literal([1, 0])}, labelSmoothing=0.0)
    add("CrossEntropy", "single-row", lambda input, target: F.cross_entropy(input, target, reduction=reduction), {"input": normal(3), "target": literal(2)}, labelSmoothing=0.0)
    if reduction == "mean":
        f.add("CrossEntropy", "everything-ignored-is-nan", lambda input, target: F.cross_entropy(input, target, ignore_index=0),
              {"input": normal(2, 3), "target": literal([0, 0])}, {"ignoreIndex": 0, "labelSmoothing": 0.0, "reduction": "mean"}, grads=())
    for log in (False, True):
        for kind in (reduction, "batchmean") if reduction == "mean" else (reduction,):
            tag = f"log-target-{kind}" if log else f"plain-{kind}"
            f.add("KlDiv", tag, lambda input, target: F.kl_div(input, target, reduction=kind, log_target=log),
                  {"input": log_simplex(3, 4), "target": log_simplex(3, 4) if log else simplex(3, 4)}, {"logTarget": log, "reduction": kind})
    f.add("KlDiv", f"zero-target-{reduction}", lambda input, target: F.kl_div(input, target, reduction=reduction),
          {"input": log_simplex(2, 3), "target": literal([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])}, {"logTarget": False, "reduction": reduction}, grads=("input",))
    for gamma in (0.0, 2.0):
        add("Focal", f"gamma-{gamma:g}", lambda input, target: focal(input, target, gamma, reduction), {"input": normal(4, 3), "target": integers(4, high=3)},
            gamma=gamma, formula="-(1 - p)^gamma * log p, p = softmax(input)[target]")


def add_binary(f, reduction):
    def add(op, variant, fn, inputs, grads=("input",), **args):
        f.add(op, f"{variant}-{reduction}", fn, inputs, {**args, "reduction": reduction}, grads)

    hard = lambda r: booleans(3, 4)(r).astype(float)
    soft = uniform(3, 4, low=0, high=1)
    for variant, target, w in (("plain", hard, None), ("soft-targets", soft, None), ("weight", hard, (3, 4)), ("weight-per-column", hard, (4,))):
        extra = {} if w is None else {"weight": uniform(*w)}
        add("Bce", variant, lambda input, target, weight=None: F.binary_cross_entropy(input, target, weight, reduction=reduction),
            {"input": uniform(3, 4, low=0.05, high=0.95), "target": target, **extra})
        for positive in (False, True):
            more = {**extra, "positiveWeight": uniform(4)} if positive else extra
            add("BceWithLogits", variant + ("-positive-weight" if positive else ""),
                lambda input, target, weight=None, positiveWeight=None: F.binary_cross_entropy_with_logits(input, target, weight, pos_weight=positiveWeight, reduction=reduction),
                {"input": normal(3, 4, scale=2), "target": target, **more})
    # Per sample, over all its other axes: s is the smoothing term that keeps two empty masks at 0.
    for op, formula, score in (("Dice", "1 - (2 sum(p t) + s) / (sum(p) + sum(t) + s)", dice), ("SoftIoU", "1 - (sum(p t) + s) / (sum(p) + sum(t) - sum(p t) + s)", overlap)):
        for smooth in (1.0, 0.0):
            add(op, f"smooth-{smooth:g}", lambda input, target: reduce(score(input, target, smooth), reduction),
                {"input": uniform(2, 1, 3, 3, low=0.05, high=0.95), "target": lambda r: booleans(2, 1, 3, 3)(r).astype(float)}, smooth=smooth, formula=formula)
    # PyTorch holds each logarithm at -100 or more, so a certain mistake costs 100.
    add("Bce", "certain", lambda input, target: F.binary_cross_entropy(input, target, reduction=reduction),
        {"input": literal([0.0, 1.0, 0.0, 1.0]), "target": literal([1.0, 0.0, 0.0, 1.0])}, grads=())
    add("BceWithLogits", "far", lambda input, target: F.binary_cross_entropy_with_logits(input, target, reduction=reduction),
        {"input": literal([-800.0, 800.0, 40.0, -40.0, 0.0]), "target": literal([1.0, 0.0, 1.0, 0.0, 0.5])})


def add_ctc(f):
    """The input is raw scores [T, N, K]; the case applies log-softmax over K and then the loss, since PyTorch's gradient is defined through both."""
    for variant, t, k, blank, targets, lengths, input_lengths, zero in (
            ("plain", 6, 4, 0, [[1, 2, 3], [2, 1, 3]], [3, 3], [6, 6], False), ("lengths", 7, 4, 0, [[1, 2, 3], [3, 1, 1], [2, 1, 1]], [3, 2, 1], [7, 5, 4], False),
            ("repeats", 7, 3, 0, [[1, 1, 2], [2, 2, 2]], [3, 3], [7, 7], False), ("blank-last", 5, 3, 2, [[0, 1], [1, 0]], [2, 2], [5, 4], False),
            ("empty-target", 4, 3, 0, [[1, 2], [1, 1]], [2, 0], [4, 4], False), ("impossible-is-infinite", 2, 3, 0, [[1, 2, 1], [1, 1, 1]], [3, 1], [2, 2], False),
            ("impossible-zeroed", 2, 3, 0, [[1, 2, 1], [1, 1, 1]], [3, 1], [2, 2], True), ("exact-length", 3, 4, 0, [[1, 2, 3]], [3], [3], False),
            ("one-step", 1, 2, 0, [[1]], [1], [1], False)):
        for reduction in REDUCTIONS:
            inputs = {"logits": normal(t, len(targets), k), "targets": literal(targets, "int64"), "inputLengths": literal(input_lengths, "int64"),
                      "targetLengths": literal(lengths, "int64")}
            infinite = variant == "impossible-is-infinite"
            f.add("Ctc", f"{variant}-{reduction}", lambda logits, targets, inputLengths, targetLengths: F.ctc_loss(
                torch.log_softmax(logits, -1), targets, inputLengths, targetLengths, blank, reduction, zero), inputs,
                {"blank": blank, "zeroInfinity": zero, "reduction": reduction}, grads=() if infinite else None)


def focal(input, target, gamma, reduction):
    log_p = torch.log_softmax(input, 1).gather(1, target[:, None])[:, 0]
    return reduce(-((1 - log_p.exp()) ** gamma) * log_p, reduction)


def dice(p, t, s):
    axes = tuple(range(1, p.dim()))
    return 1 - (2 * (p * t).sum(axes) + s) / (p.sum(axes) + t.sum(axes) + s)


def overlap(p, t, s):
    axes = tuple(range(1, p.dim()))
    both = (p * t).sum(axes)
    return 1 - (both + s) / (p.sum(axes) + t.sum(axes) - both + s)


def reduce(loss, reduction):
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()
