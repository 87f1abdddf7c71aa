import os

import numpy as np
from sklearn.ensemble import RandomForestClassifier

ROWS, COLUMNS = 50_000, 20


def make(directory):
    rng = np.random.RandomState(4)
    x = rng.standard_normal((ROWS, COLUMNS)).astype(np.float32).astype(np.float64)
    score = np.sin(2 * x[:, 0]) + x[:, 1] * (x[:, 2] > 0.3) + 0.5 * (x[:, 3] + 0.2) ** 2 + 0.3 * x[:, 4:10].sum(axis=1)
    y = (score + 0.5 * rng.standard_normal(ROWS) > 0.5).astype(np.float64)
    x.tofile(directory / "x.f64")
    y.tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(ROWS, COLUMNS)
    y = np.fromfile(directory / "y.f64")
    threads = int(os.environ["OMP_NUM_THREADS"])
    return lambda: RandomForestClassifier(100, oob_score=True, random_state=0, n_jobs=threads).fit(x, y)


def quality(model):
    return {"oobScore": model.oob_score_}
