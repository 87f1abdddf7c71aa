import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

ROWS, COLUMNS, CODE, BATCH, PASSES = 12_800, 784, 64, 128, 3


def make(directory):
    rng = np.random.RandomState(6)
    basis = rng.standard_normal((40, COLUMNS))
    x = np.tanh(0.2 * rng.standard_normal((ROWS, 40)) @ basis).astype(np.float32)
    x.astype(np.float64).tofile(directory / "x.f64")
    start = [rng.uniform(-0.08, 0.08, (COLUMNS, CODE)), np.zeros(CODE), rng.uniform(-0.08, 0.08, (CODE, COLUMNS)), np.zeros(COLUMNS)]
    np.concatenate([part.ravel() for part in start]).astype(np.float32).astype(np.float64).tofile(directory / "start.f64")


def prepare(directory):
    x = torch.tensor(np.fromfile(directory / "x.f64").reshape(ROWS, COLUMNS), dtype=torch.float32)
    start = torch.tensor(np.fromfile(directory / "start.f64"), dtype=torch.float32)
    cut = COLUMNS * CODE

    def run():
        network = nn.Sequential(nn.Linear(COLUMNS, CODE), nn.ReLU(), nn.Linear(CODE, COLUMNS))
        with torch.no_grad():
            network[0].weight.copy_(start[:cut].reshape(COLUMNS, CODE).t())
            network[0].bias.zero_()
            network[2].weight.copy_(start[cut + CODE : 2 * cut + CODE].reshape(CODE, COLUMNS).t())
            network[2].bias.zero_()
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
        losses = []
        for _ in range(PASSES):
            total = 0.0
            for from_row in range(0, ROWS, BATCH):
                part = x[from_row : from_row + BATCH]
                optimizer.zero_grad()
                loss = F.mse_loss(network(part), part)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(part)
            losses.append(total / ROWS)
        return losses

    return run


def quality(losses):
    return {f"loss{i}": loss for i, loss in enumerate(losses)}
