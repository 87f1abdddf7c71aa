"""Reference answers of sklearn.model_selection for src/select (scikit-learn 1.9.1, numpy 2.4.6).

Data are small enough to be in the fixture. Names are heddle's.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    cross_val_predict,
    cross_validate,
    learning_curve,
    validation_curve,
)

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert np.__version__ == "2.4.6", np.__version__

random = np.random.RandomState(7)
x = np.round(random.normal(size=(60, 4)), 3)
y = np.round(x @ [1.5, -2, 0.5, 0] + random.normal(scale=0.7, size=60), 3)
labels = np.where(x[:, 0] + random.normal(scale=0.8, size=60) > 0.2, "yes", "no")
three = np.digitize(x[:, 1] + random.normal(scale=0.6, size=60), [-0.5, 0.6])
weights = np.round(random.uniform(0.2, 3, size=60), 2)

# Converged far beyond the comparison's tolerance, so that only rounding is left.
logistic = LogisticRegression(tol=1e-12, max_iter=10_000, solver="newton-cholesky")


def scores(model, target, scoring, **options):
    result = cross_validate(model, x, target, scoring=scoring, return_train_score=True, **options)
    return {
        part: {name: result[f"{part}_{name}"].tolist() for name in scoring} for part in ("test", "train")
    }


def positive(result, *names):
    """scikit-learn's errors count negatively."""
    for part in result.values():
        for name in names:
            part[name] = [-value for value in part[name]]
    return result


regression = {"r2": "r2", "rmse": "neg_root_mean_squared_error", "mae": "neg_mean_absolute_error"}
classes = {"accuracy": "accuracy", "f1": "f1_macro", "rocAuc": "roc_auc_ovr", "logLoss": "neg_log_loss"}
alphas = [0.01, 1.0, 10.0, 100.0]
cs = [0.01, 0.1, 1.0, 10.0]

search = GridSearchCV(Ridge(), {"alpha": alphas, "fit_intercept": [True, False]}, cv=4).fit(x, y)
sizes, learn_train, learn_test = learning_curve(Ridge(), x, y, train_sizes=[0.2, 0.5, 1.0], cv=5)
valid_train, valid_test = validation_curve(logistic, x, three, param_name="C", param_range=cs, cv=3)

fixture = {
    "x": x.tolist(),
    "y": y.tolist(),
    "labels": labels.tolist(),
    "three": three.tolist(),
    "weights": weights.tolist(),
    "ridge": positive(scores(Ridge(alpha=2.0), y, regression), "rmse", "mae"),
    "ridgeShuffled": positive(
        scores(Ridge(alpha=2.0), y, regression, cv=KFold(4, shuffle=True, random_state=3)), "rmse", "mae"
    ),
    "logistic": positive(scores(logistic, labels, classes), "logLoss"),
    "logisticThree": positive(scores(logistic, three, classes, cv=4), "logLoss"),
    "predict": {
        "ridge": cross_val_predict(Ridge(alpha=2.0), x, y).tolist(),
        "logistic": cross_val_predict(logistic, x, labels).tolist(),
        "probabilities": cross_val_predict(logistic, x, three, method="predict_proba").tolist(),
        "decisions": cross_val_predict(logistic, x, labels, method="decision_function").tolist(),
    },
    "grid": {
        "alphas": alphas,
        # One row per alpha × fit_intercept (true, false), the last fastest.
        "scores": [
            [float(search.cv_results_[f"split{fold}_test_score"][i]) for fold in range(4)]
            for i in range(2 * len(alphas))
        ],
        "bestIndex": int(search.best_index_),
        "prediction": search.predict(x[:5]).tolist(),
    },
    "learningCurve": {
        "sizes": sizes.tolist(),
        "train": learn_train.tolist(),
        "test": learn_test.tolist(),
    },
    "validationCurve": {"cs": cs, "train": valid_train.tolist(), "test": valid_test.tolist()},
}

path = Path(__file__).parent / "fixtures" / "model_selection.json"
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
