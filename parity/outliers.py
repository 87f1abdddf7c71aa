"""Reference answers for the local outlier factor, from the pinned scikit-learn.

Run from the repository root: python parity/outliers.py. Uses the data of parity/fixtures/hierarchical.json; new rows are its rows plus
a step of 0.37 in every column.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn.neighbors import LocalOutlierFactor

assert sklearn.__version__ == "1.9.1", sklearn.__version__
warnings.simplefilter("ignore")

data = json.load(open("parity/fixtures/hierarchical.json"))["data"]
cases = []
for name in ("wine", "breast_cancer", "blobs", "far", "wide"):
    x = np.array(data[name])
    for options in (
        {},
        {"n_neighbors": 7, "contamination": 0.1},
        {"n_neighbors": 10, "metric": "manhattan", "contamination": 0.05},
    ):
        model = LocalOutlierFactor(**options)
        labels = model.fit_predict(x)
        judge = LocalOutlierFactor(**options, novelty=True).fit(x)
        cases.append({
            "data": name, "options": options, "labels": labels.tolist(), "factors": model.negative_outlier_factor_.tolist(), "offset": float(model.offset_),
            "newLabels": judge.predict(x + 0.37).tolist(),
        })
json.dump(cases, open("parity/fixtures/outliers.json", "w"), separators=(",", ":"))
