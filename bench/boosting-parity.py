"""LightGBM's losses on folds that bench/boosting-parity.ts names: a JSON request on standard input, losses on standard output."""

import json
import sys

import lightgbm
import numpy as np
import pandas
from sklearn.metrics import log_loss

request = json.load(sys.stdin)
frame = pandas.DataFrame(
    {
        column["name"]: pandas.Categorical.from_codes(column["codes"], column["levels"])
        if column["kind"] == "string"
        else np.array([np.nan if v is None else v for v in column["values"]])
        for column in request["columns"]
    }
)
y = np.array(request["y"])
losses = []
for train, test in request["folds"]:
    common = dict(n_estimators=100, num_leaves=31, learning_rate=0.1, min_child_samples=20, verbose=-1, n_jobs=1)
    Model = lightgbm.LGBMClassifier if request["kind"] == "classifier" else lightgbm.LGBMRegressor
    model = Model(**common).fit(frame.iloc[train], y[train])
    if request["kind"] == "classifier":
        losses.append(log_loss(y[test], model.predict_proba(frame.iloc[test]), labels=model.classes_))
    else:
        losses.append(float(np.mean((model.predict(frame.iloc[test]) - y[test]) ** 2)))
print(json.dumps(losses))
