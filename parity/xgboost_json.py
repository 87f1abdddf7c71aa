"""Writes fixtures/xgboost-json.json: models of XGBoost as JSON, rows and what it predicts for them.

Pinned: numpy 2.4.6, xgboost 3.2.0. Run: .venv/bin/python parity/xgboost_json.py
"""

import json
import pathlib
import tempfile

import numpy as np
import xgboost

assert xgboost.__version__ == "3.2.0", xgboost.__version__
random = np.random.RandomState(0)
ROWS = 400
x = random.uniform(-2, 2, size=(ROWS, 4))
x[:, 3] = random.randint(0, 6, ROWS)
x[random.uniform(size=x.shape) < 0.1] = np.nan
signal = np.nan_to_num(x[:, 0]) * np.nan_to_num(x[:, 1]) + np.nan_to_num(x[:, 2]) + np.isin(x[:, 3], [1, 4])
y = signal + 0.1 * random.standard_normal(ROWS)
names = ["area", "rooms", "年份", "code"]


def case(name, parameters, target, rounds=6, categorical=False):
    types = ["q", "q", "q", "c"] if categorical else None
    data = xgboost.DMatrix(x, target, feature_names=names, feature_types=types, enable_categorical=categorical)
    booster = xgboost.train({"max_depth": 3, "seed": 0, "nthread": 1, **parameters}, data, rounds)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.json"
        booster.save_model(path)
        text = path.read_text()
    # Values at the edge of a threshold, as float32 and as float64 between two of them.
    edges = [t["split_conditions"][0] for t in json.loads(text)["learner"]["gradient_booster"].get("model", json.loads(text)["learner"]["gradient_booster"].get("gbtree", {}).get("model"))["trees"]]
    rows = x[:40].copy()
    for i, edge in enumerate(edges[:8]):
        c = np.float32(edge)
        rows[i, :3] = [np.float64(c), np.nextafter(c, np.float32(-9)), (np.float64(c) + np.float64(np.nextafter(c, np.float32(-9)))) / 2]
    if categorical:
        rows[0, 3] = 7  # never seen
    held = xgboost.DMatrix(rows, feature_names=names, feature_types=types, enable_categorical=categorical)
    predicted = booster.predict(held)
    return {
        "name": name,
        "text": text,
        "x": [[None if np.isnan(v) else float(v) for v in row] for row in rows],
        "predicted": predicted.astype(float).tolist(),
    }


classes = np.digitize(y, [-0.5, 0.8])
cases = [
    case("squared error", {"objective": "reg:squarederror"}, y),
    case("absolute error", {"objective": "reg:absoluteerror"}, y),
    case("counts", {"objective": "count:poisson"}, np.round(np.exp(y / 2))),
    case("tweedie", {"objective": "reg:tweedie"}, np.exp(y / 2)),
    case("two classes", {"objective": "binary:logistic"}, (y > 0).astype(int)),
    case("three classes", {"objective": "multi:softprob", "num_class": 3}, classes, 4),
    case("categories", {"objective": "reg:squarederror", "max_cat_to_onehot": 1}, y, 5, categorical=True),
    case("one category against the others", {"objective": "reg:squarederror", "max_cat_to_onehot": 9}, y, 5, categorical=True),
    case("dropped trees", {"objective": "reg:squarederror", "booster": "dart", "rate_drop": 0.3}, y),
    case("parallel trees", {"objective": "multi:softprob", "num_class": 3, "num_parallel_tree": 2, "subsample": 0.7}, classes, 2),
]
out = pathlib.Path(__file__).parent / "fixtures" / "xgboost-json.json"
out.write_text(json.dumps({"cases": cases}, ensure_ascii=False) + "\n")
print(out.stat().st_size)
