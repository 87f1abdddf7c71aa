import numpy as np
from sklearn.cluster import MiniBatchKMeans


def make(directory):
    rng = np.random.RandomState(0)
    centers = rng.uniform(-10, 10, (32, 16))
    x = centers[rng.randint(32, size=500_000)] + 2 * rng.standard_normal((500_000, 16))
    x.tofile(directory / "x.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(500_000, 16)
    return lambda: MiniBatchKMeans(32, random_state=0).fit(x)


def quality(model):
    return {"inertia": model.inertia_, "steps": model.n_steps_}
