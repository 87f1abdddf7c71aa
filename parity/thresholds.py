"""Reference answers for tuned and fixed decision thresholds, from the pinned scikit-learn."""

import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, make_scorer
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV

rng = np.random.default_rng(11)


def table(rows, columns, shift, noise):
    x = rng.normal(size=(rows, columns)).round(3)
    y = (x[:, 0] - 0.6 * x[:, 1] + noise * rng.normal(size=rows) > shift).astype(int)
    return x, y


# One class in two, in five, in fifteen or so.
data = {"even": table(120, 3, 0.0, 0.8), "uneven": table(180, 4, 1.1, 1.0), "rare": table(240, 2, 2.2, 0.7)}

cases = [
    ("even", {"scoring": "accuracy"}, {}),
    ("even", {"scoring": "balanced_accuracy", "response_method": "decision_function", "thresholds": 37}, {"positive": 0}),
    ("even", {"scoring": "f1", "cv": 3, "thresholds": [0.2, 0.4, 0.5, 0.65]}, {}),
    ("uneven", {"scoring": "balanced_accuracy"}, {}),
    ("uneven", {"scoring": "f1", "cv": 0.3, "refit": False, "random_state": 5}, {}),
    ("uneven", {"scoring": "kappa", "cv": 0.25, "random_state": 2}, {}),
    ("rare", {"scoring": "f1"}, {}),
    ("rare", {"scoring": "f1", "cv": 4, "response_method": "decision_function"}, {}),
    ("rare", {"scoring": "f1", "thresholds": 20}, {"positive": 0}),
]

tuned = []
for name, options, extra in cases:
    x, y = data[name]
    own = dict(options)
    positive = extra.get("positive", 1)
    if own["scoring"] == "kappa":
        own["scoring"] = make_scorer(cohen_kappa_score)
    elif own["scoring"] == "f1":
        own["scoring"] = make_scorer(f1_score, pos_label=positive)
    elif positive == 0:
        # The class that the threshold is for is that of the scorer.
        from sklearn.metrics import balanced_accuracy_score

        own["scoring"] = make_scorer(lambda truth, found, pos_label: balanced_accuracy_score(truth, found), pos_label=0)
    model = TunedThresholdClassifierCV(
        LogisticRegression(tol=1e-12, max_iter=10000), store_cv_results=True, **own
    ).fit(x, y)
    tuned.append({
        "data": name,
        "positive": positive,
        "options": options,
        "bestThreshold": float(model.best_threshold_),
        "bestScore": float(model.best_score_),
        "thresholds": model.cv_results_["thresholds"].tolist(),
        "scores": model.cv_results_["scores"].tolist(),
        "predictions": "".join(map(str, model.predict(x))),
    })

fixed = []
for name, threshold, method, positive in [("uneven", 0.2, "predict_proba", 1), ("rare", -1.5, "decision_function", 1), ("even", 0.7, "predict_proba", 0)]:
    x, y = data[name]
    model = FixedThresholdClassifier(
        LogisticRegression(tol=1e-12, max_iter=10000), threshold=threshold, response_method=method, pos_label=positive
    ).fit(x, y)
    fixed.append({
        "data": name,
        "threshold": threshold,
        "responseMethod": method,
        "positive": positive,
        "predictions": "".join(map(str, model.predict(x))),
    })

out = {"data": {name: {"x": x.tolist(), "y": y.tolist()} for name, (x, y) in data.items()}, "tuned": tuned, "fixed": fixed}
path = pathlib.Path(__file__).parent / "fixtures" / "thresholds.json"
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
for case in tuned:
    print(case["data"], case["options"], case["bestThreshold"], case["bestScore"], sum(data[case["data"]][1]))
