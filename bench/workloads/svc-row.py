import numpy as np
from sklearn.datasets import make_classification
from sklearn.svm import SVC


def make(directory):
    x, y = make_classification(
        20_000, 50, n_informative=20, n_redundant=5, flip_y=0.1, class_sep=0.7, random_state=0
    )
    ((x - x.mean(0)) / x.std(0)).tofile(directory / "x.f64")
    y.astype(float).tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(20_000, 50)
    y = np.fromfile(directory / "y.f64")
    model = SVC().fit(x, y)
    rows = [x[i : i + 1] for i in range(500)]
    return lambda: np.concatenate([model.predict(row) for row in rows])


def quality(labels):
    return {"positive": float(labels.sum())}
