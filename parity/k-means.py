"""Reference answers for k-means, from the pinned scikit-learn.

Run from the repository root: python parity/k-means.py. Data are rounded so that the fixture stays small; the answers are
those for the rounded data.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore")

rng = np.random.RandomState(0)
cancer = load_breast_cancer().data[::3]
data = {
    "iris": load_iris().data,
    "wine": load_wine().data,
    "digits": load_digits().data[:200],
    # More columns than rows.
    "wide": load_digits().data[200:230],
    "breast_cancer": np.round((cancer - cancer.mean(0)) / cancer.std(0), 2),
    # 12 different rows, many times each.
    "duplicates": np.round(rng.standard_normal((12, 3)), 1)[rng.randint(12, size=90)],
    # Far from the origin: what is not centred first loses digits.
    # Groups of 110, 12 and 4 rows.
    "imbalanced": np.round(np.random.RandomState(1).standard_normal((126, 3)) + 4 * np.repeat([[0, 0, 0], [1, 1, 0], [0, 2, 2]], [110, 12, 4], 0), 2),
    "far": np.round(rng.standard_normal((120, 2)) + 1e6 + 5 * rng.randint(3, size=(120, 1)), 2),
}


def weights_of(rows, weighted):
    # The test makes the same: (3 i mod 7) / 4.
    return np.array([(3 * i % 7) / 4 for i in range(rows)]) if weighted else None


cases = []
for name, x in data.items():
    for options, weighted in (
        ({"n_clusters": 3, "random_state": 0}, False),
        ({"n_clusters": 8, "random_state": 7}, True),
        ({"n_clusters": 5, "init": "random", "n_init": 3, "random_state": 2, "tol": 0.0}, False),
        ({"n_clusters": 4, "n_init": 2, "random_state": 1, "max_iter": 2}, True),
    ):
        model = KMeans(**options).fit(x, sample_weight=weights_of(len(x), weighted))
        cases.append({
            "data": name, "options": options, "weighted": weighted, "labels": model.labels_.tolist(),
            "inertia": model.inertia_, "nIter": model.n_iter_, "centers": model.cluster_centers_[:, :6].tolist(),
        })

# Two centres in the same place, far from everything: one cluster stays empty at first.
start = np.array([[5.0, 3.4, 1.5, 0.2], [60, 60, 60, 60], [70, 70, 70, 70]])
model = KMeans(3, init=start, n_init=1).fit(data["iris"])
relocated = {"init": start.tolist(), "labels": model.labels_.tolist(), "inertia": model.inertia_, "nIter": model.n_iter_}

scores = []
for name in ("iris", "wine", "digits", "breast_cancer"):
    x, labels = data[name], KMeans(4, random_state=0, n_init=1).fit_predict(data[name])
    other = KMeans(3, random_state=3, n_init=1).fit_predict(data[name])
    scores.append({
        "data": name, "labels": labels.tolist(), "other": other.tolist(),
        "silhouetteScore": metrics.silhouette_score(x, labels),
        "silhouetteManhattan": metrics.silhouette_score(x, labels, metric="manhattan"),
        "daviesBouldinScore": metrics.davies_bouldin_score(x, labels),
        "calinskiHarabaszScore": metrics.calinski_harabasz_score(x, labels),
        "randScore": metrics.rand_score(labels, other),
        "adjustedRandScore": metrics.adjusted_rand_score(labels, other),
        "mutualInfoScore": metrics.mutual_info_score(labels, other),
        "normalizedMutualInfoScore": metrics.normalized_mutual_info_score(labels, other),
        "adjustedMutualInfoScore": metrics.adjusted_mutual_info_score(labels, other),
        "homogeneityScore": metrics.homogeneity_score(labels, other),
        "completenessScore": metrics.completeness_score(labels, other),
        "vMeasureScore": metrics.v_measure_score(labels, other),
        "vMeasureBeta": metrics.v_measure_score(labels, other, beta=0.5),
        "fowlkesMallowsScore": metrics.fowlkes_mallows_score(labels, other),
        "pairs": metrics.cluster.pair_confusion_matrix(labels, other).tolist(),
    })

json.dump(
    {"data": {name: x.tolist() for name, x in data.items()}, "cases": cases, "relocated": relocated, "scores": scores},
    open("parity/fixtures/k-means.json", "w"),
    separators=(",", ":"),
)
