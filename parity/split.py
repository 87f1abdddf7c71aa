"""Reference splits of sklearn.model_selection for src/data/split (scikit-learn 1.9.1, numpy 2.4.6).

A case is {splitter, options, n, y?, groups?, splits}; a split is [train, test], train null where it is the ascending
complement of test. Names and options are heddle's; randomState is always given to scikit-learn as random_state.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import model_selection as ms

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert np.__version__ == "2.4.6", np.__version__
warnings.simplefilter("ignore", UserWarning)

cases = []


def as_list(values):
    return None if values is None else np.asarray(values).tolist()


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def encode(n, train, test):
    complement = np.setdiff1d(np.arange(n), test)
    plain = len(train) == len(complement) and np.array_equal(train, complement)
    return [None if plain else as_list(train), as_list(test)]


def add(splitter, n, options, y=None, groups=None):
    """splitter is heddle's name; its class is the same name with an upper first letter."""
    cls = getattr(ms, splitter[0].upper() + splitter[1:])
    splits = cls(**{snake(k): v for k, v in options.items()}).split(np.zeros(n), y, groups)
    case = {"splitter": splitter, "options": options, "n": n}
    if y is not None:
        case["y"] = as_list(y)
    if groups is not None:
        case["groups"] = as_list(groups)
    case["splits"] = [encode(n, train, test) for train, test in splits]
    cases.append(case)


