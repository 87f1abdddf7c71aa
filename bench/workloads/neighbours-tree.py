import numpy as np
from sklearn.neighbors import KNeighborsRegressor


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.standard_normal((110_000, 8))
    x.tofile(directory / "x.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(110_000, 8)
    model = KNeighborsRegressor(algorithm="kd_tree", n_jobs=2).fit(x[:100_000], x[:100_000, 0])
    return lambda: model.predict(x[100_000:])


def quality(predictions):
    return {"mean": float(np.abs(predictions).mean()), "largest": float(predictions.max())}
