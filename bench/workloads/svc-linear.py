import numpy as np
from sklearn.svm import LinearSVC


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.standard_normal((200_000, 50))
    x[:, :10] += 0.5 * x[:, 10:20]
    y = x @ rng.uniform(-1, 1, 50) + 3 * rng.standard_normal(200_000) > 0
    x.tofile(directory / "x.f64")
    y.astype(float).tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(200_000, 50)
    y = np.fromfile(directory / "y.f64")
    return lambda: (LinearSVC().fit(x, y), x, y)


def quality(result):
    model, x, y = result
    w, b = model.coef_[0], model.intercept_[0]
    errors = np.maximum(0, 1 - (2 * y - 1) * (x @ w + b))
    return {"objective": 0.5 * (w @ w + b * b) + float(errors @ errors)}
