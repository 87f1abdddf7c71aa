"""Permutation importances of scikit-learn: parity/fixtures/permutation-importance.json."""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression

assert sklearn.__version__ == "1.9.1", sklearn.__version__

rng = np.random.RandomState(11)
x = np.round(rng.normal(size=(60, 4)), 3)
y = np.round(x @ [3, 0, -1, 0.2] + rng.normal(size=60), 3)
label = (y + rng.normal(size=60) > 0).astype(int)
weights = rng.randint(1, 4, 60)
linear = LinearRegression(tol=1e-15).fit(x, y)
logistic = LogisticRegression(C=1, tol=1e-12, max_iter=1000).fit(x, label)


def case(model, target, **options):
    weight = options.pop("sample_weight", None)
    found = permutation_importance(model, x, target, sample_weight=weight, **options)
    return {"weighted": weight is not None, "options": options, "importances": found.importances.tolist()}


fixture = {
    "x": x.tolist(),
    "y": y.tolist(),
    "label": label.tolist(),
    "weights": weights.tolist(),
    "regression": [
        case(linear, y, random_state=0),
        case(linear, y, random_state=7, n_repeats=3, scoring="neg_root_mean_squared_error"),
        case(linear, y, random_state=1, sample_weight=weights),
    ],
    "classification": [
        case(logistic, label, random_state=0),
        case(logistic, label, random_state=5, n_repeats=2, scoring="roc_auc"),
        case(logistic, label, random_state=5, n_repeats=2, scoring="neg_log_loss"),
    ],
}
path = Path(__file__).parent / "fixtures" / "permutation-importance.json"
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
