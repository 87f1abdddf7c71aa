import numpy as np
from sklearn.decomposition import PCA


def make(directory):
    rng = np.random.RandomState(1)
    scales = 1.2 ** -np.arange(1_000).clip(0, 60)
    x = rng.standard_normal((10_000, 1_000)) * scales + rng.uniform(-1, 1, 1_000)
    x[:, 1:] += 0.3 * x[:, :-1]
    x.tofile(directory / "x.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(10_000, 1_000)
    return lambda: PCA(10, svd_solver="randomized", random_state=0).fit(x)


def quality(model):
    return {f"variance{k}": value for k, value in enumerate(model.explained_variance_)}
