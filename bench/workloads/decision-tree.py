import numpy as np
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

ROWS, COLUMNS, TEST = 200_000, 20, 20_000


def make(directory):
    rng = np.random.RandomState(3)
    # scikit-learn's trees read float32: numbers that it holds exactly keep the two sides on the same values.
    x = rng.standard_normal((ROWS + TEST, COLUMNS)).astype(np.float32).astype(np.float64)
    y = np.sin(2 * x[:, 0]) + x[:, 1] * (x[:, 2] > 0.3) + 0.5 * (x[:, 3] + 0.2) ** 2 + 0.3 * rng.standard_normal(len(x))
    x[:ROWS].tofile(directory / "x.f64")
    y[:ROWS].tofile(directory / "y.f64")
    x[ROWS:].tofile(directory / "x-test.f64")
    y[ROWS:].tofile(directory / "y-test.f64")


def prepare(directory):
    x = np.fromfile(directory / "x.f64").reshape(ROWS, COLUMNS)
    y = np.fromfile(directory / "y.f64")
    prepare.test = np.fromfile(directory / "x-test.f64").reshape(TEST, COLUMNS)
    prepare.truth = np.fromfile(directory / "y-test.f64")
    return lambda: DecisionTreeRegressor(random_state=0).fit(x, y)


def quality(model):
    return {"r2": r2_score(prepare.truth, model.predict(prepare.test)), "leaves": model.get_n_leaves()}
