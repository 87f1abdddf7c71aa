"""Writes fixtures/lightgbm-text.json: text models of LightGBM and what they predict. Then loads fixtures/lightgbm-written.txt, the same
models as heddle writes them (by `node --test --test-update-snapshots src/models/gradient-boosting/lightgbm.test.ts`), and compares.

Pinned: numpy 2.4.6, lightgbm 4.7.0. Run: .venv/bin/python parity/lightgbm_text.py
"""

import json
import pathlib

import lightgbm
import numpy as np


def case(name, objective, target, iterations=6, gaps=True, names=None, categories=False, **params):
    random = np.random.RandomState(11)
    x = np.round(random.normal(size=(300, 4)), 2)
    if gaps:
        x[random.uniform(size=x.shape) < 0.15] = np.nan
    if categories:
        x[:, 1] = np.floor(np.abs(x[:, 1]) * 9)
        x[:, 3] = 5 * np.floor(np.abs(x[:, 3]))
    y = target(np.nan_to_num(x))
    params = {"objective": objective, "verbose": -1, "num_threads": 1, "num_leaves": 5, "deterministic": True} | params
    data = lightgbm.Dataset(x, y, feature_name=names or "auto", categorical_feature=[1, 3] if categories else "auto")
    booster = lightgbm.train(params, data, iterations)
    # The last rows hold what training did not.
    rows = np.vstack([x[:20], [[np.nan] * 4, [0.0] * 4, [1.0, 77.0, 0.0, 400.0]]])
    return {
        "name": name,
        "text": booster.model_to_string().split("\nparameters:")[0] + "\n",
        "x": [[None if np.isnan(v) else v for v in row] for row in rows.tolist()],
        "predicted": booster.predict(rows).tolist(),
    }


def amount(z):
    return np.exp(z[:, 0]) + (z[:, 1] > 0)


cases = [
    case("regression", "regression", lambda z: z[:, 0] * z[:, 1], names=["area", "rooms", "year", "quality"]),
    case("no gaps in training", "regression", lambda z: z[:, 0] * z[:, 1], gaps=False),
    case("absolute error", "regression_l1", lambda z: z[:, 0] * z[:, 1]),
    case("quantile", "quantile", lambda z: z[:, 0], alpha=0.8),
    case("Poisson", "poisson", lambda z: np.floor(amount(z))),
    case("Tweedie", "tweedie", amount, tweedie_variance_power=1.3),
    case("two classes", "binary", lambda z: (z[:, 0] > 0).astype(int), sigmoid=0.7),
    case("three classes", "multiclass", lambda z: (z[:, 0] > 0).astype(int) + (z[:, 2] > 1), num_class=3),
    case("a forest", "regression", lambda z: z[:, 0], boosting="rf", bagging_freq=1, bagging_fraction=0.6),
    case(
        "categories",
        "regression",
        lambda z: z[:, 0] + np.mod(z[:, 1] * 7, 5) + (z[:, 3] == 5),
        categories=True,
        **{"min_data_per_group": 5, "cat_smooth": 2, "cat_l2": 1, "min_data_in_leaf": 5},
    ),
    case("no split at all", "regression", lambda z: z[:, 0], iterations=2, min_data_in_leaf=200),
]
path = pathlib.Path(__file__).parent / "fixtures" / "lightgbm-text.json"
path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
print(path.stat().st_size)

written = (path.parent / "lightgbm-written.txt").read_text().split("\n=====\n")
assert len(written) == len(cases)
for one, text in zip(cases, written):
    rows = np.array([[np.nan if v is None else v for v in row] for row in one["x"]])
    # heddle takes NaN for missing in every split; the forest's mean and the sigmoid are folded into the leaves.
    found = lightgbm.Booster(model_str=text).predict(rows)
    np.testing.assert_allclose(found, one["predicted"], rtol=1e-13, atol=1e-15, err_msg=one["name"])
print("LightGBM predicts the same from what heddle wrote")
