"""Tables for the workloads of boosting: two classes that depend on the first columns in many ways."""

import os

import numpy as np
from sklearn.metrics import log_loss

TEST = 20_000
SETTINGS = {"trees": 100, "leaves": 31, "rate": 0.1, "least": 20}


def threads():
    return int(os.environ["OMP_NUM_THREADS"])


def make(directory, rows, columns):
    rng = np.random.RandomState(2)
    all_rows = rows + TEST
    x = rng.standard_normal((all_rows, columns))
    x[:, 10:20] = np.exp(x[:, 10:20])
    score = (
        np.sin(2 * x[:, 0])
        + x[:, 1] * (x[:, 2] > 0.3)
        + 0.5 * (x[:, 3] + 0.2) ** 2
        - np.log1p(x[:, 10])
        + 0.6 * x[:, 4] * x[:, 11] / (1 + x[:, 11])
        + 0.2 * x[:, 5:10].sum(axis=1)
        - 0.4
    )
    y = (rng.uniform(size=all_rows) < 1 / (1 + np.exp(-score))).astype(float)
    x[:rows].tofile(directory / "x.f64")
    y[:rows].tofile(directory / "y.f64")
    x[rows:].tofile(directory / "x-test.f64")
    y[rows:].tofile(directory / "y-test.f64")


def read(directory, columns):
    """x, y, x of the test rows, their y."""
    rows = lambda name: np.fromfile(directory / f"{name}.f64").reshape(-1, columns)
    return rows("x"), np.fromfile(directory / "y.f64"), rows("x-test"), np.fromfile(directory / "y-test.f64")


class Workload:
    """make, prepare and quality of a workload that fits `model(threads)`."""

    def __init__(self, rows, columns, model):
        self.rows, self.columns, self.model = rows, columns, model

    def make(self, directory):
        make(directory, self.rows, self.columns)

    def prepare(self, directory):
        x, y, self.test, self.truth = read(directory, self.columns)
        return lambda: self.model(threads()).fit(x, y)

    def quality(self, model):
        return {"logLoss": log_loss(self.truth, model.predict_proba(self.test)[:, 1])}


def lightgbm_model(jobs):
    import lightgbm

    return lightgbm.LGBMClassifier(
        n_estimators=100, num_leaves=31, learning_rate=0.1, min_child_samples=20, verbose=-1, n_jobs=jobs
    )


def scikit_learn_model(_):
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=31, learning_rate=0.1, min_samples_leaf=20, early_stopping=False
    )


def xgboost_model(jobs):
    import xgboost

    return xgboost.XGBClassifier(
        n_estimators=100,
        max_leaves=31,
        max_depth=0,
        grow_policy="lossguide",
        tree_method="hist",
        learning_rate=0.1,
        min_child_weight=1e-3,
        reg_lambda=0,
        n_jobs=jobs,
    )
