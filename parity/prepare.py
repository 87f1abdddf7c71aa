"""Reference answers of transformers and pipelines (scikit-learn 1.9.1, numpy 2.4.6, pandas 3.1.1).

`tables` holds each table once, as columns; null is a missing value. A case is {model, options, table, weights?, test?, expected}:
options are heddle's names, `expected` holds the transformed training table, where there is one that of the table `test`, names of
columns and fitted attributes. A case of model `columns` is a column transformer, one of `pipeline` ends in a ridge regression.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert np.__version__ == "2.4.6", np.__version__

random = np.random.RandomState(11)
rows = 60


def gaps(values, share=0.15):
    values = np.array(values, dtype=object if np.asarray(values).dtype.kind == "U" else float)
    values[random.uniform(size=len(values)) < share] = np.nan
    return values


tables = {
    "numbers": pd.DataFrame(
        {
            "plain": np.round(random.standard_normal(rows) * 3 + 1, 3),
            "far": gaps(np.round(random.standard_normal(rows), 4) + 1e7),
            "ties": gaps(random.randint(0, 4, rows)),
            "constant": np.full(rows, 0.1),
            "nearly": np.where(np.arange(rows) % 2 == 0, 1e9, np.nextafter(1e9, 2e9)),
            "heavy": gaps(np.round(np.exp(3 * random.standard_normal(rows)), 5)),
        }
    ),
    "empty": pd.DataFrame({"a": gaps(np.arange(12) % 5), "none": np.full(12, np.nan), "b": np.arange(12.0)}),
    "mixed": pd.DataFrame(
        {
            "color": gaps(np.array(["red", "green", "blue", "Blue", "\U0001F600", "\uffe0"])[random.randint(0, 6, rows)]),
            "size": gaps(np.array([1.5, -2, 10, 0])[random.randint(0, 4, rows)]),
            "flag": random.uniform(size=rows) < 0.3,
            "rare": np.array(["a"] * 30 + ["b"] * 15 + ["c"] * 6 + ["d"] * 5 + ["e"] * 2 + ["f"] * 2, dtype=object),
            "binary": np.array(["no", "yes"], dtype=object)[random.randint(0, 2, rows)],
        }
    ),
}
tables["mixed"]["rare"] = tables["mixed"]["rare"].to_numpy()[random.permutation(rows)]
tables["later"] = pd.DataFrame(
    {
        "color": np.array(["red", "violet", np.nan, "blue"], dtype=object),
        "size": [0.0, 3, np.nan, 10],
        "flag": [True, False, True, True],
        "rare": np.array(["f", "z", "a", np.nan], dtype=object),
        "binary": np.array(["yes", "no", "maybe", "yes"], dtype=object),
    }
)
weights = np.round(random.uniform(0, 3, rows), 2)
weights[::7] = 0


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


renamed = {"mostFrequent": "most_frequent", "ifBinary": "if_binary", "infrequentIfExist": "infrequent_if_exist"}
renamed["useEncodedValue"] = "use_encoded_value"


def keywords(options):
    snake = {"".join("_" + c.lower() if c.isupper() else c for c in key): value for key, value in options.items()}
    snake = {key: renamed.get(value, value) if isinstance(value, str) else value for key, value in snake.items()}
    for key in ("unknown_value", "encoded_missing_value"):
        if key in snake and snake[key] is None:
            snake[key] = np.nan
    if "feature_range" in snake:
        snake["feature_range"] = tuple(snake["feature_range"])
    return snake


models = {
    "simpleImputer": (SimpleImputer, {}, ["statistics_"]),
    "standardScaler": (StandardScaler, {}, ["mean_", "var_", "scale_", "n_samples_seen_"]),
    "minMaxScaler": (MinMaxScaler, {}, ["data_min_", "data_max_", "data_range_", "scale_", "min_"]),
    "oneHotEncoder": (OneHotEncoder, {"sparse_output": False}, ["categories_", "drop_idx_"]),
    "ordinalEncoder": (OrdinalEncoder, {}, ["categories_"]),
}
cases = []


def case(model, options, table, columns=None, weighted=False, test=None):
    kind, fixed, attributes = models[model]
    x = tables[table] if columns is None else tables[table][columns]
    fitted = kind(**fixed, **keywords(options))
    fitted.fit(x, **({"sample_weight": weights} if weighted else {}))
    expected = {"train": plain(fitted.transform(x)), "names": list(fitted.get_feature_names_out())}
    if test is not None:
        expected["test"] = plain(fitted.transform(tables[test][columns] if columns else tables[test]))
    expected["attributes"] = {
        name.rstrip("_"): plain(np.full(x.shape[1], value) if np.isscalar(value) and name == "n_samples_seen_" else value)
        for name in attributes
        for value in [getattr(fitted, name)]
    }
    found = {"model": model, "options": options, "table": table, "weighted": weighted, "test": test, "expected": expected}
    cases.append(found | ({} if columns is None else {"columns": columns}))


numbers = list(tables["numbers"].columns)
for strategy in ("mean", "median", "mostFrequent", "constant"):
    case("simpleImputer", {"strategy": strategy, "addIndicator": strategy == "mean"}, "numbers")
    for keep in (False, True):
        case("simpleImputer", {"strategy": strategy, "keepEmptyFeatures": keep, "addIndicator": keep}, "empty")
case("simpleImputer", {"strategy": "constant", "fillValue": -7}, "numbers")
case("simpleImputer", {"strategy": "mostFrequent"}, "mixed", ["color", "rare"], test="later")
case("simpleImputer", {"strategy": "constant", "addIndicator": False}, "mixed", ["color"], test="later")
case("simpleImputer", {"strategy": "constant", "fillValue": "none"}, "mixed", ["color"])
for options in ({}, {"withMean": False}, {"withStd": False}):
    for weighted in (False, True):
        case("standardScaler", options, "numbers", weighted=weighted)
for options in ({}, {"featureRange": [-1, 3]}, {"clip": True}):
    case("minMaxScaler", options, "numbers")
case("minMaxScaler", {"clip": True}, "mixed", ["size"], test="later")
known = ["color", "size", "flag"]
for options in ({}, {"drop": "first"}, {"drop": "ifBinary"}):
    case("oneHotEncoder", options, "mixed", known)
for drop in (None, "first", "ifBinary"):
    case("oneHotEncoder", {"handleUnknown": "ignore", "drop": drop}, "mixed", test="later")
for rare in ({"minFrequency": 6}, {"minFrequency": 0.09}, {"maxCategories": 3}, {"maxCategories": 1}, {"minFrequency": 4, "maxCategories": 4}):
    for drop in (None, "first", "ifBinary"):
        case("oneHotEncoder", {"handleUnknown": "infrequentIfExist", "drop": drop, **rare}, "mixed", test="later")
case("oneHotEncoder", {"categories": [["red", "green", "x"], ["yes", "no"]], "handleUnknown": "ignore"}, "mixed", ["color", "binary"], test="later")
case("ordinalEncoder", {}, "mixed")
case("ordinalEncoder", {"encodedMissingValue": -1}, "mixed")
for unknown in (-5, None):
    case("ordinalEncoder", {"handleUnknown": "useEncodedValue", "unknownValue": unknown}, "mixed", test="later")
for rare in ({"minFrequency": 6}, {"maxCategories": 3}):
    case("ordinalEncoder", {"handleUnknown": "useEncodedValue", "unknownValue": -1, "encodedMissingValue": -2, **rare}, "mixed", test="later")

joined = pd.concat([tables["numbers"], tables["mixed"]], axis=1)
later = pd.concat([tables["numbers"].iloc[:4], tables["later"]], axis=1)
target = np.round(joined["plain"] * 2 + joined["binary"].eq("yes") * 3 + random.standard_normal(rows), 4)


def columns_of(remainder="drop", verbose=True):
    return ColumnTransformer(
        [
            ("text", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["binary", "color"]),
            ("numbers", Pipeline([("impute", SimpleImputer()), ("scale", StandardScaler())]), ["heavy", "plain", "ties"]),
            ("same", "passthrough", ["flag"]),
            ("nothing", "drop", ["nearly"]),
        ],
        remainder=remainder,
        verbose_feature_names_out=verbose,
    )


for verbose in (True, False):
    for remainder in ("drop", "passthrough"):
        x, test = (t.drop(columns=["size", "rare", "far"]) for t in (joined, later))
        fitted = columns_of(remainder, verbose).fit(x)
        cases.append(
            {
                "model": "columns",
                "options": {"remainder": remainder, "verboseFeatureNamesOut": verbose},
                "expected": {
                    "names": list(fitted.get_feature_names_out()),
                    "train": plain(np.asarray(fitted.transform(x), float)),
                    "test": plain(np.asarray(fitted.transform(test), float)),
                },
            }
        )
fitted = Pipeline([("columns", columns_of()), ("ridge", Ridge(alpha=0.5, solver="svd"))]).fit(joined, target)
cases.append({"model": "pipeline", "options": {}, "expected": {"train": plain(fitted.predict(joined)), "test": plain(fitted.predict(later)), "coef": plain(fitted[-1].coef_)}})

out = {
    "tables": {name: {column: plain(list(table[column])) for column in table} for name, table in tables.items()},
    "weights": plain(weights),
    "target": plain(target.to_numpy()),
    "cases": cases,
}
path = Path(__file__).parent / "fixtures" / "prepare.json"
path.write_text(json.dumps(out, separators=(",", ":"), ensure_ascii=False) + "\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
