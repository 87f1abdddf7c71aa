"""The model of serve.ts behind FastAPI and uvicorn: python serve-peer.py DATA.csv (ridge|logistic) PORT.

The same pipeline (scaler, one-hot, linear model) fitted on the same rows. uvicorn with uvloop and httptools, pydantic models with
a field for each column, no access log. Answers carry no id, which spares it the making of one.
"""
import sys

import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, create_model
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

data, kind, port = sys.argv[1:4]
table = pd.read_csv(data)
features = [name for name in table.columns if name not in ("price", "dear")]
numbers = [name for name in features if name.startswith("n")]
categories = [name for name in features if name.startswith("c")]
prepare = ColumnTransformer(
    [("n", StandardScaler(), numbers), ("c", OneHotEncoder(handle_unknown="ignore", sparse_output=False), categories)]
)
if kind == "ridge":
    model = make_pipeline(prepare, Ridge()).fit(table[features], table["price"])
else:
    # The solver's default tolerance leaves more of a difference than the comparison allows.
    model = make_pipeline(prepare, LogisticRegression(tol=1e-10, max_iter=1000)).fit(table[features], table["dear"])

Row = create_model("Row", **{name: (float if name in numbers else str, ...) for name in features})


class Single(BaseModel):
    row: Row


class Many(BaseModel):
    rows: list[Row]


app = FastAPI()


def predict(rows):
    x = pd.DataFrame({name: [getattr(row, name) for row in rows] for name in features})
    if kind == "ridge":
        return [{"prediction": value} for value in model.predict(x).tolist()]
    probabilities = model.predict_proba(x)
    labels = model.classes_.tolist()
    codes = np.argmax(probabilities, axis=1).tolist()
    return [
        {"prediction": labels[code], "probabilities": dict(zip(labels, row))}
        for code, row in zip(codes, probabilities.tolist())
    ]


@app.get("/readyz")
async def ready():
    return {"status": "ready"}


@app.post("/predict")
async def predict_row(body: Single):
    return predict([body.row])[0]


@app.post("/predict-many")
async def predict_rows(body: Many):
    return {"predictions": predict(body.rows)}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
