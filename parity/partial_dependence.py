"""Writes fixtures/partial-dependence.json: scikit-learn's partial dependence of linear models, by brute force.

Pinned: numpy 2.4.6, scikit-learn 1.9.1. Run: .venv/bin/python parity/partial_dependence.py
"""

import json
import pathlib

import numpy as np
from sklearn.inspection import partial_dependence
from sklearn.linear_model import LinearRegression, LogisticRegression

random = np.random.RandomState(3)
x = random.standard_normal((60, 3))
x[:, 2] = random.randint(0, 5, 60)
y = x[:, 0] - 2 * x[:, 1] + x[:, 2] * 0.5 + 0.1 * random.standard_normal(60)
weight = 1 + np.arange(60) % 3
classes = np.digitize(y, [-1, 1])
linear = LinearRegression(tol=1e-15).fit(x, y)
two = LogisticRegression(tol=1e-12, max_iter=10000).fit(x, (y > 0).astype(int))
three = LogisticRegression(tol=1e-12, max_iter=10000).fit(x, classes)


def case(name, model, features, **options):
    found = partial_dependence(model, x, features, kind="both", method="brute", **options)
    return {
        "name": name,
        "features": features,
        "grid": [g.tolist() for g in found["grid_values"]],
        "average": found["average"].reshape(found["average"].shape[0], -1).tolist(),
        "individual": found["individual"][0].reshape(60, -1)[:4].tolist(),
    }


cases = [
    case("linear", linear, [0], grid_resolution=7),
    case("linear", linear, [2]),
    case("linear", linear, [0, 2], grid_resolution=4),
    case("linear", linear, [1], grid_resolution=5, percentiles=(0, 1)),
    case("two", two, [0], grid_resolution=6),
    case("three", three, [1], grid_resolution=6),
]
weighted = partial_dependence(two, x, [0], kind="average", method="brute", grid_resolution=6, sample_weight=weight)
out = pathlib.Path(__file__).parent / "fixtures" / "partial-dependence.json"
out.write_text(
    json.dumps({"x": x.tolist(), "y": y.tolist(), "classes": classes.tolist(), "cases": cases, "weighted": weighted["average"][0].tolist()}) + "\n"
)
