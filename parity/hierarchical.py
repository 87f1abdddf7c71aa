"""Reference answers for hierarchical and mini-batch clustering, from the pinned SciPy and scikit-learn.

Run from the repository root: python parity/hierarchical.py. Data are rounded so that the fixture stays small; the answers are
those for the rounded data. Numbers are written with 15 digits where they are compared to 1e-10.
"""

import json
import warnings

import numpy as np
import scipy
import sklearn
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist, squareform
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.neighbors import kneighbors_graph

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore")

rng = np.random.RandomState(0)
cancer = load_breast_cancer().data[::4]
wine = load_wine().data[::2]
data = {
    # Distances repeat: the order of equal merges counts.
    "iris": load_iris().data[::2],
    "wine": np.round((wine - wine.mean(0)) / wine.std(0), 3),
    "digits": load_digits().data[:120],
    # More columns than rows.
    "wide": load_digits().data[200:225],
    "breast_cancer": np.round((cancer - cancer.mean(0)) / cancer.std(0), 2),
    # 12 different rows, many times each.
    "duplicates": np.round(rng.standard_normal((12, 3)), 1)[rng.randint(12, size=50)],
    # Groups of 40, 6 and 2 rows.
    "imbalanced": np.round(np.random.RandomState(1).standard_normal((48, 3)) + 4 * np.repeat([[0, 0, 0], [1, 1, 0], [0, 2, 2]], [40, 6, 2], 0), 3),
    "blobs": np.round(rng.standard_normal((60, 4)) + 3 * rng.randint(3, size=(60, 1)), 4),
    "far": np.round(rng.standard_normal((80, 2)) + 1e6 + 5 * rng.randint(3, size=(80, 1)), 2),
}
METRICS = {"euclidean": "euclidean", "manhattan": "cityblock", "chebyshev": "chebyshev", "cosine": "cosine", "correlation": "correlation", "sqeuclidean": "sqeuclidean"}


def numbers(values):
    return [float(f"{v:.15g}") for v in np.asarray(values).ravel()]


linkages = []
for name, x in data.items():
    for method in ("ward", "complete", "average", "weighted", "single"):
        for metric in ["euclidean"] if method == "ward" or name not in ("wine", "digits") else list(METRICS):
            if metric in ("cosine", "correlation") and method == "weighted":
                continue
            z = hierarchy.linkage(x, method, METRICS[metric])
            case = {"data": name, "method": method, "metric": metric, "merges": z[:, :2].astype(int).ravel().tolist(), "distances": numbers(z[:, 2])}
            if metric == "euclidean":
                limit = float(np.quantile(z[:, 2], 0.8))
                case |= {
                    "limit": limit,
                    "byDistance": hierarchy.fcluster(z, limit, "distance").tolist(),
                    "byCount": hierarchy.fcluster(z, 5, "maxclust").tolist(),
                    "leaves": hierarchy.leaves_list(z).tolist(),
                    "cophenetic": float(hierarchy.cophenet(z, pdist(x))[0]),
                    "cophenetSum": float((hierarchy.cophenet(z) * (1 + np.arange(len(x) * (len(x) - 1) // 2) % 7)).sum()),
                }
            linkages.append(case)

models = []
for name, x in data.items():
    for options in (
        {"n_clusters": 3},
        {"n_clusters": 6, "linkage": "average"},
        {"n_clusters": 4, "linkage": "complete", "metric": "manhattan"},
        {"n_clusters": 5, "linkage": "single"},
        {"n_clusters": None, "distance_threshold": float(np.round(hierarchy.ward(x)[-4, 2] + 1e-3, 3))},
    ):
        model = AgglomerativeClustering(**options, compute_distances=True).fit(x)
        models.append({"data": name, "options": options, "labels": model.labels_.tolist(), "clusters": int(model.n_clusters_)})

graphs = []
for name in ("wine", "breast_cancer", "blobs", "far"):
    x = data[name]
    for neighbours, options in (
        (6, {"linkage": "ward", "n_clusters": 4}),
        (3, {"linkage": "ward", "n_clusters": 3}),
        (6, {"linkage": "average", "n_clusters": 4}),
        (2, {"linkage": "complete", "n_clusters": 5}),
        (6, {"linkage": "single", "n_clusters": 4}),
        (6, {"linkage": "ward", "n_clusters": 20, "compute_full_tree": False}),
    ):
        graph = kneighbors_graph(x, neighbours, include_self=False)
        model = AgglomerativeClustering(**options, connectivity=graph, compute_distances=True).fit(x)
        # Only where no two distances are equal is the order of merges defined.
        distinct = len(set(np.round(model.distances_, 9))) == len(model.distances_)
        graphs.append({
            "data": name, "neighbours": neighbours, "options": options, "labels": model.labels_.tolist(), "distances": numbers(model.distances_),
            "components": int(model.n_connected_components_), "distinct": distinct,
        })

# Agreement on the matrix of distances.
x = data["wine"]
precomputed = AgglomerativeClustering(4, metric="precomputed", linkage="average").fit(squareform(pdist(x, "cityblock"))).labels_.tolist()

batches = []
for name in ("iris", "wine", "digits", "breast_cancer", "duplicates", "far"):
    x = data[name]
    for options, weighted in (
        ({"n_clusters": 3, "random_state": 0, "batch_size": 32}, False),
        ({"n_clusters": 6, "random_state": 3, "batch_size": 16, "init": "random", "n_init": 3}, True),
        ({"n_clusters": 4, "random_state": 1, "tol": 1e-3, "max_no_improvement": None, "max_iter": 20, "batch_size": 20}, False),
        # Centres with few rows are moved.
        ({"n_clusters": 8, "random_state": 2, "batch_size": 24, "reassignment_ratio": 0.3, "max_iter": 5}, True),
    ):
        if name == "duplicates" and "reassignment_ratio" in options:
            continue  # Two centres on one repeated row: rounding decides between them.
        weights = np.array([(3 * i % 7 + 1) / 4 for i in range(len(x))]) if weighted else None
        model = MiniBatchKMeans(**options).fit(x, sample_weight=weights)
        batches.append({
            "data": name, "options": options, "weighted": weighted, "labels": model.labels_.tolist(), "inertia": model.inertia_, "nSteps": model.n_steps_,
            "nIter": model.n_iter_, "centers": [numbers(row[:5]) for row in model.cluster_centers_],
        })

# Further batches: from the given centres, whose counts are those of one pass.
x = data["wine"]
start = MiniBatchKMeans(3, random_state=0, batch_size=30, reassignment_ratio=0, max_iter=2).fit(x)
for at in (0, 30, 60):
    start.partial_fit(x[::-1][at:at + 30])
continued = {"centers": [numbers(row) for row in start.cluster_centers_], "nSteps": start.n_steps_}

json.dump(
    {
        "data": {name: x.tolist() for name, x in data.items()}, "linkages": linkages, "models": models, "graphs": graphs,
        "precomputed": precomputed, "batches": batches, "continued": continued, "scipy": scipy.__version__,
    },
    open("parity/fixtures/hierarchical.json", "w"),
    separators=(",", ":"),
)
