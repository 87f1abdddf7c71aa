"""Reference answers for PCA in batches, from the pinned scikit-learn."""

import json
import pathlib

import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.decomposition import IncrementalPCA

fixtures = pathlib.Path(__file__).parent / "fixtures"
rng = np.random.RandomState(0)
tables = {
    "iris": load_iris().data,
    "wine": load_wine().data[:90].round(4),
    "cancer": load_breast_cancer().data[:120, :10].round(5),
    "wide": rng.randn(40, 15).round(4),
    "repeated": np.repeat(rng.randn(6, 4).round(4), 5, 0),
}


def case(name, n_components, batch_size, whiten=False, parts=None):
    x = tables[name]
    model = IncrementalPCA(n_components=n_components, batch_size=batch_size, whiten=whiten)
    if parts is None:
        model.fit(x)
    else:
        for part in np.split(x, parts):
            model.partial_fit(part)
    return {
        "data": name,
        "options": {"nComponents": n_components, "batchSize": batch_size, "whiten": whiten},
        "parts": parts,
        "components": model.components_.tolist(),
        "explainedVariance": model.explained_variance_.tolist(),
        "explainedVarianceRatio": model.explained_variance_ratio_.tolist(),
        "noiseVariance": float(model.noise_variance_),
        "mean": model.mean_.tolist(),
        "variance": model.var_.tolist(),
        "transformed": model.transform(x[:3]).tolist(),
    }


cases = [
    case("iris", 2, 20),
    case("iris", None, 30, whiten=True),
    case("iris", 3, None, parts=[50, 60, 100]),
    case("wine", 4, 25),
    case("cancer", 3, 50),
    case("wide", 5, 9),
    case("wide", 5, None),
]
answers = {"data": {name: x.tolist() for name, x in tables.items()}, "cases": cases}
(fixtures / "incremental-pca.json").write_text(json.dumps(answers) + "\n")
