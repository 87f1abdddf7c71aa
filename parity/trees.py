"""Writes fixtures/trees.json: trees, forests and boosting of scikit-learn and LightGBM.

Pinned: numpy 2.4.6, scikit-learn 1.9.1, lightgbm 4.7.0. Run: .venv/bin/python parity/trees.py

The data are not written: both sides draw the same uniform numbers from RandomState(seed) and combine them by the same additions and
multiplications. Values are float32 numbers, since scikit-learn's trees round to them.
"""

import json
import pathlib

import lightgbm
import numpy as np
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, export_text


def draw(seed, rows, columns=5, steps=0, missing=0.0):
    """x: uniform float32, or whole numbers 1 … steps; a share of it missing. y: a sum of products of x with noise. c: its third."""
    random = np.random.RandomState(seed)
    x = random.uniform(size=(rows, columns))
    noise = random.uniform(size=rows)
    gaps = random.uniform(size=(rows, columns)) < missing
    x = np.floor(x * steps) + 1 if steps else x.astype(np.float32).astype(np.float64)
    scale = steps or 1
    y = 3 * (x[:, 0] / scale) * (x[:, 1] / scale) + (x[:, 2] / scale) * (x[:, 2] / scale) + 0.25 * noise
    x[gaps] = np.nan
    return x, y, (y > 0.6).astype(int) + (y > 1.4)


