"""Optimiser trajectories, learning-rate schedules, gradient clipping, initialiser bounds."""
import math

import torch
from torch import nn, optim
from torch.optim import lr_scheduler as schedules

from fixture_writer import Family, literal, normal

STEPS = 10
SCHEDULE_STEPS = 30
A = torch.tensor([[3.0, 0.5, 0.0, -0.2], [0.5, 2.0, 0.3, 0.0], [0.0, 0.3, 1.0, 0.4], [-0.2, 0.0, 0.4, 0.5]])
B = torch.tensor([1.0, -2.0, 0.5, 1.5])
START = torch.tensor([0.8, -0.6, 1.5, -1.2])


def quartic(p):
    """f(p) = p'Ap / 2 - b'p + sum(p^4) / 4, gradient A p - b + p^3."""
    return p @ A @ p / 2 - B @ p + (p ** 4).sum() / 4


def rosenbrock(p):
    """f(p) = sum over i of 100 (p[i+1] - p[i]^2)^2 + (1 - p[i])^2."""
    return (100 * (p[1:] - p[:-1] ** 2) ** 2 + (1 - p[:-1]) ** 2).sum()


OPTIMISERS = [
    ("Sgd", optim.SGD, [("plain", dict(lr=0.1)), ("momentum", dict(lr=0.05, momentum=0.9)), ("nesterov", dict(lr=0.05, momentum=0.9, nesterov=True)),
                        ("dampening", dict(lr=0.05, momentum=0.8, dampening=0.3)), ("weight-decay", dict(lr=0.1, weight_decay=0.2)),
                        ("maximize", dict(lr=0.01, maximize=True)), ("momentum-weight-decay-nesterov", dict(lr=0.02, momentum=0.9, weight_decay=0.1, nesterov=True))]),
    ("Adam", optim.Adam, [("plain", dict(lr=0.1)), ("betas-eps", dict(lr=0.1, betas=(0.7, 0.9), eps=1e-2)), ("amsgrad", dict(lr=0.2, amsgrad=True)),
                          ("weight-decay", dict(lr=0.1, weight_decay=0.2)), ("maximize", dict(lr=0.05, maximize=True))]),
    ("AdamW", optim.AdamW, [("default", dict(lr=0.1)), ("weight-decay", dict(lr=0.1, weight_decay=0.3)), ("amsgrad", dict(lr=0.2, amsgrad=True, weight_decay=0.1)),
                            ("maximize", dict(lr=0.05, maximize=True))]),
    ("RmsProp", optim.RMSprop, [("plain", dict(lr=0.05)), ("alpha", dict(lr=0.05, alpha=0.8, eps=1e-3)), ("centered", dict(lr=0.02, centered=True)),
                                ("momentum", dict(lr=0.02, momentum=0.7)), ("centered-momentum-weight-decay", dict(lr=0.01, centered=True, momentum=0.7, weight_decay=0.1))]),
    ("Adagrad", optim.Adagrad, [("plain", dict(lr=0.3)), ("lr-decay", dict(lr=0.3, lr_decay=0.1)), ("initial", dict(lr=0.3, initial_accumulator_value=0.5, eps=1e-3)),
                                ("weight-decay", dict(lr=0.3, weight_decay=0.2))]),
    ("Adadelta", optim.Adadelta, [("plain", dict(lr=1.0)), ("rho", dict(lr=0.5, rho=0.7, eps=1e-3)), ("weight-decay", dict(lr=1.0, eps=1e-2, weight_decay=0.2))]),
    # The single-tensor path of 1.13 multiplies the momentum in twice; its multi-tensor path follows the paper.
    ("NAdam", optim.NAdam, [("plain", dict(lr=0.1, foreach=True)), ("weight-decay", dict(lr=0.1, weight_decay=0.2, foreach=True)), ("momentum-decay", dict(lr=0.1, momentum_decay=0.05, foreach=True))]),
    ("RAdam", optim.RAdam, [("plain", dict(lr=0.1)), ("betas", dict(lr=0.1, betas=(0.8, 0.9))), ("weight-decay", dict(lr=0.1, weight_decay=0.2))]),
    ("Adamax", optim.Adamax, [("plain", dict(lr=0.1)), ("weight-decay", dict(lr=0.1, weight_decay=0.2)), ("betas", dict(lr=0.1, betas=(0.7, 0.8), eps=1e-3))]),
    ("Lbfgs", optim.LBFGS, [("one-iteration", dict(lr=0.3, max_iter=1)), ("fixed-step", dict(lr=0.2, max_iter=4)), ("short-history", dict(lr=0.3, max_iter=3, history_size=2)),
                            ("strong-wolfe", dict(lr=1.0, max_iter=1, line_search_fn="strong_wolfe"))]),
]

