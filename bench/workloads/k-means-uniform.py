import time

import numpy as np
from sklearn.cluster import KMeans


def make(directory):
    rng = np.random.RandomState(1)
    x = rng.uniform(size=(200_000, 32))
    x.tofile(directory / "x.f64")


def fit(x, algorithm):
    return KMeans(64, init=x[:64], n_init=1, max_iter=30, tol=0, algorithm=algorithm).fit(x)


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(200_000, 32)
    seconds = {}
    for algorithm in ("lloyd", "elkan"):
        fit(x, algorithm)
        start = time.perf_counter()
        fit(x, algorithm)
        seconds[algorithm] = time.perf_counter() - start
    best = min(seconds, key=seconds.get)
    return lambda: fit(x, best)


def quality(model):
    return {"inertia": model.inertia_, "iterations": model.n_iter_}