def nodes(tree):
    """In preorder: a node, all that lies to its left, all that lies to its right."""
    order, stack = [], [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if tree.feature[node] >= 0:
            stack += [tree.children_right[node], tree.children_left[node]]
    split = tree.feature[order] >= 0
    return {
        "feature": [int(f) if s else -1 for f, s in zip(tree.feature[order], split)],
        "threshold": [float(t) if s and np.isfinite(t) else None for t, s in zip(tree.threshold[order], split)],
        "samples": tree.n_node_samples[order].tolist(),
        "impurity": tree.impurity[order].tolist(),
        "value": [v[0].tolist() for v in tree.value[order]],
    }


def tree_case(name, kind, options, seed=1, rows=1000, weighted=False, missing=0.0):
    x, y, c = draw(seed, rows, missing=missing)
    weight = 0.5 + np.arange(rows) % 4 if weighted else None
    regression = kind == "regressor"
    Model = DecisionTreeRegressor if regression else DecisionTreeClassifier
    model = Model(random_state=0, **options).fit(x, y if regression else c, sample_weight=weight)
    camel = {"".join(p.title() if i else p for i, p in enumerate(k.split("_"))): v for k, v in options.items()}
    if camel.get("criterion") == "squared_error":
        camel["criterion"] = "squaredError"
    path = Model(random_state=0, **options).cost_complexity_pruning_path(x, y if regression else c, sample_weight=weight)
    return {
        **{"name": name, "kind": kind, "options": camel, "seed": seed, "rows": rows, "weighted": weighted, "missing": missing},
        "nodes": nodes(model.tree_),
        "importances": model.feature_importances_.tolist(),
        "ccpAlphas": path.ccp_alphas.tolist(),
        "impurities": path.impurities.tolist(),
    }


leaf = {"min_samples_leaf": 20}
trees = [
    tree_case("squared error", "regressor", leaf),
    tree_case("squared error with weights", "regressor", leaf, weighted=True),
    tree_case("squared error with missing values", "regressor", leaf, missing=0.1),
    tree_case("Poisson", "regressor", {**leaf, "criterion": "poisson"}),
    tree_case("best first", "regressor", {**leaf, "max_leaf_nodes": 9}),
    tree_case("depth and split limits", "regressor", {**leaf, "max_depth": 4, "min_samples_split": 90}),
    tree_case("least decrease", "regressor", {**leaf, "min_impurity_decrease": 0.002}),
    tree_case("least weight of a leaf", "regressor", {**leaf, "min_weight_fraction_leaf": 0.06}, weighted=True),
    tree_case("pruned", "regressor", {**leaf, "ccp_alpha": 0.002}),
    # Large leaves and weights, since equal counts of classes make ties, which each side breaks in its own way.
    tree_case("gini", "classifier", {"min_samples_leaf": 90}, seed=3),
    tree_case("gini with weights", "classifier", leaf, weighted=True),
    tree_case("entropy", "classifier", {"min_samples_leaf": 60, "criterion": "entropy"}, seed=2),
    tree_case("entropy with weights and missing values", "classifier", {**leaf, "criterion": "entropy"}, weighted=True, missing=0.1),
]


def text_case():
    x, _, c = draw(1, 1000)
    model = DecisionTreeClassifier(max_depth=2, random_state=0).fit(x, c)
    return export_text(model, feature_names=["a", "b", "c", "d", "e"])


def forest_case(kind, options):
    scores = []
    for seed in range(10):
        x, y, c = draw(100 + seed, 1000)
        Model = RandomForestRegressor if kind == "regressor" else RandomForestClassifier
        target = y if kind == "regressor" else c
        model = Model(50, random_state=seed, n_jobs=2, **options).fit(x[:500], target[:500])
        scores.append(model.score(x[500:], target[500:]))
    return {"kind": kind, "scores": scores}


def boosting_case(name, peer, kind, options, ours, missing=0.0, rows=2000):
    x, y, c = draw(7, rows, steps=40, missing=missing)
    target = {"regressor": y, "binary": (c > 0).astype(int), "classes": c}[kind]
    Model = {
        ("lightgbm", "regressor"): lightgbm.LGBMRegressor,
        ("lightgbm", "binary"): lightgbm.LGBMClassifier,
        ("scikit-learn", "regressor"): HistGradientBoostingRegressor,
        ("scikit-learn", "binary"): HistGradientBoostingClassifier,
        ("scikit-learn", "classes"): HistGradientBoostingClassifier,
    }[peer, kind]
    fixed = {"verbose": -1, "min_data_in_bin": 1, "n_jobs": 1} if peer == "lightgbm" else {"early_stopping": False}
    model = Model(**fixed, **options).fit(x, target)
    predicted = model.predict(x) if kind == "regressor" else model.predict_proba(x)[:, -1]
    return {
        **{"name": name, "peer": peer, "kind": kind, "options": ours, "missing": missing, "rows": rows},
        "predicted": predicted[:60].tolist(),
    }


small = {"nEstimators": 20, "maxLeafNodes": 12}
boosting = [
    boosting_case("squared error", "lightgbm", "regressor", {"n_estimators": 20, "num_leaves": 12}, small),
    boosting_case("missing values", "lightgbm", "regressor", {"n_estimators": 20, "num_leaves": 12}, small, missing=0.1),
    boosting_case(
        "penalised, bounded depth",
        "lightgbm",
        "regressor",
        {"n_estimators": 20, "num_leaves": 12, "reg_lambda": 3.0, "max_depth": 4, "min_split_gain": 0.05, "min_child_samples": 30},
        {**small, "l2Regularization": 3, "maxDepth": 4, "minGainToSplit": 0.05, "minSamplesLeaf": 30},
    ),
    # A single row a leaf: with more, both count rows by their hessians, but round the counts on different sides.
    boosting_case(
        "two classes",
        "lightgbm",
        "binary",
        {"n_estimators": 20, "num_leaves": 12, "min_child_samples": 1},
        {**small, "minSamplesLeaf": 1},
    ),
    boosting_case("squared error", "scikit-learn", "regressor", {"max_iter": 20, "max_leaf_nodes": 12}, small),
    boosting_case(
        "two classes",
        "scikit-learn",
        "binary",
        {"max_iter": 20, "max_leaf_nodes": 12, "min_samples_leaf": 1},
        {**small, "minSamplesLeaf": 1},
    ),
    boosting_case(
        "three classes with missing values",
        "scikit-learn",
        "classes",
        # Small trees: leaves of few rows make ties.
        {"max_iter": 10, "max_leaf_nodes": 6, "min_samples_leaf": 1},
        {"nEstimators": 10, "maxLeafNodes": 6, "minSamplesLeaf": 1},
        missing=0.1,
    ),
    boosting_case(
        "absolute error",
        "scikit-learn",
        "regressor",
        {"max_iter": 20, "max_leaf_nodes": 12, "loss": "absolute_error"},
        {**small, "loss": "absoluteError"},
    ),
    boosting_case(
        "a quantile, missing values",
        "scikit-learn",
        "regressor",
        {"max_iter": 20, "max_leaf_nodes": 12, "loss": "quantile", "quantile": 0.8},
        {**small, "loss": "quantile", "quantile": 0.8},
        missing=0.1,
    ),
    boosting_case(
        "Poisson",
        "scikit-learn",
        "regressor",
        {"max_iter": 20, "max_leaf_nodes": 12, "loss": "poisson", "min_samples_leaf": 1},
        {**small, "loss": "poisson", "minSamplesLeaf": 1},
    ),
    boosting_case(
        "gamma",
        "scikit-learn",
        "regressor",
        # Later two splits are equal but for rounding.
        {"max_iter": 10, "max_leaf_nodes": 12, "loss": "gamma", "min_samples_leaf": 1},
        {**small, "nEstimators": 10, "loss": "gamma", "minSamplesLeaf": 1},
    ),
    boosting_case(
        "Tweedie",
        "lightgbm",
        "regressor",
        {"n_estimators": 20, "num_leaves": 12, "objective": "tweedie", "tweedie_variance_power": 1.3, "min_child_samples": 1},
        {**small, "loss": "tweedie", "power": 1.3, "minSamplesLeaf": 1},
    ),
]

fixture = {
    "trees": trees,
    "text": text_case(),
    "forests": [forest_case("regressor", {}), forest_case("classifier", {})],
    "boosting": boosting,
}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.15g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


path = pathlib.Path(__file__).parent / "fixtures" / "trees.json"
path.write_text(json.dumps(rounded(fixture), separators=(",", ":")) + "\n")
