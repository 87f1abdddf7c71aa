"""Writes fixtures/boosting.json: gradient boosting with categories, constraints and penalties, as the peers predict with the same settings.

Pinned: numpy 2.4.6, scikit-learn 1.9.1, lightgbm 4.7.0, pandas 3.1.1. Run: .venv/bin/python parity/boosting.py
"""

import json
import pathlib

import lightgbm
import numpy as np
import pandas
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

ROWS = 1500


def draw(seed, levels=24, missing=0.0):
    """Two columns of whole numbers, two of categories; the tests make the same by the same draws and arithmetic.

    Each category has more than 1% of the rows: LightGBM takes the rarest 1% for missing.
    """
    random = np.random.RandomState(seed)
    u = random.random_sample((ROWS, 4))
    noise = random.random_sample(ROWS)
    gaps = random.random_sample(ROWS) < missing
    x = np.empty((ROWS, 4))
    x[:, 0] = np.floor(40 * u[:, 0]) + 1
    x[:, 1] = np.floor(40 * u[:, 1]) + 1
    x[:, 2] = np.floor(levels * (u[:, 2] * np.sqrt(u[:, 2])))
    x[:, 3] = np.floor(3 * u[:, 3])
    effect = np.mod(x[:, 2] * 7, 11) / 11
    y = 2 * effect * (x[:, 0] / 40) + (x[:, 1] / 40) ** 2 + 0.5 * (x[:, 3] == 1) + 0.25 * noise
    x[gaps, 2] = np.nan
    return x, y


def case(name, peer, kind, options, ours, seed=5, levels=24, missing=0.0, shap=False, trees=12, leaves=12):
    x, y = draw(seed, levels, missing)
    target = y if kind == "regressor" else (y > 1.2).astype(int)
    Model = {
        ("lightgbm", "regressor"): lightgbm.LGBMRegressor,
        ("lightgbm", "classifier"): lightgbm.LGBMClassifier,
        ("scikit-learn", "regressor"): HistGradientBoostingRegressor,
        ("scikit-learn", "classifier"): HistGradientBoostingClassifier,
    }[peer, kind]
    if peer == "lightgbm":
        categories = options.pop("categorical_feature", [])
        model = Model(verbose=-1, min_data_in_bin=1, n_jobs=1, n_estimators=trees, num_leaves=leaves, **options)
        model.fit(x, target, categorical_feature=categories or "auto")
    else:
        model = Model(early_stopping=False, max_iter=trees, max_leaf_nodes=leaves, **options).fit(x, target)
    found = {
        **{"name": name, "peer": peer, "kind": kind, "options": {"nEstimators": trees, "maxLeafNodes": leaves, **ours}},
        **{"seed": seed, "levels": levels, "missing": missing},
        "predicted": (model.predict(x) if kind == "regressor" else model.predict_proba(x)[:, -1])[:60].tolist(),
    }
    if shap:
        found["contributions"] = model.booster_.predict(x[:20], pred_contrib=True).tolist()
        found["text"] = model.booster_.model_to_string().split("\nparameters:")[0] + "\n"
    return found


