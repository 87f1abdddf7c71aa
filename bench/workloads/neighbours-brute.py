import numpy as np
from sklearn.neighbors import KNeighborsRegressor


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.standard_normal((52_000, 128))
    x.tofile(directory / "x.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(52_000, 128)
    model = KNeighborsRegressor(algorithm="brute", n_jobs=2).fit(x[:50_000], x[:50_000, 0])
    return lambda: model.predict(x[50_000:])


def quality(predictions):
    return {"mean": float(np.abs(predictions).mean()), "largest": float(predictions.max())}