def labels(kind, n, seed):
    r = np.random.RandomState(seed)
    if kind == "binary":
        return r.randint(0, 2, n)
    if kind == "rare":
        return (np.arange(n) % 9 == 4).astype(int)
    if kind == "numbers":
        return r.choice([10, 2, -7, 33], n)
    if kind == "text":
        return r.choice(["b", "a", "Z", "类", "\ue000", "\U0001f600"], n)
    if kind == "flags":
        return r.randint(0, 2, n).astype(bool)
    if kind == "skewed":
        return r.choice(4, n, p=[0.55, 0.25, 0.1, 0.1])
    if kind == "many":
        return np.arange(n) % 11
    if kind == "ties":
        return np.repeat(np.arange(n // 5), 5)[:n] if n % 5 == 0 else np.arange(n) % 4
    raise KeyError(kind)


for n in [2, 3, 7, 10, 23]:
    for k in [2, 3, 5]:
        if k <= n:
            add("kFold", n, {"nSplits": k})
            for seed in [0, 42]:
                add("kFold", n, {"nSplits": k, "shuffle": True, "randomState": seed})

for kind in ["binary", "rare", "numbers", "text", "flags", "skewed", "many"]:
    for n, k in [(24, 2), (31, 3), (57, 5)]:
        y = labels(kind, n, n)
        add("stratifiedKFold", n, {"nSplits": k}, y)
        add("stratifiedKFold", n, {"nSplits": k, "shuffle": True, "randomState": n + k}, y)

for kind in ["numbers", "text", "skewed", "ties"]:
    for n, k in [(15, 2), (25, 3), (40, 4)]:
        groups = labels(kind, n, n + 1)
        if len(np.unique(groups)) >= k:
            add("groupKFold", n, {"nSplits": k}, None, groups)
            add("groupKFold", n, {"nSplits": k, "shuffle": True, "randomState": n}, None, groups)
        add("leaveOneGroupOut", n, {}, None, groups)

for kind, classes in [("binary", 2), ("skewed", 4), ("many", 11), ("flags", 2), ("single", 1)]:
    for n, k, size in [(30, 2, 4), (48, 3, 3), (66, 5, 5)]:
        r = np.random.RandomState(n)
        y = np.zeros(n, dtype=int) if kind == "single" else labels(kind, n, n)
        groups = r.randint(0, n // size, n)
        add("stratifiedGroupKFold", n, {"nSplits": k}, y, groups)
        add("stratifiedGroupKFold", n, {"nSplits": k, "shuffle": True, "randomState": n}, y, groups)
# 20 folds of a single class: column sums long enough for the eight running sums of NumPy's addition.
r = np.random.RandomState(5)
groups = r.randint(0, 30, 100)
add("stratifiedGroupKFold", 100, {"nSplits": 20, "shuffle": True, "randomState": 3}, np.zeros(100, dtype=int), groups)

sizes = [
    {},
    {"testSize": 0.25},
    {"testSize": 3},
    {"trainSize": 0.5},
    {"trainSize": 5},
    {"testSize": 0.3, "trainSize": 0.4},
    {"testSize": 4, "trainSize": 0.35},
    {"testSize": 0.29, "trainSize": 7},
]
for i, size in enumerate(sizes):
    for n in [11, 20]:
        add("shuffleSplit", n, {"nSplits": 2, **size, "randomState": i}, None, None)
    r = np.random.RandomState(i)
    add("groupShuffleSplit", 30, {"nSplits": 2, **size, "randomState": i}, None, r.randint(0, 13, 30))
    add("groupShuffleSplit", 24, {"nSplits": 2, **size, "randomState": i}, None, r.choice(list("qwertyuiopas"), 24))

for i, size in enumerate(sizes):
    for kind in ["binary", "skewed", "text", "ties"]:
        n = 40 if kind != "ties" else 20
        y = np.arange(n) % 4 if kind == "ties" else labels(kind, n, 7)
        try:
            add("stratifiedShuffleSplit", n, {"nSplits": 2, **size, "randomState": i + 100}, y)
        except ValueError:
            pass  # a part smaller than the number of classes: the error is tested elsewhere

for n in [2, 6]:
    add("leaveOneOut", n, {})
for k, m, seed in [(2, 3, 0), (3, 2, 9)]:
    add("repeatedKFold", 11, {"nSplits": k, "nRepeats": m, "randomState": seed})
    add("repeatedStratifiedKFold", 20, {"nSplits": k, "nRepeats": m, "randomState": seed}, labels("skewed", 20, 1))
    add("repeatedStratifiedKFold", 22, {"nSplits": k, "nRepeats": m, "randomState": seed}, labels("text", 22, 3))

for options in [{}, {"nSplits": 3}, {"nSplits": 2, "gap": 2}, {"nSplits": 3, "testSize": 2}, {"maxTrainSize": 4}, {"nSplits": 4, "testSize": 3, "gap": 1, "maxTrainSize": 5}]:
    for n in [17, 24]:
        add("timeSeriesSplit", n, options)

for fold in [[0, 1, -1, 1, 0], [3, 3, -1, 0, 7, 0, 3], [0, 0, 0]]:
    splits = ms.PredefinedSplit(fold).split()
    cases.append({"splitter": "predefinedSplit", "options": {"testFold": fold}, "n": len(fold), "splits": [encode(len(fold), a, b) for a, b in splits]})


def count(size, n, whole):
    return None if size is None else (size if isinstance(size, int) else int(whole(size * n)))


def train_test(n, options, y=None):
    """One call, or with validationSize the two documented calls."""
    opts = dict(options)
    seed, shuffle = opts.get("randomState", 0), opts.get("shuffle", True)
    rows = np.arange(n)
    args = {"random_state": seed, "shuffle": shuffle}
    pick = lambda r: None if y is None else np.asarray(y)[r]
    if "validationSize" not in opts:
        train, test = ms.train_test_split(rows, test_size=opts.get("testSize"), train_size=opts.get("trainSize"), stratify=pick(rows), **args)
        parts = {"train": train, "test": test}
    else:
        n_validation = count(opts["validationSize"], n, np.ceil)
        n_train = count(opts.get("trainSize"), n, np.floor)
        n_test = count(opts.get("testSize"), n, np.ceil)
        if n_test is None:
            n_test = int(np.ceil(0.25 * n)) if n_train is None else n - n_train - n_validation
        if n_train is None:
            n_train = n - n_test - n_validation
        rest, test = ms.train_test_split(rows, test_size=n_test, train_size=n_train + n_validation, stratify=pick(rows), **args)
        train, validation = ms.train_test_split(rest, test_size=n_validation, train_size=n_train, stratify=pick(rest), **args)
        parts = {"train": train, "validation": validation, "test": test}
    case = {"n": n, "options": options, **{k: as_list(v) for k, v in parts.items()}}
    if y is not None:
        case["stratify"] = as_list(y)
    train_tests.append(case)


train_tests = []
for n in [4, 10, 33]:
    for seed in [0, 42]:
        train_test(n, {"randomState": seed})
        train_test(n, {"testSize": 0.2, "randomState": seed})
        train_test(n, {"testSize": 1, "trainSize": 2, "randomState": seed})
    train_test(n, {"shuffle": False, "testSize": 0.4})
    train_test(n, {"shuffle": False, "testSize": 1, "trainSize": 2})
    train_test(n, {"testSize": 0.2, "validationSize": 0.2, "randomState": 42})
    train_test(n, {"testSize": 1, "validationSize": 0.25, "trainSize": 0.4})
    train_test(n, {"validationSize": 1, "trainSize": 0.4, "randomState": 7})
    train_test(n, {"validationSize": 1, "shuffle": False})
for seed in [0, 1]:
    for kind in ["binary", "skewed", "text", "flags"]:
        y = labels(kind, 60, 7)
        train_test(60, {"testSize": 0.25, "randomState": seed}, y)
        train_test(60, {"testSize": 0.25, "validationSize": 0.25, "randomState": seed}, y)

fixture = {"scikit-learn": sklearn.__version__, "cases": cases, "trainTest": train_tests}
out = Path(__file__).parent / "fixtures" / "split.json"
out.parent.mkdir(exist_ok=True)
out.write_text(json.dumps(fixture, separators=(",", ":"), ensure_ascii=False) + "\n")
print(len(cases), len(train_tests), out.stat().st_size)
