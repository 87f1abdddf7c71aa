"""Reference answers for optimizers and schedules over 50 steps, from PyTorch 2.15.0 (pip install torch==2.15.0 numpy==2.4.6).

Run from the repository root: python -P parity/optimizers.py (-P, since files beside it have names of standard modules). All in float64.
"""

import json

import numpy as np
import torch
from torch import nn

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
rng = np.random.RandomState(1)
STEPS = 50
gradients = np.round(rng.standard_normal((STEPS, 8)), 3)
weights = np.round(rng.standard_normal(8), 3)
S, O = torch.optim.lr_scheduler, torch.optim


def walk(make, schedule=None, clip=None):
    parameter = nn.Parameter(torch.tensor(weights, dtype=torch.float64))
    optimizer = make([parameter])
    scheduler = None if schedule is None else schedule(optimizer)
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        if clip is not None:
            clip([parameter])
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
    return parameter.detach().tolist()


def warmed(after):
    """Five steps of warm-up in equal parts, then another schedule."""
    return lambda o: S.SequentialLR(o, [S.LinearLR(o, start_factor=1 / 5, end_factor=1, total_iters=4), after(o)], milestones=[5])


schedules = {
    "constant": lambda o: S.ConstantLR(o, factor=1, total_iters=1),
    "step": lambda o: S.StepLR(o, step_size=7, gamma=0.5),
    "multiStep": lambda o: S.MultiStepLR(o, milestones=[10, 15, 40], gamma=0.3),
    "exponential": lambda o: S.ExponentialLR(o, gamma=0.9),
    "linear": lambda o: S.LinearLR(o, start_factor=1, end_factor=0.2, total_iters=20),
    "polynomial": lambda o: S.PolynomialLR(o, total_iters=40, power=2),
    "cosine": lambda o: S.CosineAnnealingLR(o, T_max=49, eta_min=0.01),
    "cosineRestarts": lambda o: S.CosineAnnealingWarmRestarts(o, T_0=7, T_mult=2, eta_min=0.001),
    "oneCycle": lambda o: S.OneCycleLR(o, max_lr=0.1, total_steps=STEPS + 1, cycle_momentum=False),
    "warmStep": warmed(lambda o: S.StepLR(o, step_size=7, gamma=0.5)),
    "warmExponential": warmed(lambda o: S.ExponentialLR(o, gamma=0.9)),
}


def rates(make):
    optimizer = O.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


norm = lambda p: nn.utils.clip_grad_norm_(p, 1.0)
value = lambda p: nn.utils.clip_grad_value_(p, 0.5)
optimizers = {
    "sgd": walk(lambda p: O.SGD(p, lr=0.1)),
    "momentum": walk(lambda p: O.SGD(p, lr=0.1, momentum=0.9)),
    "nesterov": walk(lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01)),
    "rmsprop": walk(lambda p: O.RMSprop(p, lr=0.01)),
    "rmspropMomentum": walk(lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.5, weight_decay=0.1)),
    "adam": walk(lambda p: O.Adam(p, lr=0.01)),
    "adamDecay": walk(lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.9), eps=1e-6, weight_decay=0.1)),
    "adamw": walk(lambda p: O.AdamW(p, lr=0.01, weight_decay=0.1)),
    "clipNorm": walk(lambda p: O.AdamW(p, lr=0.01), clip=norm),
    "clipValue": walk(lambda p: O.SGD(p, lr=0.1, momentum=0.9), clip=value),
    "momentumOneCycle": walk(lambda p: O.SGD(p, lr=0.1, momentum=0.9), schedules["oneCycle"]),
    "adamwWarmStep": walk(lambda p: O.AdamW(p, lr=0.1, weight_decay=0.1), schedules["warmStep"]),
    "rmspropCosine": walk(lambda p: O.RMSprop(p, lr=0.1, momentum=0.9), schedules["cosine"]),
}

answers = {
    "torch": torch.__version__.split("+")[0],
    "gradients": gradients.tolist(),
    "weights": weights.tolist(),
    "optimizers": {name: [float(f"{x:.13g}") for x in found] for name, found in optimizers.items()},
    "schedules": {name: [float(f"{x:.13g}") for x in rates(make)] for name, make in schedules.items()},
}

with open("parity/fixtures/optimizers.json", "w") as file:
    json.dump(answers, file, separators=(",", ":"))