RENAMED = {"lr": "learningRate", "eps": "epsilon", "line_search_fn": "lineSearch"}


def camel(key):
    key = RENAMED.get(key, key)
    head, *rest = key.split("_")
    return head + "".join(w.capitalize() for w in rest)


def plain(v):
    return list(v) if isinstance(v, tuple) else v


def families():
    return [optimisers(), schedule_family(), initialisers()]


def optimisers():
    f = Family("optimisers")
    for op, cls, variants in OPTIMISERS:
        for variant, options in variants:
            trajectory(f, op, variant, cls, options, quartic, "quartic", START)
    trajectory(f, "Lbfgs", "rosenbrock-strong-wolfe", optim.LBFGS, dict(lr=1.0, max_iter=4, line_search_fn="strong_wolfe"), rosenbrock, "rosenbrock",
               torch.tensor([-1.2, 1.0, 0.5]))
    for variant, bound, p in (("clips", 1.0, 2.0), ("leaves-alone", 100.0, 2.0), ("p1", 1.5, 1.0), ("p-infinity", 0.5, math.inf)):
        name = f"ClipGradNorm/{variant}"
        before = {"g1": torch.tensor([[0.5, -1.5], [2.0, 0.25]]), "g2": torch.tensor([1.0, -0.75, 0.1])}
        parameters = [nn.Parameter(torch.zeros_like(g)) for g in before.values()]
        for q, g in zip(parameters, before.values()):
            q.grad = g.clone()
        total = nn.utils.clip_grad_norm_(parameters, bound, p)
        f.append("ClipGradNorm", name, {"maxNorm": bound, "p": "Infinity" if p == math.inf else p}, before,
                 {"norm": total, "g1": parameters[0].grad, "g2": parameters[1].grad})
    return f


def trajectory(f, op, variant, cls, options, objective, problem, start):
    """Before step t: loss[t] and gradient[t] at the parameters of step t - 1 (the start for t = 0); after it: trajectory[t]."""
    p = nn.Parameter(start.clone())
    optimiser = cls([p], **options)
    losses, gradients, points = [], [], []

    def closure():
        optimiser.zero_grad()
        loss = objective(p)
        loss.backward()
        return loss

    for _ in range(STEPS):
        losses.append(closure().detach().clone())
        gradients.append(p.grad.clone())
        optimiser.step(closure)
        points.append(p.detach().clone())
    used = {camel(k): plain(v) for k, v in {**optimiser.defaults, **options}.items()
            if k not in ("foreach", "capturable", "differentiable", "fused") and v is not None}
    inputs = {"p": start}
    if problem == "quartic":
        inputs.update(A=A, b=B)
    f.append(op, f"{op}/{variant}", {"problem": problem, **used}, inputs,
             {"loss": torch.stack(losses), "gradient": torch.stack(gradients), "trajectory": torch.stack(points)})


