"""Reference answers for k-nearest neighbours, from the pinned scikit-learn.

Run from the repository root: python parity/neighbours.py. Data are rounded so that the fixture stays small; the answers are
those for the rounded data. Each table's rows from `split` on are asked about, those before are fitted.
"""

import json

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

assert sklearn.__version__ == "1.9.1", sklearn.__version__

rng = np.random.RandomState(0)


def mixed(x, y, rows, places=None):
    """Rows in random order, each changed a little so that no two distances are equal."""
    order = rng.permutation(len(x))[:rows]
    x = x[order] + rng.uniform(-1, 1, (rows, x.shape[1])) * 1e-3 * x.std(0).clip(1e-3)
    return np.round(x, places or 5), np.asarray(y)[order]


cancer = load_breast_cancer()
standard = (cancer.data - cancer.data.mean(0)) / cancer.data.std(0)
diabetes = load_diabetes(scaled=False)
data = {
    "iris": mixed(load_iris().data, load_iris().target, 140),
    "wine": mixed(load_wine().data, load_wine().target, 150),
    "digits": mixed(load_digits().data[:, :50], load_digits().target, 150, 3),
    "breast_cancer": mixed(standard, cancer.target, 200),
    # Nine of ten rows are of one class.
    "imbalanced": mixed(rng.standard_normal((200, 3)), (rng.uniform(size=200) < 0.1).astype(int), 200),
    # More columns than rows.
    "wide": mixed(load_digits().data[300:340], load_digits().target[300:340], 40, 3),
    "diabetes": mixed(diabetes.data, diabetes.target, 200),
}
# 25 different rows, each given four times to those that are searched, in an order of its own, with the same class; so that whichever of equal
# rows is taken, the votes of 4, 8, … neighbours are the same.
places = np.round(np.random.RandomState(1).standard_normal((37, 3)), 4)
kinds = np.random.RandomState(2).randint(3, size=37)
order = np.r_[np.random.RandomState(3).permutation(np.repeat(np.arange(25), 4)), np.arange(25, 37), np.arange(21)]
data["duplicates"] = (places[order], kinds[order])


variants = [
    {},
    {"n_neighbors": 1},
    {"n_neighbors": 7, "weights": "distance"},
    {"n_neighbors": 4, "metric": "manhattan", "weights": "distance"},
    {"metric": "chebyshev"},
    {"n_neighbors": 3, "metric": "minkowski", "p": 3},
    {"n_neighbors": 6, "metric": "cosine", "weights": "distance"},
]

cases = []
for name, (x, y) in data.items():
    split = int(0.75 * len(x))
    for options in variants:
        if name == "duplicates":
            options = {**options, "n_neighbors": 4 * options.get("n_neighbors", 2)}
        case = {"data": name, "split": split, "options": options}
        if name == "diabetes":
            two = np.c_[y, y**2 % 97]
            model = KNeighborsRegressor(**options).fit(x[:split], two[:split])
            case["predictions"] = model.predict(x[split:]).tolist()
        else:
            model = KNeighborsClassifier(**options).fit(x[:split], y[:split])
            case["probabilities"] = model.predict_proba(x[split:]).round(13).tolist()
            case["labels"] = model.predict(x[split:]).tolist()
        cases.append(case)

json.dump(
    {"data": {name: {"x": x.tolist(), "y": y.tolist()} for name, (x, y) in data.items()}, "cases": cases},
    open("parity/fixtures/neighbours.json", "w"),
    separators=(",", ":"),
)
