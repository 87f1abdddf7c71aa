"""Reference answers for networks and losses, from PyTorch 2.9.1 (pip install torch==2.9.1 numpy==2.4.6).

Run from the repository root: python -P parity/nets.py (-P, since files beside it have names of standard modules). Networks and losses are computed in float32.
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

assert torch.__version__.split("+")[0] == "2.9.1", torch.__version__
torch.set_num_threads(1)
torch.manual_seed(0)
rng = np.random.RandomState(0)


def rounded(array, places=4):
    return np.round(np.asarray(array, dtype=float), places)


def numbers(tensor):
    return [float(value) for value in np.asarray(tensor.detach()).ravel()]


def train(model, x, y, loss, optimizer, batch, steps):
    """Batches in the order of the rows, again from the first when all have had their turn."""
    losses = []
    for step in range(steps):
        from_row = step * batch % len(x)
        part = slice(from_row, from_row + batch)
        optimizer.zero_grad()
        value = loss(model(x[part]), y[part])
        value.backward()
        optimizer.step()
        losses.append(float(value))
    return losses


def network(layers, x, y, loss, make, batch=16, steps=50):
    for layer in layers:
        for parameter in layer.parameters():
            parameter.data = torch.tensor(rounded(parameter.data), dtype=torch.float32)
    start = [numbers(p.t() if p.dim() == 2 else p) for layer in layers for p in layer.parameters()]
    model = nn.Sequential(*layers)
    losses = train(model, torch.tensor(x, dtype=torch.float32), y, loss, make(model.parameters()), batch, steps)
    return {"start": start, "losses": losses}


x = rounded(rng.standard_normal((48, 6)), 3)
labels = torch.tensor((x[:, 0] > 0).astype(int) + (x[:, 1] * x[:, 2] > 0.2).astype(int))
values = torch.tensor(rounded(np.sin(x[:, :2]) + 0.1 * rng.standard_normal((48, 2)), 3), dtype=torch.float32)
bits = torch.tensor((x[:, 3:4] * x[:, 4:5] > 0).astype(float), dtype=torch.float32)
pictures = rounded(rng.standard_normal((32, 1, 6, 6)), 2)
kinds = torch.tensor((pictures[:, 0, 2, 2] > 0).astype(int) + (pictures[:, 0, 4, 4] > 0).astype(int))


def decayed(parameters):
    """Biases do not decay."""
    parameters = list(parameters)
    return [{"params": [p for p in parameters if p.dim() > 1]}, {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}]


def dense(activation, outputs):
    return [nn.Linear(6, 10), activation(), nn.Linear(10, 7), activation(), nn.Linear(7, outputs)]


networks = {
    "relu": network(dense(nn.ReLU, 3), x, labels, nn.CrossEntropyLoss(), lambda p: torch.optim.Adam(p, lr=0.01)),
    "smoothed": network(dense(nn.GELU, 3), x, labels, nn.CrossEntropyLoss(label_smoothing=0.1), lambda p: torch.optim.AdamW(decayed(p), lr=0.01, weight_decay=0.1)),
    "tanh": network(dense(nn.Tanh, 2), x, values, lambda a, b: 0.5 * F.mse_loss(a, b), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True)),
    "bits": network(dense(nn.Sigmoid, 1), x, bits, nn.BCEWithLogitsLoss(), lambda p: torch.optim.RMSprop(p, lr=0.01)),
    "norm": network([nn.Linear(6, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 3)], x, labels, nn.CrossEntropyLoss(), lambda p: torch.optim.Adam(p, lr=0.01)),
    "convolution": network(
        [nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 3, 3, stride=2, padding=1), nn.Flatten(), nn.Linear(12, 3)],
        pictures, kinds, nn.CrossEntropyLoss(), lambda p: torch.optim.Adam(p, lr=0.01),
    ),
}

answers = {
    "torch": torch.__version__.split("+")[0],
    "data": {
        "x": x.ravel().tolist(),
        "labels": labels.tolist(),
        "values": numbers(values),
        "bits": numbers(bits),
        "pictures": pictures.ravel().tolist(),
        "kinds": kinds.tolist(),
    },
    "networks": networks,
}


def brief(value):
    """Nine digits hold a float32."""
    if isinstance(value, dict):
        return {key: brief(part) for key, part in value.items()}
    if isinstance(value, list):
        return [brief(part) for part in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


with open("parity/fixtures/nets.json", "w") as file:
    json.dump(brief(answers), file, separators=(",", ":"))