def schedule_family():
    """lr[t] is the learning rate that step t uses; the schedule advances after each step."""
    f = Family("schedules")

    def run(op, variant, make, base=0.1, momentum=False, **args):
        q = nn.Parameter(torch.zeros(1))
        optimiser = optim.SGD([q], lr=base, momentum=0.9 if momentum else 0.0)
        schedule = make(optimiser)
        rates, momenta = [], []
        for _ in range(SCHEDULE_STEPS):
            rates.append(optimiser.param_groups[0]["lr"])
            momenta.append(optimiser.param_groups[0]["momentum"])
            optimiser.step()
            schedule.step()
        outputs = {"lr": torch.tensor(rates)}
        if momentum:
            outputs["momentum"] = torch.tensor(momenta)
        f.append(op, f"{op}/{variant}", {"baseRate": base, **args}, {}, outputs)

    run("StepLR", "every-7", lambda o: schedules.StepLR(o, 7, 0.5), stepSize=7, gamma=0.5)
    run("StepLR", "every-step", lambda o: schedules.StepLR(o, 1), stepSize=1, gamma=0.1)
    run("MultiStepLR", "three", lambda o: schedules.MultiStepLR(o, [3, 10, 20], 0.3), milestones=[3, 10, 20], gamma=0.3)
    run("MultiStepLR", "repeated-milestone", lambda o: schedules.MultiStepLR(o, [5, 5], 0.5), milestones=[5, 5], gamma=0.5)
    run("ExponentialLR", "plain", lambda o: schedules.ExponentialLR(o, 0.9), gamma=0.9)
    run("CosineAnnealingLR", "whole", lambda o: schedules.CosineAnnealingLR(o, 29), period=29, minRate=0.0)
    run("CosineAnnealingLR", "rises-again", lambda o: schedules.CosineAnnealingLR(o, 10, 0.01), period=10, minRate=0.01)
    run("CosineWarmRestarts", "fixed", lambda o: schedules.CosineAnnealingWarmRestarts(o, 8), period=8, multiplier=1, minRate=0.0)
    run("CosineWarmRestarts", "doubling", lambda o: schedules.CosineAnnealingWarmRestarts(o, 4, 2, 0.005), period=4, multiplier=2, minRate=0.005)
    # OneCycle refuses more steps than its total, and one advance follows the last step.
    for variant, kw in (("cosine", {}), ("linear", {"anneal_strategy": "linear"}), ("three-phase", {"three_phase": True, "pct_start": 0.4}),
                        ("factors", {"div_factor": 10.0, "final_div_factor": 100.0, "pct_start": 0.25}), ("fixed-momentum", {"cycle_momentum": False})):
        run("OneCycleLR", variant, lambda o: schedules.OneCycleLR(o, 1.0, total_steps=SCHEDULE_STEPS + 1, **kw), momentum=True, maxRate=1.0, totalSteps=SCHEDULE_STEPS + 1,
            warmupFraction=kw.get("pct_start", 0.3), anneal="linear" if "anneal_strategy" in kw else "cosine", threePhase=kw.get("three_phase", False),
            divFactor=kw.get("div_factor", 25.0), finalDivFactor=kw.get("final_div_factor", 1e4), cycleMomentum=kw.get("cycle_momentum", True), baseMomentum=0.85, maxMomentum=0.95)
    run("LinearLR", "warmup", lambda o: schedules.LinearLR(o, 0.1, 1.0, 12), startFactor=0.1, endFactor=1.0, steps=12)
    run("LinearLR", "down", lambda o: schedules.LinearLR(o, 1.0, 0.2, 20), startFactor=1.0, endFactor=0.2, steps=20)
    run("ConstantLR", "plain", lambda o: schedules.ConstantLR(o, 0.25, 6), factor=0.25, steps=6)
    if hasattr(schedules, "PolynomialLR"):
        run("PolynomialLR", "linear", lambda o: schedules.PolynomialLR(o, 20, 1.0), steps=20, power=1.0)
        run("PolynomialLR", "square", lambda o: schedules.PolynomialLR(o, 25, 2.0), steps=25, power=2.0)
    run("CyclicLR", "triangular", lambda o: schedules.CyclicLR(o, 0.01, 0.1, 4, 6, cycle_momentum=False), minRate=0.01, maxRate=0.1, stepsUp=4, stepsDown=6)
    run("WarmupCosine", "sequential", lambda o: schedules.SequentialLR(o, [schedules.LinearLR(o, 0.1, 1.0, 5), schedules.CosineAnnealingLR(o, 25)], [5]),
        warmupSteps=5, startFactor=0.1, period=25, minRate=0.0)

    falling = [1.0, 0.8, 0.7, 0.7, 0.7, 0.69999, 0.7, 0.7, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 0.47, 0.48, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]
    for variant, metric, kw in (("default", falling, dict(patience=2)), ("cooldown", falling, dict(patience=1, cooldown=3, factor=0.5)),
                                ("max", [1 - v for v in falling], dict(mode="max", patience=2, factor=0.5)), ("absolute-threshold", falling, dict(patience=2, threshold=0.15, threshold_mode="abs")),
                                ("min-rate", falling, dict(patience=0, factor=0.3, min_lr=0.01)), ("epsilon-stops-tiny-changes", falling, dict(patience=0, factor=0.9, eps=0.005)),
                                ("nan-is-bad", [1.0, float("nan")] * 15, dict(patience=2))):
        q = nn.Parameter(torch.zeros(1))
        optimiser = optim.SGD([q], lr=0.1)
        schedule = schedules.ReduceLROnPlateau(optimiser, **kw)
        rates = []
        for m in metric:
            rates.append(optimiser.param_groups[0]["lr"])
            schedule.step(m)
        args = {**dict(mode="min", factor=0.1, patience=10, threshold=1e-4, threshold_mode="rel", cooldown=0, min_lr=0.0, eps=1e-8), **kw}
        names = {"min_lr": "minRate", "threshold_mode": "thresholdMode", "eps": "epsilon"}
        f.append("ReduceOnPlateau", f"ReduceOnPlateau/{variant}", {"baseRate": 0.1, **{names.get(k, k): v for k, v in args.items()}}, {"metric": torch.tensor(metric)}, {"lr": torch.tensor(rates)})
    return f


