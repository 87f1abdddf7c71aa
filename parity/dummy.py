"""Baselines of scikit-learn: parity/fixtures/dummy.json."""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.dummy import DummyClassifier, DummyRegressor

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("error")

rng = np.random.RandomState(5)
y = np.round(rng.gamma(2, 3, 41), 3)
weights = rng.randint(0, 4, 41)
labels = rng.choice(["fair", "good", "poor", "rare"], 41, p=[0.2, 0.55, 0.2, 0.05])
two = rng.choice([0, 1], 41, p=[0.3, 0.7])
x = np.zeros((41, 1))
new = np.zeros((30, 1))


def regressor(weight=None, **options):
    model = DummyRegressor(**options).fit(x, y, sample_weight=weight)
    return {"options": options, "weighted": weight is not None, "constant": float(model.constant_.ravel()[0])}


def classifier(target, weight=None, **options):
    model = DummyClassifier(random_state=3, **options).fit(x, target, sample_weight=weight)
    return {
        "target": "labels" if target is labels else "two",
        "options": options,
        "weighted": weight is not None,
        "classPrior": model.class_prior_.tolist(),
        "predictions": model.predict(new).tolist(),
        "probabilities": model.predict_proba(new).tolist()[:8],
    }


fixture = {
    "y": y.tolist(),
    "weights": weights.tolist(),
    "labels": labels.tolist(),
    "two": two.tolist(),
    "regressors": [
        regressor(strategy="mean"),
        regressor(strategy="median"),
        regressor(strategy="quantile", quantile=0.3),
        regressor(strategy="constant", constant=4.5),
        regressor(strategy="mean", weight=weights),
    ],
    "classifiers": [
        *(classifier(target, strategy=s) for target in (labels, two) for s in ("prior", "most_frequent", "stratified", "uniform")),
        classifier(labels, strategy="constant", constant="poor"),
        classifier(labels, strategy="prior", weight=weights),
        classifier(labels, strategy="stratified", weight=weights),
    ],
}
path = Path(__file__).parent / "fixtures" / "dummy.json"
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
