import numpy as np
from sklearn.datasets import make_classification
from sklearn.svm import SVC


def make(directory):
    x, y = make_classification(
        5_000, 20, n_informative=10, n_redundant=5, flip_y=0.1, class_sep=0.7, random_state=0
    )
    ((x - x.mean(0)) / x.std(0)).tofile(directory / "x.f64")
    y.astype(float).tofile(directory / "y.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(5_000, 20)
    y = np.fromfile(directory / "y.f64")

    def run():
        model = SVC(cache_size=200).fit(x, y)
        return model, x[:500]

    return run


def quality(result):
    model, x = result
    return {"support": len(model.support_), "decision": float(np.abs(model.decision_function(x)).mean())}
