import numpy as np
from sklearn.linear_model import LinearRegression


def make(directory):
    rng = np.random.RandomState(0)
    x = rng.standard_normal((1_000_000, 20)) * rng.uniform(0.5, 20, 20) + rng.uniform(-5, 5, 20)
    y = x @ rng.uniform(-3, 3, 20) + 7 + rng.standard_normal(1_000_000)
    x.tofile(directory / "x.f64")
    y.tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(1_000_000, 20)
    y = np.fromfile(directory / "y.f64")
    return lambda: LinearRegression().fit(x, y)


def quality(model):
    return {**{f"coef{j}": value for j, value in enumerate(model.coef_)}, "intercept": model.intercept_}
