import os

import lightgbm
import numpy as np
from sklearn.metrics import log_loss

ROWS, COLUMNS, TEST = 1_000_000, 28, 20_000


def make(directory):
    rng = np.random.RandomState(2)
    rows = ROWS + TEST
    x = rng.standard_normal((rows, COLUMNS))
    x[:, 10:20] = np.exp(x[:, 10:20])
    score = (
        np.sin(2 * x[:, 0])
        + x[:, 1] * (x[:, 2] > 0.3)
        + 0.5 * (x[:, 3] + 0.2) ** 2
        - np.log1p(x[:, 10])
        + 0.6 * x[:, 4] * x[:, 11] / (1 + x[:, 11])
        + 0.2 * x[:, 5:10].sum(axis=1)
        - 0.4
    )
    y = (rng.uniform(size=rows) < 1 / (1 + np.exp(-score))).astype(float)
    x[:ROWS].tofile(directory / "x.f64")
    y[:ROWS].tofile(directory / "y.f64")
    x[ROWS:].tofile(directory / "x-test.f64")
    y[ROWS:].tofile(directory / "y-test.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(ROWS, COLUMNS)
    y = np.fromfile(directory / "y.f64")
    prepare.test = np.fromfile(directory / "x-test.f64").reshape(TEST, COLUMNS)
    prepare.truth = np.fromfile(directory / "y-test.f64")
    options = dict(n_estimators=100, num_leaves=31, learning_rate=0.1, min_child_samples=20, verbose=-1)
    threads = int(os.environ["OMP_NUM_THREADS"])
    return lambda: lightgbm.LGBMClassifier(n_jobs=threads, **options).fit(x, y)


def quality(model):
    return {"logLoss": log_loss(prepare.truth, model.predict_proba(prepare.test)[:, 1])}
