"""Writes fixtures/tree-shap.json: boosted trees of LightGBM, node by node, and its Shapley values of some rows.

Pinned: numpy 2.4.6, lightgbm 4.7.0. Run: .venv/bin/python parity/tree_shap.py
"""

import json
import pathlib

import lightgbm
import numpy as np


def flat(model):
    """The trees of a dumped model in arrays by node number: children of a split are `left` and `left` + 1."""
    out = {k: [] for k in ("roots", "feature", "threshold", "left", "missingLeft", "values", "samples")}

    def add():
        for key, value in zip(("feature", "threshold", "missingLeft", "values", "samples"), (-1, None, 1, 0.0, 0)):
            out[key].append(value)
        out["left"].append(len(out["left"]))
        return len(out["left"]) - 1

    for tree in model["tree_info"]:
        root = add()
        out["roots"].append(root)
        queue = [(root, tree["tree_structure"])]
        for at, node in queue:
            if "split_index" not in node:
                out["values"][at], out["samples"][at] = node["leaf_value"], node.get("leaf_count", 1)
                continue
            assert node["missing_type"] == "NaN" and node["decision_type"] == "<="
            left, right = add(), add()
            out["feature"][at], out["threshold"][at], out["left"][at] = node["split_feature"], node["threshold"], left
            out["missingLeft"][at], out["samples"][at] = int(node["default_left"]), node["internal_count"]
            queue += [(left, node["left_child"]), (right, node["right_child"])]
    return out


def case(name, objective, columns, params, target, iterations=8):
    random = np.random.RandomState(5)
    x = np.round(random.normal(size=(600, columns)), 2)
    x[random.uniform(size=x.shape) < 0.15] = np.nan
    z = np.nan_to_num(x)
    y = target(z)
    params = {"objective": objective, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, "deterministic": True} | params
    booster = lightgbm.train(params, lightgbm.Dataset(x, y), iterations)
    # LightGBM compares float64 values with thresholds widened to include those it saw.
    rows = x[:24]
    outputs = params.get("num_class", 1)
    contrib = booster.predict(rows, pred_contrib=True).reshape(len(rows), outputs, columns + 1)
    return {
        "name": name,
        "outputs": outputs,
        "columns": columns,
        "trees": flat(booster.dump_model()),
        "x": [[None if np.isnan(v) else v for v in row] for row in rows.tolist()],
        "contributions": contrib.tolist(),
    }


cases = [
    case("a regression", "regression", 4, {"num_leaves": 15}, lambda z: z[:, 0] * z[:, 1] + np.sin(3 * z[:, 2])),
    case("deep trees", "regression", 9, {"num_leaves": 60}, lambda z: (z * z[:, ::-1]).sum(1) + z[:, 0] ** 2, 4),
    case("two classes", "binary", 5, {"num_leaves": 10}, lambda z: (z[:, 0] + z[:, 1] * z[:, 3] > 0).astype(int)),
    case("three classes", "multiclass", 4, {"num_leaves": 7, "num_class": 3},
         lambda z: (z[:, 0] + z[:, 1] ** 2 > 0.5).astype(int) + (z[:, 2] > 0.3), 5),
]
path = pathlib.Path(__file__).parent / "fixtures" / "tree-shap.json"
path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
print(path.stat().st_size)
