"""Reference answers for lasso, elastic net, ridge and logistic regression with cross-validated penalties, from the pinned scikit-learn.

The tables are those of linear-iterative.json: run linear-iterative.py first.
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn.linear_model import ElasticNetCV, LassoCV, LogisticRegressionCV, RidgeCV

warnings.simplefilter("ignore")
fixtures = pathlib.Path(__file__).parent / "fixtures"
tables = json.loads((fixtures / "linear-iterative.json").read_text())["data"]


def table(name):
    x = np.array(tables[name]["x"], float)
    y = np.array(tables[name]["y"], float)
    return x, y


def weights_of(rows):
    # The test makes the same: (3 i mod 7 + 1) / 4.
    return np.array([(3 * i % 7 + 1) / 4 for i in range(rows)])


def net(name, ratio, weighted, **options):
    x, y = table(name)
    s = weights_of(len(y)) if weighted else None
    common = dict(tol=1e-10, max_iter=100000, **options)
    if ratio is None:
        model = LassoCV(**common).fit(x, y, sample_weight=s)
    else:
        model = ElasticNetCV(l1_ratio=ratio, **common).fit(x, y, sample_weight=s)
    path = model.mse_path_.reshape(-1, model.mse_path_.shape[-1])
    return {
        "data": name,
        "l1Ratio": ratio,
        "weighted": weighted,
        "options": {{"alphas": "alphas", "eps": "eps", "cv": "cv"}[k]: v for k, v in options.items()},
        "alpha": model.alpha_,
        "alphas": np.ravel(model.alphas_).tolist(),
        "coef": model.coef_.tolist(),
        "intercept": model.intercept_,
        "mse": path.mean(1).tolist(),
    }


def ridge(name, weighted, alphas, fit_intercept=True, cv=None):
    x, y = table(name)
    s = weights_of(len(y)) if weighted else None
    model = RidgeCV(alphas=alphas, fit_intercept=fit_intercept, cv=cv).fit(x, y, sample_weight=s)
    return {
        "data": name,
        "weighted": weighted,
        "options": {"alphas": alphas, "fitIntercept": fit_intercept, "cv": cv},
        "alpha": model.alpha_,
        "bestScore": model.best_score_,
        "coef": model.coef_.tolist(),
        "intercept": float(model.intercept_),
    }


def logistic(name, **options):
    x, _ = table(name)
    y = np.array(tables[name]["classes"] or tables[name]["y"])
    spread = x.std(0)
    x = (x - x.mean(0)) / np.where(spread > 0, spread, 1)
    model = LogisticRegressionCV(
        tol=1e-10, max_iter=20000, cv=5, use_legacy_attributes=False, scoring="neg_log_loss",
        l1_ratios=(0,), **options
    ).fit(x, y)
    return {
        "data": name,
        "options": {"Cs": options["Cs"]},
        "C": float(model.C_),
        "scores": np.asarray(model.scores_).reshape(5, -1).mean(0).tolist(),
        "probabilities": model.predict_proba(x[:3]).tolist(),
    }


# Penalised paths at alphas where every model converges: the last digits of others are the solver's.
answers = {
    "nets": [
        net("diabetes", None, False, alphas=20),
        net("diabetes", None, True, alphas=20, cv=4),
        net("diabetes", [0.1, 0.5, 0.9], False, alphas=10),
        net("breast_cancer", 0.5, False, alphas=15, eps=1e-2),
        net("iris", None, False, alphas=[0.5, 0.01, 0.1]),
    ],
    "ridges": [
        ridge("diabetes", False, [0.01, 0.1, 1, 10]),
        ridge("diabetes", True, [0.01, 0.1, 1, 10]),
        ridge("iris", False, [0.1, 1, 10], fit_intercept=False),
        ridge("wide", False, [0.1, 1, 10, 100]),
        ridge("wide", True, [0.1, 1, 10, 100]),
        ridge("breast_cancer", False, [0.1, 1, 10], cv=5),
    ],
    "logistics": [
        logistic("breast_cancer", Cs=[0.01, 0.1, 1, 10]),
        logistic("iris", Cs=[0.1, 1, 10, 100]),
    ],
}
(fixtures / "linear-cv.json").write_text(json.dumps(answers) + "\n")
