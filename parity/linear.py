"""Reference fits for linearRegression and ridge (scikit-learn 1.9.1, numpy 2.4.6, scipy, pandas 3.1.1).

`data` holds each table once; null is a missing value, to be filled with the column's mean. A case is {model, data, scaled, weighted,
options, coef, intercept, …}: with `scaled` the columns are standardised first. LinearRegression runs at tol=1e-15, since its default
cuts off directions on unscaled columns, but on ames at 1e-13: two columns there are sums of others, and of the singular values that
rounding errors leave of them (1e-16 to 3e-15 of the largest) some pass 1e-15, which gives coefficients of 1e16; Ridge with solver="svd", the most accurate one. A non-negative ridge is scipy's nnls on the
stacked system, because Ridge(positive=True) stops at a loose tolerance.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from scipy.optimize import nnls
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert np.__version__ == "2.4.6", np.__version__

here = Path(__file__).parent
random = np.random.RandomState(7)
data, cases = {}, []


def put(name, x, y):
    x, y = pd.DataFrame(x).astype(float), np.asarray(y, float)
    weights = np.round(random.uniform(0.2, 3, len(x)), 2)
    weights[::11] = 0
    data[name] = {
        "x": [[None if np.isnan(v) else int(v) if v == int(v) else v for v in row] for row in x.to_numpy().tolist()],
        "y": y.tolist(),
        "weights": weights.tolist(),
    }
    return x.fillna(x.mean()).to_numpy(), y, weights


def prepared(name, scaled):
    x, y, weights = tables[name]
    if scaled:
        deviation = x.std(0)
        x = (x - x.mean(0)) / np.where(deviation < 1e-12, 1, deviation)
    return x, y, weights


def centred(x, y, weights, intercept):
    if not intercept:
        return x, y, np.zeros(x.shape[1]), np.zeros(y.shape[1:])
    x_mean, y_mean = np.average(x, axis=0, weights=weights), np.average(y, axis=0, weights=weights)
    return x - x_mean, y - y_mean, x_mean, y_mean


def positive_ridge(x, y, weights, alpha, intercept):
    weights = np.ones(len(x)) if weights is None else weights
    xc, yc, x_mean, y_mean = centred(x, y, weights, intercept)
    root = np.sqrt(weights)
    a = np.vstack([xc * root[:, None], np.sqrt(alpha) * np.eye(x.shape[1])])
    coef = nnls(a, np.concatenate([yc * root, np.zeros(x.shape[1])]))[0]
    return coef, y_mean - x_mean @ coef


def add(model, name, scaled=False, weighted=False, **options):
    x, y, weights = prepared(name, scaled)
    weights = weights if weighted else None
    intercept = options.get("fitIntercept", True)
    case = {"model": model, "data": name, "scaled": scaled, "weighted": weighted, "options": options}
    if model == "ridge" and options.get("positive"):
        coef, b = positive_ridge(x, y, weights, options["alpha"], intercept)
    elif model == "ridge":
        m = Ridge(alpha=options["alpha"], fit_intercept=intercept, solver="svd").fit(x, y, weights)
        coef, b = m.coef_, m.intercept_
    else:
        m = LinearRegression(tol=1e-13 if name == "ames" else 1e-15, fit_intercept=intercept, positive=options.get("positive", False))
        m.fit(x, y, weights)
        coef, b = m.coef_, m.intercept_
        if not options.get("positive"):
            case["rank"] = int(m.rank_)
    if name == "bad":
        case["residual"] = float(np.linalg.norm(y - m.predict(x)))
        case["norm"] = float(np.linalg.norm(coef))
    case["coef"], case["intercept"] = np.asarray(coef).tolist(), np.asarray(b).tolist()
    cases.append(case)


diabetes = load_diabetes(as_frame=True, scaled=False)
ames = pd.read_csv(here.parent / "examples/data/ames.csv").iloc[::8]

units = np.array([1, 1e3, 1e-2, 50, 1, 1e4])
mixed = np.round(random.standard_normal((60, 6)) * 100 + random.uniform(-500, 500, 6)) * units
several = np.round(mixed / units @ random.standard_normal((6, 3)) + random.standard_normal((60, 3)) * 20, 1)
wide = np.round(random.standard_normal((12, 30)) * np.repeat([1, 10, 0.5], 10) + 3, 2)
base = np.round(random.standard_normal((50, 4)) * [1, 30, 5, 200] + [2, 100, -7, 900])
dependent = np.column_stack([base, base[:, 0] + base[:, 1], base[:, 1] * 2 - base[:, 3], np.full(50, 0.1), base[:, 2] / 4])
left = np.linalg.qr(random.standard_normal((80, 8)))[0]
right = np.linalg.qr(random.standard_normal((8, 8)))[0]
bad = left * np.logspace(0, -7, 8) @ right.T

tables = {
    "diabetes": put("diabetes", diabetes.data, diabetes.target),
    "ames": put("ames", ames.select_dtypes("number").drop(columns="price"), ames["price"]),
    "mixed": put("mixed", mixed, several),
    "one": put("one", mixed[:, :3], several[:, 0]),
    "wide": put("wide", wide, np.round(wide[:, :2] * [3, -2] + random.standard_normal((12, 2)), 2)),
    "dependent": put("dependent", dependent, np.round(base @ [3, -1, 2, 0.1] + random.standard_normal(50), 2)),
    "bad": put("bad", bad, np.round(random.standard_normal(80), 3)),
}

for name in ("diabetes", "ames"):
    for weighted in (False, True):
        add("linear", name, True, weighted)
        add("linear", name, True, weighted, positive=True)
        for alpha in (0.01, 1, 100):
            add("ridge", name, True, weighted, alpha=alpha)
    add("linear", name, True, fitIntercept=False)
    add("ridge", name, True, True, alpha=1, fitIntercept=False)
    add("ridge", name, True, alpha=1, positive=True)
for name in ("mixed", "one", "wide", "dependent"):
    for weighted in (False, True):
        for intercept in (True, False):
            add("linear", name, False, weighted, fitIntercept=intercept)
            add("ridge", name, False, weighted, alpha=0.5, fitIntercept=intercept)
        add("ridge", name, True, weighted, alpha=1e-3 if name == "dependent" else 1e-9)
for name in ("one", "dependent"):
    add("ridge", name, True, True, alpha=0.3, positive=True)
add("linear", "one", False, True, positive=True, fitIntercept=False)
add("linear", "bad")
add("linear", "bad", fitIntercept=False)

out = here / "fixtures" / "linear.json"
out.write_text(json.dumps({"data": data, "cases": cases}, separators=(",", ":")))
print(out.stat().st_size, len(cases))
