import numpy as np
from sklearn.decomposition import PCA


def make(directory):
    rng = np.random.RandomState(1)
    scales = 1.2 ** -np.arange(100).clip(0, 60)
    x = rng.standard_normal((100_000, 100)) * scales + rng.uniform(-1, 1, 100)
    x[:, 1:] += 0.3 * x[:, :-1]
    x.tofile(directory / "x.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(100_000, 100)
    return lambda: PCA(10, random_state=0).fit(x)


def quality(model):
    return {f"variance{k}": value for k, value in enumerate(model.explained_variance_)}
