"""The scikit-learn side of forest-parity.ts: test scores of its forests on the tables in a folder, as JSON."""

import json
import pathlib
import sys

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

folder = pathlib.Path(sys.argv[1])
plan = json.loads((folder / "plan.json").read_text())
found = {}
for table in plan["tables"]:
    x = np.fromfile(folder / f"{table['name']}.x", dtype="<f8").reshape(-1, table["columns"])
    y = np.fromfile(folder / f"{table['name']}.y", dtype="<f8")
    regression = table["problem"] == "regression"
    forests = {
        "random forest": RandomForestRegressor if regression else RandomForestClassifier,
        "extra trees": ExtraTreesRegressor if regression else ExtraTreesClassifier,
    }
    found[table["name"]] = {name: [] for name in forests}
    for seed in range(plan["seeds"]):
        order = np.random.RandomState(seed).permutation(len(y))
        held, train = order[: len(y) // 4], order[len(y) // 4 :]
        for name, Model in forests.items():
            model = Model(100, random_state=seed, n_jobs=2).fit(x[train], y[train])
            found[table["name"]][name].append(model.score(x[held], y[held]))
print(json.dumps(found))
