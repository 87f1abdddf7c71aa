import time

import numpy as np
from sklearn.linear_model import LogisticRegression


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.standard_normal((200_000, 50)) * rng.uniform(0.5, 2, 50)
    x[:, 1:] += 0.5 * x[:, :-1]
    margin = x @ (rng.standard_normal(50) / 8) + 0.3
    y = (rng.uniform(size=200_000) < 1 / (1 + np.exp(-margin))).astype(np.int32)
    x.tofile(directory / "x.f64")
    y.tofile(directory / "y.i32")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(200_000, 50)
    y = np.fromfile(directory / "y.i32", np.int32)
    # The solver that is faster here and now.
    seconds = {}
    for solver in ("lbfgs", "newton-cholesky"):
        fit(x, y, solver)
        start = time.perf_counter()
        fit(x, y, solver)
        seconds[solver] = time.perf_counter() - start
    best = min(seconds, key=seconds.get)
    return lambda: fit(x, y, best)


def fit(x, y, solver):
    model = LogisticRegression(solver=solver).fit(x, y)
    model.at_ = x, y
    return model


def quality(model):
    x, y = model.at_
    margin = x @ model.coef_[0] + model.intercept_[0]
    loss = np.mean(np.logaddexp(0, margin) - y * margin)
    return {"objective": loss + 0.5 * (model.coef_**2).sum() / len(y)}
