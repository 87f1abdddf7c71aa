import numpy as np
from sklearn.linear_model import Ridge


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.standard_normal((200_000, 100)) + rng.uniform(-5, 5, 100)
    y = x @ rng.uniform(1, 3, 100) + 7 + rng.standard_normal(200_000)
    x.tofile(directory / "x.f64")
    y.tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(200_000, 100)
    y = np.fromfile(directory / "y.f64")
    return lambda: Ridge(alpha=1.0).fit(x, y)


def quality(model):
    return {**{f"coef{j}": value for j, value in enumerate(model.coef_)}, "intercept": model.intercept_}
