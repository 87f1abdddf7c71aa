"""Reference answers for support vector machines and calibrated classifiers, from the pinned scikit-learn.

Run from the repository root: python parity/svm.py. Data are rounded so that the fixture stays small; the answers are those for the rounded data.
Objectives are recomputed from the coefficients with kernel values in float64, since LIBSVM keeps its own as float32.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, OneClassSVM

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore")
rng = np.random.RandomState(0)
# LIBSVM draws random numbers for probabilities only; LIBLINEAR for the order of rows.
SEED = 0


def pick(x, y, rows, places=3, scale=True):
    order = rng.permutation(len(x))[:rows]
    x = x[order]
    if scale:
        x = (x - x.mean(0)) / x.std(0).clip(1e-9)
    return np.round(x, places), np.asarray(y)[order]


cancer = load_breast_cancer()
diabetes = load_diabetes()
digits = load_digits()
noise = rng.standard_normal((120, 3))
data = {
    "cancer": pick(cancer.data[:, :8], cancer.target, 140),
    "iris": pick(load_iris().data, load_iris().target, 120, 2),
    "wine": pick(load_wine().data[:, :6], load_wine().target, 100),
    # Ten classes.
    "digits": pick(digits.data[:, 10:30] / 16, digits.target, 150, 2, False),
    # One row in eight is of the second class.
    "imbalanced": pick(noise, (noise[:, 0] + noise[:, 1] ** 2 > 2.2).astype(int), 120, 2, False),
    # More columns than rows.
    "wide": pick(digits.data[:300, :45] / 16, digits.target[:300] % 2, 36, 2, False),
    "diabetes": pick(diabetes.data, (diabetes.target - 150) / 77, 120),
}
# Every row twice or three times.
x, y = pick(noise[:40], (noise[:40, 0] * noise[:40, 1] > 0).astype(int), 40, 1, False)
data["duplicates"] = (np.r_[x, x, x[:20]], np.r_[y, y, y[:20]])

classification = ["cancer", "iris", "wine", "digits", "imbalanced", "wide", "duplicates"]
regression = ["diabetes", "cancer", "wide", "duplicates", "wine"]


def target_of(name):
    x, y = data[name]
    return y if name == "diabetes" else np.round(np.sin(2 * x[:, ::3].sum(1)) + 0.5 * x[:, 1::3].sum(1) + 0.1 * y, 4)


def kernel_values(model, a, b):
    options = {
        "linear": {},
        "rbf": {"gamma": model._gamma},
        "poly": {"gamma": model._gamma, "degree": model.degree, "coef0": model.coef0},
        "sigmoid": {"gamma": model._gamma, "coef0": model.coef0},
    }[model.kernel]
    return pairwise_kernels(a, b, metric=model.kernel, **options)


def pair_objectives(model, x):
    """½ βᵀKβ − Σ α of every pair of classes."""
    starts = np.r_[0, np.cumsum(model.n_support_)]
    gram = kernel_values(model, x[model.support_], x[model.support_])
    objectives = []
    k = len(model.n_support_)
    for a in range(k):
        for b in range(a + 1, k):
            rows = np.r_[starts[a] : starts[a + 1], starts[b] : starts[b + 1]]
            beta = np.r_[
                model.dual_coef_[b - 1, starts[a] : starts[a + 1]], model.dual_coef_[a, starts[b] : starts[b + 1]]
            ]
            objectives.append(0.5 * beta @ gram[np.ix_(rows, rows)] @ beta - np.abs(beta).sum())
    return objectives


def rounded(values, digits=11):
    return [float(f"{v:.{digits}g}") for v in np.ravel(values)]


svc_options = [
    {"kernel": "rbf", "tol": 1e-10},
    {"kernel": "rbf", "C": 30.0, "gamma": 0.3, "tol": 1e-10, "class_weight": "balanced"},
    {"kernel": "linear", "C": 0.2, "tol": 1e-10},
    {"kernel": "poly", "degree": 2, "coef0": 1.0, "gamma": "auto", "tol": 1e-10},
    {"kernel": "sigmoid", "gamma": 0.02, "tol": 1e-10},
    {"kernel": "rbf"},
]
svr_options = [
    {"kernel": "rbf", "tol": 1e-10, "epsilon": 0.1},
    {"kernel": "linear", "C": 0.5, "epsilon": 0.2, "tol": 1e-10},
    {"kernel": "poly", "degree": 3, "coef0": 1.0, "gamma": 0.05, "tol": 1e-10},
    {"kernel": "rbf", "C": 10.0, "epsilon": 0.0},
]

classifiers, regressors, one_class, linear_classifiers, linear_regressors, calibrated = [], [], [], [], [], []

for name in classification:
    x, y = data[name]
    asked = x[:25]
    for options in svc_options:
        weights = 0.5 + (np.arange(len(y)) % 4) / 2 if options.get("C") == 0.2 else None
        model = SVC(decision_function_shape="ovo", **options).fit(x, y, sample_weight=weights)
        case = {
            "data": name,
            "options": options,
            "weighted": weights is not None,
            "objectives": rounded(pair_objectives(model, x), 15),
            "support": model.support_.tolist(),
            "nSupport": model.n_support_.tolist(),
            "intercept": rounded(model.intercept_),
            "decision": rounded(model.decision_function(asked[:8])),
            "labels": model.predict(x).tolist(),
        }
        model.decision_function_shape = "ovr"
        case["scores"] = rounded(model.decision_function(asked[:4]))
        model.break_ties = True
        case["untied"] = model.predict(x).tolist()
        classifiers.append(case)

for name in regression:
    x, _ = data[name]
    y = target_of(name)
    for options in svr_options:
        model = SVR(**options).fit(x, y)
        beta = model.dual_coef_[0]
        support = model.support_
        gram = kernel_values(model, x[support], x[support])
        objective = 0.5 * beta @ gram @ beta - beta @ y[support] + model.epsilon * np.abs(beta).sum()
        regressors.append(
            {
                "data": name,
                "options": options,
                "objective": float(f"{objective:.15g}"),
                "support": support.tolist(),
                "intercept": rounded(model.intercept_)[0],
                "predictions": rounded(model.predict(x[:25])),
            }
        )

for name in ["cancer", "iris", "duplicates", "diabetes", "wide", "imbalanced"]:
    x, _ = data[name]
    for options in [{"nu": 0.2, "tol": 1e-10}, {"nu": 0.5, "gamma": 0.1, "tol": 1e-10}]:
        model = OneClassSVM(**options).fit(x)
        beta = model.dual_coef_[0]
        gram = kernel_values(model, x[model.support_], x[model.support_])
        one_class.append(
            {
                "data": name,
                "options": options,
                "objective": float(f"{0.5 * beta @ gram @ beta:.15g}"),
                "offset": rounded(model.offset_)[0],
                "decision": rounded(model.decision_function(x[:25])),
            }
        )


def linear_objective(coef, intercept, scaling, loss, errors, weights, c):
    power = 2 if loss.startswith("squared") else 1
    return 0.5 * coef @ coef + 0.5 * (intercept / scaling) ** 2 + c * np.sum(weights * np.maximum(errors, 0) ** power)


for name in classification:
    x, y = data[name]
    for options in [
        {"tol": 1e-10, "max_iter": 1_000_000},
        {"C": 0.1, "tol": 1e-10, "max_iter": 1_000_000, "dual": True, "intercept_scaling": 5.0},
        {"loss": "hinge", "C": 0.1, "tol": 1e-10, "max_iter": 1_000_000, "class_weight": "balanced"},
        {},
        {"loss": "hinge"},
    ]:
        model = LinearSVC(random_state=SEED, **options).fit(x, y)
        classes = model.classes_
        factors = np.ones(len(y))
        if "class_weight" in options:
            counts = np.array([np.sum(y == k) for k in classes])
            factors = (len(y) / (len(classes) * counts))[np.searchsorted(classes, y)]
        positives = classes[1:] if len(classes) == 2 else classes
        objectives = []
        for k, positive in enumerate(positives):
            sign = np.where(y == positive, 1, -1)
            if len(classes) > 2 and "class_weight" in options:
                # LIBLINEAR weighs the one against the rest, whose weight stays 1.
                factors = np.where(y == positive, len(y) / (len(classes) * np.sum(y == positive)), 1.0)
            errors = 1 - sign * (x @ model.coef_[k] + model.intercept_[k])
            objectives.append(
                linear_objective(
                    model.coef_[k], model.intercept_[k], model.intercept_scaling, model.loss, errors, factors, model.C
                )
            )
        linear_classifiers.append(
            {
                "data": name,
                "options": options,
                "objectives": rounded(objectives, 15),
                "coef": rounded(model.coef_[0], 9),
                "labels": model.predict(x).tolist(),
            }
        )

for name in regression:
    x, _ = data[name]
    y = target_of(name)
    for options in [
        {"tol": 1e-10, "max_iter": 1_000_000, "epsilon": 0.1, "C": 0.3},
        {"loss": "squared_epsilon_insensitive", "tol": 1e-10, "max_iter": 1_000_000, "dual": False, "epsilon": 0.05},
        {"fit_intercept": False, "tol": 1e-10, "max_iter": 1_000_000, "C": 0.1},
        {},
    ]:
        model = LinearSVR(random_state=SEED, **options).fit(x, y)
        intercept = float(np.ravel(model.intercept_)[0]) if np.ndim(model.intercept_) else float(model.intercept_)
        errors = np.abs(y - x @ model.coef_ - intercept) - model.epsilon
        objective = linear_objective(model.coef_, intercept, 1, model.loss, errors, np.ones(len(y)), model.C)
        linear_regressors.append({"data": name, "options": options, "objective": float(f"{objective:.15g}")})

for name in ["cancer", "iris", "imbalanced", "wine", "duplicates"]:
    x, y = data[name]
    for method in ["sigmoid", "isotonic"]:
        for ensemble in [True, False]:
            for estimator in ["svm-classifier", "logistic-regression"]:
                made = (
                    SVC(tol=1e-10) if estimator == "svm-classifier" else LogisticRegression(tol=1e-10, max_iter=10_000)
                )
                model = CalibratedClassifierCV(made, method=method, cv=StratifiedKFold(3), ensemble=ensemble).fit(x, y)
                calibrated.append(
                    {
                        "data": name,
                        "method": method,
                        "ensemble": ensemble,
                        "estimator": estimator,
                        "probabilities": rounded(model.predict_proba(x[:20]), 9),
                    }
                )

json.dump(
    {
        "data": {name: {"x": x.tolist(), "y": np.asarray(y).tolist()} for name, (x, y) in data.items()},
        "targets": {name: target_of(name).tolist() for name in regression},
        "classifiers": classifiers,
        "regressors": regressors,
        "oneClass": one_class,
        "linearClassifiers": linear_classifiers,
        "linearRegressors": linear_regressors,
        "calibrated": calibrated,
    },
    open("parity/fixtures/svm.json", "w"),
    separators=(",", ":"),
)
