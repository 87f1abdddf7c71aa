"""Reference answers for multilayer perceptrons, from the pinned scikit-learn.

Run from the repository root: python parity/nets_mlp.py. Data are rounded so that the fixture stays small; the answers are those for the
rounded data.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.neural_network import MLPClassifier, MLPRegressor

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore")


def pick(data, columns, rows):
    x = data.data[:, :columns]
    order = np.random.RandomState(0).permutation(len(x))[:rows]
    x = ((x - x.mean(0)) / x.std(0))[order]
    return np.round(x, 2), data.target[order]


iris = pick(load_iris(), 4, 110)
cancer = pick(load_breast_cancer(), 5, 120)
diabetes = pick(load_diabetes(), 6, 115)
diabetes = diabetes[0], np.round((diabetes[1] - 150) / 75, 2)
weights = 1 + np.arange(110) % 3

cases = [
    ("iris", {"max_iter": 30}),
    ("iris", {"hidden_layer_sizes": (8, 5), "activation": "tanh", "batch_size": 32, "alpha": 0.5, "max_iter": 30, "random_state": 3, "learning_rate_init": 0.01}),
    ("iris", {"activation": "logistic", "solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.5, "power_t": 0.2, "batch_size": 20, "max_iter": 30, "random_state": 1}),
    ("iris", {"hidden_layer_sizes": (6,), "batch_size": 25, "max_iter": 20, "weighted": True}),
    ("cancer", {"hidden_layer_sizes": (7,), "solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.1, "n_iter_no_change": 2, "tol": 1e-2, "max_iter": 60, "batch_size": 50}),
    ("cancer", {"hidden_layer_sizes": (10,), "early_stopping": True, "validation_fraction": 0.2, "n_iter_no_change": 4, "learning_rate_init": 0.01, "max_iter": 40, "batch_size": 16, "random_state": 5}),
    ("cancer", {"hidden_layer_sizes": (), "solver": "sgd", "nesterovs_momentum": False, "momentum": 0.5, "shuffle": False, "learning_rate_init": 0.05, "max_iter": 25, "batch_size": 40}),
    ("diabetes", {"hidden_layer_sizes": (12,), "max_iter": 30, "batch_size": 30, "learning_rate_init": 0.005}),
    ("diabetes", {"hidden_layer_sizes": (5,), "activation": "identity", "early_stopping": True, "max_iter": 15, "batch_size": 30}),
    ("diabetes", {"hidden_layer_sizes": (), "solver": "lbfgs", "alpha": 1, "tol": 1e-9, "max_iter": 500}),
]


def answer(name, options):
    options = {"random_state": 0, **options}
    weighted = options.pop("weighted", False)
    x, y = {"iris": iris, "cancer": cancer, "diabetes": diabetes}[name]
    model = (MLPRegressor if name == "diabetes" else MLPClassifier)(**options)
    model.fit(x, y, sample_weight=weights if weighted else None)
    outputs = model.predict(x) if name == "diabetes" else model.predict_proba(x)
    found = {"loss": float(model.loss_), "nIter": model.n_iter_, "outputs": np.ravel(outputs[:20]).tolist()}
    if options.get("solver") != "lbfgs":
        found["lossCurve"] = list(map(float, model.loss_curve_))
        found["validationScores"] = list(map(float, model.validation_scores_ or []))
    return {"data": name, "options": options, "weighted": weighted, **found}


def brief(value):
    if isinstance(value, dict):
        return {key: brief(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [brief(part) for part in value]
    return float(f"{value:.10g}") if isinstance(value, float) else value


answers = {
    "sklearn": sklearn.__version__,
    "data": {name: {"x": x.tolist(), "y": y.tolist()} for name, (x, y) in {"iris": iris, "cancer": cancer, "diabetes": diabetes}.items()},
    "cases": [answer(*case) for case in cases],
}
with open("parity/fixtures/nets_mlp.json", "w") as file:
    json.dump(brief(answers), file, separators=(",", ":"))
