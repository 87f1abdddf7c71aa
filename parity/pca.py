"""Reference answers for principal component analysis, from the pinned scikit-learn.

Run from the repository root: python parity/pca.py. Data are rounded so that the fixture stays small; the answers are those
for the rounded data.
"""

import json

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.decomposition import PCA

assert sklearn.__version__ == "1.9.1", sklearn.__version__

rng = np.random.RandomState(0)
cancer = load_breast_cancer().data[::4]
low_rank = rng.standard_normal((60, 4)) @ rng.standard_normal((4, 12))
data = {
    "iris": load_iris().data,
    "wine": load_wine().data,
    # More rows than columns by far, some columns constant.
    "digits": load_digits().data[:150, :40],
    # More columns than rows.
    "wide": load_digits().data[200:225],
    "breast_cancer": np.round((cancer - cancer.mean(0)) / cancer.std(0), 2),
    "low_rank": np.round(low_rank, 2),
    # Far from the origin, in units of very different sizes.
    "far": np.round(rng.standard_normal((80, 3)) * [1, 100, 0.01] + [1e6, -1e5, 50], 4),
    # Groups of 70, 8 and 2 rows.
    "imbalanced": np.round(np.random.RandomState(1).standard_normal((80, 4)) * [3, 1, 0.5, 0.2] + np.repeat([[0, 0, 0, 0], [9, 0, 0, 4], [0, 9, 9, 0]], [70, 8, 2], 0), 3),
    "duplicates": np.round(rng.standard_normal((8, 5)), 1)[rng.randint(8, size=50)],
}

cases = []
for name, x in data.items():
    variants = [
        {"svd_solver": "full"},
        {"n_components": 2},
        {"n_components": 0.9},
        {"n_components": 3, "whiten": True, "svd_solver": "full"},
        {"n_components": 3, "svd_solver": "randomized", "random_state": 5},
        {"n_components": 2, "svd_solver": "randomized", "random_state": 1, "iterated_power": 1, "n_oversamples": 2},
    ]
    if x.shape[0] >= x.shape[1]:
        variants += [{"svd_solver": "covariance_eigh"}, {"n_components": "mle"}]
    for options in variants:
        model = PCA(**options).fit(x)
        cases.append({
            "data": name, "options": options,
            "components": model.components_[:4].tolist(),
            "explainedVariance": model.explained_variance_.tolist(),
            "explainedVarianceRatio": model.explained_variance_ratio_.tolist(),
            "singularValues": model.singular_values_.tolist(),
            "noiseVariance": float(model.noise_variance_),
            "transformed": model.transform(x[:2])[:, :4].tolist(),
        })


def compact(value):
    if isinstance(value, float):
        return float(f"{value:.14g}")
    if isinstance(value, list):
        return [compact(part) for part in value]
    if isinstance(value, dict):
        return {key: compact(part) for key, part in value.items()}
    return value


json.dump(
    compact({"data": {name: x.tolist() for name, x in data.items()}, "cases": cases}),
    open("parity/fixtures/pca.json", "w"),
    separators=(",", ":"),
)
