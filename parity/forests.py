"""Writes fixtures/forests.json: extremely randomized trees, trees by absolute error, monotonic trees of scikit-learn.

Pinned: numpy 2.4.6, scikit-learn 1.9.1. Run: .venv/bin/python parity/forests.py

The data are not written: see draw() of src/math/trees/trees.fixture.ts, which makes the same numbers.
"""

import json
import pathlib

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


def draw(seed, rows, columns=5):
    random = np.random.RandomState(seed)
    x = random.uniform(size=(rows, columns)).astype(np.float32).astype(np.float64)
    noise = random.uniform(size=rows)
    y = 3 * x[:, 0] * x[:, 1] + x[:, 2] * x[:, 2] + 0.25 * noise
    return x, y, (y > 0.6).astype(int) + (y > 1.4)


def scores(make, kind):
    found = []
    for seed in range(10):
        x, y, c = draw(100 + seed, 1000)
        target = y if kind == "regressor" else c
        found.append(make(seed).fit(x[:500], target[:500]).score(x[500:], target[500:]))
    return found


forests = [
    {"name": "extra trees", "kind": "regressor", "options": {}, "scores": scores(lambda s: ExtraTreesRegressor(50, random_state=s), "regressor")},
    {"name": "extra trees", "kind": "classifier", "options": {}, "scores": scores(lambda s: ExtraTreesClassifier(50, random_state=s), "classifier")},
    {
        "name": "extra trees of bounded leaves",
        "kind": "classifier",
        "options": {"minSamplesLeaf": 5, "bootstrap": True, "criterion": "entropy"},
        "scores": scores(
            lambda s: ExtraTreesClassifier(50, random_state=s, min_samples_leaf=5, bootstrap=True, criterion="entropy"), "classifier"
        ),
    },
    {
        "name": "absolute error",
        "kind": "random-forest",
        "options": {"criterion": "absoluteError", "minSamplesLeaf": 5},
        "scores": scores(lambda s: RandomForestRegressor(20, random_state=s, criterion="absolute_error", min_samples_leaf=5, n_jobs=2), "regressor"),
    },
]

x, y, c = draw(1, 600)
weight = 0.5 + np.arange(600) % 4
absolute = []
for name, options, weights in [
    ("plain", {"min_samples_leaf": 20}, None),
    ("weighted", {"min_samples_leaf": 20, "max_depth": 5}, weight),
]:
    model = DecisionTreeRegressor(criterion="absolute_error", random_state=0, **options).fit(x, y, sample_weight=weights)
    absolute.append(
        {
            "name": name,
            "maxDepth": options.get("max_depth"),
            "weighted": weights is not None,
            "loss": float(np.average(np.abs(y - model.predict(x)), weights=weights)),
            "importances": model.feature_importances_.tolist(),
            "leaves": int(model.get_n_leaves()),
        }
    )

cst = [1, 0, -1, 0, 0]
monotonic = []
for kind, Model, target in [("regressor", DecisionTreeRegressor, y), ("classifier", DecisionTreeClassifier, (c > 0).astype(int))]:
    model = Model(monotonic_cst=cst, min_samples_leaf=20, random_state=0).fit(x, target)
    predicted = model.predict(x) if kind == "regressor" else model.predict_proba(x)[:, 1]
    monotonic.append({"kind": kind, "cst": cst, "loss": float(np.mean((predicted - target) ** 2)), "leaves": int(model.get_n_leaves())})

out = pathlib.Path(__file__).parent / "fixtures" / "forests.json"
out.write_text(json.dumps({"forests": forests, "absolute": absolute, "monotonic": monotonic}) + "\n")