cat = {"categoricalFeatures": [2, 3]}
# scikit-learn's own constants.
hist = {"catL2": 0, "catSmooth": 10, "maxCatThreshold": 1000, "minDataPerGroup": 0, "maxCatToOnehot": 0}
cases = [
    case("categories", "lightgbm", "regressor", {"categorical_feature": [2, 3]}, cat, shap=True),
    case(
        "categories without smoothing",
        "lightgbm",
        "regressor",
        {"categorical_feature": [2, 3], "cat_l2": 0, "cat_smooth": 1, "min_data_per_group": 1, "max_cat_threshold": 5},
        {**cat, "catL2": 0, "catSmooth": 1, "minDataPerGroup": 1, "maxCatThreshold": 5},
    ),
    case(
        "each category against the others",
        "lightgbm",
        "regressor",
        {"categorical_feature": [2, 3], "max_cat_to_onehot": 64},
        {**cat, "maxCatToOnehot": 64},
    ),
    case(
        "categories of two classes",
        "lightgbm",
        "classifier",
        {"categorical_feature": [2, 3], "min_child_samples": 1, "cat_smooth": 1, "min_data_per_group": 1},
        {**cat, "minSamplesLeaf": 1, "catSmooth": 1, "minDataPerGroup": 1},
    ),
    # From one end scikit-learn stops a candidate earlier, which later trees show.
    case("categories", "scikit-learn", "regressor", {"categorical_features": [2, 3]}, {**cat, **hist}, trees=5),
    case(
        "categories with missing values",
        "scikit-learn",
        "regressor",
        {"categorical_features": [2, 3]},
        {**cat, **hist},
        missing=0.15,
        trees=3,
        leaves=5,
    ),
    case("penalty on size", "lightgbm", "regressor", {"reg_alpha": 3.0, "reg_lambda": 1.0}, {"l1Regularization": 3, "l2Regularization": 1}),
    case(
        "penalty on size, categories",
        "lightgbm",
        "regressor",
        {"reg_alpha": 2.0, "categorical_feature": [2, 3]},
        {"l1Regularization": 2, **cat},
    ),
    # LightGBM measures gains from the value that a node would have without bounds, which later trees show.
    case(
        "monotonic",
        "lightgbm",
        "regressor",
        {"monotone_constraints": [-1, 1, 0, 1]},
        {"monotonicCst": [-1, 1, 0, 1]},
        trees=8,
    ),
    case(
        "monotonic, two classes, categories",
        "lightgbm",
        "classifier",
        {"monotone_constraints": [1, -1, 0, 0], "categorical_feature": [2, 3], "min_child_samples": 1, "cat_smooth": 1, "min_data_per_group": 1},
        {"monotonicCst": [1, -1, 0, 0], "minSamplesLeaf": 1, **cat, "catSmooth": 1, "minDataPerGroup": 1},
        trees=3,
        leaves=5,
    ),
    case("interactions", "scikit-learn", "regressor", {"interaction_cst": [[0, 2], [1, 2]]}, {"interactionCst": [[0, 2], [1, 2]]}),
    case("pairwise", "scikit-learn", "regressor", {"interaction_cst": "pairwise"}, {"interactionCst": "pairwise"}),
    case(
        "interactions",
        "lightgbm",
        "regressor",
        {"interaction_constraints": [[0, 2], [1, 2, 3]]},
        {"interactionCst": [[0, 2], [1, 2, 3]]},
    ),
]


def table(x):
    letters = np.array([f"{chr(97 + i % 26)}{i}" for i in range(40)])
    codes = np.where(np.isnan(x[:, 2]), 0, x[:, 2]).astype(int)
    town = pandas.Series(letters[codes]).where(~np.isnan(x[:, 2]), None)
    levels = sorted(set(town.dropna()))
    return pandas.DataFrame({"size": x[:, 0], "age": x[:, 1], "town": pandas.Categorical(town, levels), "kind": x[:, 3]})


def pandas_case():
    x, y = draw(6, missing=0.1)
    frame = table(x)
    params = {"verbose": -1, "num_threads": 1, "num_leaves": 8, "objective": "regression"}
    booster = lightgbm.train(params, lightgbm.Dataset(frame, y), 5)
    text = booster.model_to_string()
    rows = frame[:30].astype({"town": object})
    return {
        "text": text.split("\nparameters:")[0] + "\n\n" + text[text.index("pandas_categorical") :],
        "rows": rows.where(rows.notna(), None).to_dict("records"),
        "predicted": booster.predict(frame[:30]).tolist(),
    }


def check_written():
    """What heddle wrote (by node --test --test-update-snapshots src/models/gradient-boosting/lightgbm-categories.test.ts)."""
    folder = pathlib.Path(__file__).parent / "fixtures"
    written = json.loads((folder / "lightgbm-categories.json").read_text())
    x, _ = draw(6, missing=0.1)
    booster = lightgbm.Booster(model_str=written["text"])
    frame = table(x)[:60]
    frame["town"] = pandas.Categorical(frame["town"].astype(object), booster.pandas_categorical[0])
    np.testing.assert_allclose(booster.predict(frame), written["predicted"], rtol=1e-12)
    print("LightGBM predicts the same from what heddle wrote")


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.15g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


path = pathlib.Path(__file__).parent / "fixtures" / "boosting.json"
path.write_text(json.dumps(rounded({"cases": cases, "pandas": pandas_case()}), separators=(",", ":")) + "\n")
if (path.parent / "lightgbm-categories.json").exists():
    check_written()
