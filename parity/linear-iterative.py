"""Reference answers for logistic regression, lasso and elastic net, from the pinned scikit-learn.

Run from the repository root: python parity/linear-iterative.py. Data are rounded so that the fixture stays small; the
answers are those for the rounded data.
"""

import json
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression
from sklearn.exceptions import ConvergenceWarning

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore", ConvergenceWarning)


def standardized(x):
    x = np.asarray(x, dtype=float)
    spread = x.std(0)
    return np.round((x - x.mean(0)) / np.where(spread > 0, spread, 1), 3)


def ames():
    table = pd.read_csv("examples/data/ames.csv").iloc[::10]
    numbers = table.select_dtypes("number").drop(columns=["Order", "PID", "price"])
    numbers = numbers.loc[:, numbers.notna().all()]
    return standardized(numbers), np.round(table["price"].to_numpy() / 1000, 1)


cancer, iris, digits, diabetes = load_breast_cancer(), load_iris(), load_digits(), load_diabetes()
ames_x, ames_y = ames()
rng = np.random.RandomState(0)
rare = np.round(rng.standard_normal((300, 4)), 2)
few = np.round(rng.standard_normal((15, 3)), 1)
drawn = rng.randint(15, size=90)
data = {
    "diabetes": (standardized(diabetes.data), diabetes.target),
    "breast_cancer": (standardized(cancer.data[::2]), cancer.target[::2]),
    "iris": (iris.data, iris.target),
    "digits": (digits.data[:300], digits.target[:300]),
    # More columns than rows, some of them constant.
    "wide": (digits.data[300:340], digits.target[300:340]),
    "ames": (ames_x, ames_y),
    # One row in fifteen is of the second class.
    "imbalanced": (rare, (rare[:, 0] + rare[:, 1] * rare[:, 2] + rng.standard_normal(300) > 2.4).astype(int)),
    # 15 different rows, many times each, of classes that overlap.
    "duplicates": (few[drawn], (drawn + rng.randint(2, size=90)) % 3),
}
classes = {
    "diabetes": (diabetes.target > 140).astype(int),
    "ames": np.digitize(ames_y, [130, 190]),
}


def weights_of(rows, weighted):
    # The test makes the same: (3 i mod 7) / 4.
    return np.array([(3 * i % 7) / 4 for i in range(rows)]) if weighted else None


def logistic_objective(model, x, y, s, C):
    margins = x @ model.coef_.T + model.intercept_
    if margins.shape[1] == 1:
        margins = np.c_[np.zeros(len(y)), margins]
    top = margins.max(1)
    loss = np.log(np.exp(margins - top[:, None]).sum(1)) + top - margins[np.arange(len(y)), y]
    penalty = 0 if C is None else (model.coef_**2).sum() / (2 * C * s.sum())
    return s @ loss / s.sum() + penalty


def logistic_case(name, weighted=False, C=1, class_weight=None, fit_intercept=True):
    x = data[name][0]
    y = classes[name] if name in classes else data[name][1]
    s = weights_of(len(y), weighted)
    common = dict(C=np.inf if C is None else C, class_weight=class_weight, fit_intercept=fit_intercept)
    effective = np.ones(len(y)) if s is None else s
    if class_weight == "balanced":
        counts = np.bincount(y, weights=effective)
        effective = effective * (effective.sum() / (len(counts) * counts))[y]
    elif class_weight:
        effective = effective * np.array([class_weight.get(c, 1) for c in range(y.max() + 1)])[y]
    models = [
        LogisticRegression(**common, solver=solver, tol=1e-12, max_iter=20000).fit(x, y, sample_weight=s)
        for solver in ("newton-cholesky", "lbfgs")
    ]
    tight = min(models, key=lambda model: logistic_objective(model, x, y, effective, C))
    default = LogisticRegression(**common).fit(x, y, sample_weight=s)
    return {
        "data": name,
        "weighted": weighted,
        "options": {
            "C": C,
            "classWeight": class_weight and (class_weight if isinstance(class_weight, str) else {str(k): v for k, v in class_weight.items()}),
            "fitIntercept": fit_intercept,
        },
        "tight": logistic_objective(tight, x, y, effective, C),
        "default": logistic_objective(default, x, y, effective, C),
        # Probabilities of the first rows say that intercepts and classes are where they belong.
        "probabilities": tight.predict_proba(x[:3]).round(9).tolist(),
        # A digit a row.
        "labels": "".join(map(str, tight.predict(x))),
    }


