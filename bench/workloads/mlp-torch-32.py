import os

import numpy as np

ROWS, COLUMNS = 12_800, 784


def make(directory):
    rng = np.random.RandomState(5)
    centres = rng.uniform(0, 1, (10, COLUMNS))
    y = np.arange(ROWS) % 10
    x = (0.35 * centres[y] + 0.65 * rng.uniform(0, 1, (ROWS, COLUMNS))).astype(np.float32).astype(np.float64)
    # A fifth of the labels are wrong, so that the loss stays far from 0, where small differences would look large.
    y = np.where(rng.uniform(size=ROWS) < 0.2, rng.randint(0, 10, ROWS), y)
    x.tofile(directory / "x.f64")
    y.astype(np.float64).tofile(directory / "y.f64")


def prepare(directory):
    import torch
    from torch import nn

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    x = torch.from_numpy(np.fromfile(directory / "x.f64").astype(np.float32).reshape(ROWS, COLUMNS))
    y = torch.from_numpy(np.fromfile(directory / "y.f64").astype(np.int64))
    loss = nn.CrossEntropyLoss()

    def run():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(COLUMNS, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
        # PyTorch at its fastest: one fused step, batches by indexing in place of a DataLoader.
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        total = 0.0
        for _ in range(2):
            total = 0.0
            for rows in torch.randperm(ROWS).split(32):
                optimizer.zero_grad()
                value = loss(model(x[rows]), y[rows])
                value.backward()
                optimizer.step()
                total += float(value.detach()) * len(rows)
        return total / ROWS

    return run


def quality(loss):
    return {"loss": loss}