def initialisers():
    """Bounds and deviations; the random streams differ, so no values."""
    f = Family("initialisers")
    for kind, slope in (("linear", None), ("conv2d", None), ("sigmoid", None), ("tanh", None), ("relu", None), ("leaky_relu", 0.01), ("leaky_relu", 0.2), ("selu", None)):
        name = f"Gain/{kind}" + ("" if slope is None else f"-{slope:g}")
        f.append("Gain", name, {"nonlinearity": kind, **({} if slope is None else {"slope": slope})}, {}, torch.tensor(float(nn.init.calculate_gain(kind, slope))))
    for shape in ([4, 6], [8, 3, 5], [6, 2, 3, 3], [2, 2, 2, 2, 2]):
        fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
        tag = "x".join(map(str, shape))
        f.append("Fans", f"Fans/{tag}", {"shape": shape}, {}, {"fanIn": torch.tensor(fan_in), "fanOut": torch.tensor(fan_out)})
        for gain in (1.0, 5 / 3):
            std = gain * math.sqrt(2 / (fan_in + fan_out))
            t = nn.init.xavier_uniform_(torch.empty(shape), gain)
            assert t.abs().max() <= math.sqrt(3) * std
            f.append("Xavier", f"Xavier/{tag}-gain-{gain:.3g}", {"shape": shape, "gain": gain}, {}, {"bound": torch.tensor(math.sqrt(3) * std), "std": torch.tensor(std)})
        for mode, fan in (("fanIn", fan_in), ("fanOut", fan_out)):
            for kind in ("relu", "leaky_relu"):
                slope = math.sqrt(5) if kind == "leaky_relu" else 0.0
                std = nn.init.calculate_gain(kind, slope) / math.sqrt(fan)
                t = nn.init.kaiming_uniform_(torch.empty(shape), slope, "fan_in" if mode == "fanIn" else "fan_out", kind)
                assert t.abs().max() <= math.sqrt(3) * std
                f.append("Kaiming", f"Kaiming/{tag}-{mode}-{kind}", {"shape": shape, "mode": mode, "nonlinearity": kind, "slope": slope}, {},
                         {"bound": torch.tensor(math.sqrt(3) * std), "std": torch.tensor(std)})
    # Default weight and bias bounds of PyTorch's layers, checked on a large draw and equal to 1 / sqrt(fanIn) or 1 / sqrt(hidden).
    torch.manual_seed(0)
    for op, module, bound in (("Linear", nn.Linear(50, 400), 50), ("Conv2d", nn.Conv2d(4, 100, 3), 36), ("Lstm", nn.LSTM(20, 30), 30), ("Bilinear", nn.Bilinear(16, 30, 20), 16)):
        for key, value in module.named_parameters():
            top = value.detach().abs().max().item()
            assert 0.7 / math.sqrt(bound) < top <= 1 / math.sqrt(bound), (op, key, top)
        f.append("DefaultBound", f"DefaultBound/{op}", {"layer": op, "fan": bound}, {}, {"bound": torch.tensor(1 / math.sqrt(bound))})
    return f
