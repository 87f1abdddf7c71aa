"""Losses and predictions of convolutional networks in training, from PyTorch 2.15.0 (pip install torch==2.15.0 numpy==2.4.6), in float64: its float32 sums are off by more than is compared.

Run from the repository root: python -P parity/cnn_training.py (-P, since files beside it have names of standard modules).
"""

import json

import numpy as np
import torch
from torch import nn

assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
torch.set_num_threads(1)
torch.manual_seed(0)
rng = np.random.RandomState(0)
STEPS, BATCH = 50, 16


def numbers(tensor, places=None):
    values = np.asarray(tensor.detach(), dtype=float).ravel()
    return (values if places is None else np.round(values, places)).tolist()


class Residual(nn.Module):
    def __init__(self, layers, shortcut):
        super().__init__()
        self.inner, self.shortcut = nn.Sequential(*layers), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.inner(x) + self.shortcut(x)


def network(layers, x, y, make=lambda parameters: torch.optim.Adam(parameters, lr=0.003)):
    model = nn.Sequential(*layers).double()
    for parameter in model.parameters():
        parameter.data = torch.tensor(np.round(np.asarray(parameter.data, dtype=float), 3), dtype=torch.float64)
    turned = {id(layer.weight) for layer in model.modules() if isinstance(layer, nn.Linear)}
    start = [numbers(p.t() if id(p) in turned else p, 3) for p in model.parameters()]
    optimizer = make(model.parameters())
    loss = nn.CrossEntropyLoss()
    losses = []
    for step in range(STEPS):
        part = slice(step * BATCH % len(x), step * BATCH % len(x) + BATCH)
        optimizer.zero_grad()
        value = loss(model(x[part]), y[part])
        value.backward()
        optimizer.step()
        losses.append(float(value.detach()))
    model.eval()
    return {"start": start, "losses": losses, "predictions": numbers(model(x[:5]))}


def shapes(shape):
    """Random examples whose class depends on the mean of a corner and on a contrast."""
    x = np.round(rng.standard_normal((48, *shape)), 2)
    flat = x.reshape(48, -1)
    y = (flat[:, : flat.shape[1] // 2].mean(1) > 0).astype(int) + (flat[:, 3] > flat[:, 5]).astype(int)
    return torch.tensor(x, dtype=torch.float64), torch.tensor(y)


pictures, classes = shapes((1, 8, 8))
colours, kinds = shapes((3, 7, 9))
series, states = shapes((2, 12))

plain = [
    nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.BatchNorm1d(32), nn.Linear(32, 8), nn.ReLU(), nn.Linear(8, 3),
]
residual = [
    nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.GroupNorm(2, 8), nn.ReLU(),
    Residual(
        [
            nn.Conv2d(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8, momentum=0.2, eps=1e-3), nn.ReLU(),
            nn.Conv2d(8, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12),
        ],
        [nn.Conv2d(8, 12, 1, bias=False), nn.BatchNorm2d(12)],
    ),
    nn.ReLU(), nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(12, 12, 3, groups=12, padding=2, dilation=2), nn.ReLU(),
    nn.Conv2d(12, 6, 3, padding=1, groups=3), nn.ReLU(), nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
    nn.AvgPool2d(3, stride=2, padding=1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3),
]
sequence = [
    nn.Conv1d(2, 8, 3, padding=1), nn.ReLU(), nn.AvgPool1d(2, stride=1), nn.Conv1d(8, 9, 3, stride=2, padding=1, bias=False),
    nn.BatchNorm1d(9), nn.ReLU(), nn.MaxPool1d(2), nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(9, 3),
]

data = {name: numbers(x, 2) for name, x in [("plain", pictures), ("residual", colours), ("sequence", series)]}
targets = {name: y.tolist() for name, y in [("plain", classes), ("residual", kinds), ("sequence", states)]}
networks = {
    # A shift of a channel that batch normalisation takes back has a gradient of rounding errors only, which Adam would make a step of.
    "plain": network(plain, pictures, classes, lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9)),
    "residual": network(residual, colours, kinds),
    "sequence": network(sequence, series, states),
}
with open("parity/fixtures/cnn_training.json", "w") as file:
    json.dump({"data": data, "targets": targets, "networks": networks}, file, separators=(",", ":"))