def net_objective(model, x, y, s, alpha, l1_ratio):
    rest = y - x @ model.coef_ - model.intercept_
    w = model.coef_
    return s @ rest**2 / (2 * s.sum()) + alpha * (l1_ratio * np.abs(w).sum() + (1 - l1_ratio) / 2 * w @ w)


def net_case(name, alpha, l1_ratio=1.0, weighted=False, positive=False, fit_intercept=True):
    x, y = data[name]
    y = y.astype(float)
    s = weights_of(len(y), weighted)
    effective = np.ones(len(y)) if s is None else s
    common = dict(alpha=alpha, positive=positive, fit_intercept=fit_intercept)

    def fit(**more):
        model = Lasso(**common, **more) if l1_ratio == 1 else ElasticNet(l1_ratio=l1_ratio, **common, **more)
        return model.fit(x, y, sample_weight=s)

    tight, default = fit(tol=1e-12, max_iter=10**6), fit()
    return {
        "data": name,
        "weighted": weighted,
        "options": {"alpha": alpha, "l1Ratio": l1_ratio, "positive": positive, "fitIntercept": fit_intercept},
        "tight": net_objective(tight, x, y, effective, alpha, l1_ratio),
        "default": net_objective(default, x, y, effective, alpha, l1_ratio),
        "tolerance": 1e-12 * np.average((y - (np.average(y, weights=s) if fit_intercept else 0)) ** 2, weights=s),
        "coef": tight.coef_.tolist(),
        "intercept": float(tight.intercept_),
    }


logistic = [
    *(logistic_case(name, weighted) for name in ("diabetes", "breast_cancer", "iris", "digits", "ames") for weighted in (False, True)),
    logistic_case("breast_cancer", C=0.01),
    logistic_case("breast_cancer", C=100, fit_intercept=False),
    logistic_case("diabetes", C=None),
    logistic_case("ames", C=1e4, weighted=True),
    logistic_case("iris", C=0.05, class_weight="balanced", weighted=True),
    logistic_case("iris", fit_intercept=False),
    logistic_case("diabetes", class_weight={0: 3}),
    logistic_case("wide"),
    *(logistic_case(name, weighted) for name in ("imbalanced", "duplicates") for weighted in (False, True)),
    logistic_case("imbalanced", class_weight="balanced"),
    logistic_case("imbalanced", C=None),
    logistic_case("duplicates", C=None),
    logistic_case("wide", C=100, weighted=True),
]
nets = [
    *(net_case(name, alpha, l1_ratio, weighted)
      for name, alpha in (("diabetes", 1.0), ("ames", 1.0), ("breast_cancer", 0.01), ("digits", 0.1), ("iris", 0.02))
      for l1_ratio in (1.0, 0.5)
      for weighted in (False, True)),
    net_case("wide", 0.1),
    net_case("wide", 0.1, 0.3, weighted=True),
    net_case("wide", 0.2, positive=True),
    net_case("diabetes", 0.1, positive=True, weighted=True),
    net_case("ames", 0.05),
    net_case("ames", 1.0, fit_intercept=False),
    net_case("ames", 0.1, 0.0),
    net_case("diabetes", 1000.0),
]


def compact(x):
    return [[int(v) if v == int(v) else v for v in row] for row in np.asarray(x, dtype=float).tolist()]


fixture = {
    "scikit-learn": sklearn.__version__,
    "data": {
        name: {"x": compact(x), "y": np.asarray(y).tolist(), "classes": classes[name].tolist() if name in classes else None}
        for name, (x, y) in data.items()
    },
    "logistic": logistic,
    "nets": nets,
}
with open("parity/fixtures/linear-iterative.json", "w") as file:
    json.dump(fixture, file, separators=(",", ":"))
