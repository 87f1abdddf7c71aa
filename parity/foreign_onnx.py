"""ONNX files that skl2onnx writes of models of the pinned scikit-learn, with their predictions.

Run from the repository root, with skl2onnx 1.20.0 and onnx 1.23.2 installed: python parity/foreign_onnx.py. The files compute in
float32.
"""

import base64
import json

import numpy as np
import pandas as pd
import skl2onnx
import sklearn
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert skl2onnx.__version__ == "1.20.0", skl2onnx.__version__

rng = np.random.RandomState(0)
n = 40
# Eighths are exact in float32, so that trees ask the same questions.
x = np.round(rng.standard_normal((n, 3)) * 8) / 8
frame = pd.DataFrame({"size": x[:, 0], "colour": rng.choice(["red", "绿", "blue"], n)})
answer = np.where(x[:, 0] + (frame.colour == "red") > 0.3, "yes", "no")
values = x @ [1.0, -2.0, 0.5] + 0.1 * rng.standard_normal(n)
codes = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0)


def file_of(model, inputs, **options):
    options = {id(model): options} if options else None
    written = to_onnx(model, initial_types=inputs, options=options, target_opset={"": 18, "ai.onnx.ml": 3})
    return base64.b64encode(written.SerializeToString()).decode()


table = make_pipeline(
    ColumnTransformer([("n", StandardScaler(), ["size"]), ("c", OneHotEncoder(), ["colour"])]),
    LogisticRegression(),
).fit(frame, answer)
columns = [("size", FloatTensorType([None, 1])), ("colour", StringTensorType([None, 1]))]
matrix = [("X", FloatTensorType([None, 3]))]
boosting = GradientBoostingRegressor(n_estimators=10, max_depth=2, random_state=0).fit(x, values)
forest = RandomForestClassifier(5, max_depth=3, random_state=0).fit(x, codes)
components = PCA(2).fit(x)

fixture = {
    "table": {
        "file": file_of(table, columns, zipmap=False),
        "maps": file_of(table, columns),
        "rows": frame.to_dict("records"),
        "labels": table.predict(frame).tolist(),
        "probabilities": table.predict_proba(frame).tolist(),
    },
    "x": x.tolist(),
    "boosting": {"file": file_of(boosting, matrix), "predictions": boosting.predict(x).tolist()},
    "forest": {
        "file": file_of(forest, matrix, zipmap=False),
        "labels": forest.predict(x).tolist(),
        "probabilities": forest.predict_proba(x).tolist(),
    },
    "pca": {"file": file_of(components, matrix), "scores": components.transform(x).tolist()},
}
with open("parity/fixtures/foreign-onnx.json", "w", encoding="utf-8") as out:
    json.dump(fixture, out, ensure_ascii=False, separators=(",", ":"))
    out.write("\n")
