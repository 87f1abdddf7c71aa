"""Reference answers for logistic regression with L1 and elastic-net penalties, from the pinned scikit-learn's SAGA.

The tables are those of linear-iterative.json, standardised: run linear-iterative.py first.
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
fixtures = pathlib.Path(__file__).parent / "fixtures"
tables = json.loads((fixtures / "linear-iterative.json").read_text())["data"]


def standardised(name):
    table = tables[name]
    x = np.array(table["x"], float)
    y = np.array(table["classes"] or table["y"])
    spread = x.std(0)
    keep = spread > 0
    return ((x - x.mean(0)) / np.where(keep, spread, 1)), y


def objective(model, x, y, C, ratio):
    margins = x @ model.coef_.T + model.intercept_
    if margins.shape[1] == 1:
        margins = np.c_[np.zeros(len(y)), margins]
    top = margins.max(1)
    codes = np.searchsorted(np.unique(y), y)
    loss = np.log(np.exp(margins - top[:, None]).sum(1)) + top - margins[np.arange(len(y)), codes]
    w = model.coef_
    return loss.mean() + (ratio * np.abs(w).sum() + (1 - ratio) / 2 * (w**2).sum()) / (C * len(y))


def case(name, C, ratio):
    x, y = standardised(name)
    common = dict(C=C, l1_ratio=ratio, solver="saga")
    tight = LogisticRegression(**common, tol=1e-13, max_iter=50000, random_state=0).fit(x, y)
    default = LogisticRegression(**common, random_state=0).fit(x, y)
    return {
        "data": name,
        "options": {"C": C, "l1Ratio": ratio},
        "tight": objective(tight, x, y, C, ratio),
        "default": objective(default, x, y, C, ratio),
        "zeros": int((tight.coef_ == 0).sum()),
    }


cases = [
    case("breast_cancer", 1, 1),
    case("breast_cancer", 0.05, 1),
    case("breast_cancer", 1, 0.5),
    case("diabetes", 0.1, 1),
    case("iris", 1, 1),
    case("iris", 0.1, 0.3),
    case("wide", 1, 1),
    case("wide", 0.1, 0.7),
    case("digits", 0.05, 1),
    case("imbalanced", 1, 1),
    case("imbalanced", 0.1, 0.5),
    case("duplicates", 1, 1),
    case("duplicates", 0.2, 0.5),
]
(fixtures / "logistic-sparse.json").write_text(json.dumps(cases, indent=1) + "\n")
