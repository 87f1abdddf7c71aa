"""Reference answers for src/monitor and the distributions under it. Writes fixtures/drift.json.

SciPy 1.17.1, numpy 2.4.6; streaming detectors from river 0.26.1 (pip install river==0.26.1, needed by this script only).
"""

import json
from pathlib import Path

import numpy as np
import river
import scipy
from river.drift import ADWIN, PageHinkley
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

assert scipy.__version__ == "1.17.1", scipy.__version__
assert np.__version__ == "2.4.6", np.__version__
assert river.__version__ == "0.26.1", river.__version__
rng = np.random.RandomState(0)


def finite(rows):
    return [[float(v) for v in row] for row in rows]


out = {}

# Windows are made by the test itself from the same generator: RandomState(seed), normals or integers.
# [seed, n, m, shift, scale, decimals]
windows = [
    [1, 1, 1, 0, 1, 6], [2, 5, 7, 0.5, 1, 6], [3, 40, 40, 0, 1, 6], [4, 40, 40, 1, 1, 1], [5, 200, 150, 0.2, 1.5, 6],
    [6, 1000, 999, 0.1, 1, 6], [7, 1000, 1000, 0.1, 1, 6], [8, 3000, 20, 0, 1, 6], [9, 9000, 10000, 0.02, 1, 6],
    [10, 12000, 11000, 0, 1, 6], [11, 12000, 11000, 0.03, 1, 6], [12, 20000, 60, 0.1, 1, 6], [13, 20000, 150, 0.3, 1, 6],
    [14, 30000, 30000, 0.2, 1, 6], [15, 12000, 3, 0, 1, 6], [16, 500, 600, 0, 1, 0], [17, 15000, 15000, 0.01, 1, 1],
    [18, 50000, 100, 5, 1, 6],
]
cases = []
for seed, n, m, shift, scale, decimals in windows:
    r = np.random.RandomState(seed)
    a = np.round(r.randint(0, 10**9, n) / 10**8, decimals)
    b = np.round(shift + scale * (r.randint(0, 10**9, m) / 10**8), decimals)
    ks = stats.ks_2samp(a, b)
    asymptotic = stats.ks_2samp(a, b, method="asymp")  # undefined for one row each
    wa, wb = r.randint(0, 5, n) + (np.arange(n) == 0), r.randint(0, 5, m) + (np.arange(m) == 0)
    edges = np.unique(np.quantile(a, np.arange(1, 11) / 10, method="inverted_cdf"))
    bins = lambda x: np.bincount(np.where(x < a.min(), 0, 1 + np.searchsorted(edges, x, side="left")), minlength=len(edges) + 2)
    ca, cb = bins(a), bins(b)
    used = (ca + cb) > 0
    p = (ca[used] + 0.5) / (ca[used] + 0.5).sum()
    q = (cb[used] + 0.5) / (cb[used] + 0.5).sum()
    cases.append({
        "window": [seed, n, m, shift, scale, decimals],
        "statistic": ks.statistic, "pValue": ks.pvalue, "asymptotic": asymptotic.pvalue if min(n, m) > 1 else None,
        "wasserstein": stats.wasserstein_distance(a, b),
        "weighted": stats.wasserstein_distance(a, b, wa, wb),
        "deviation": np.std(a),
        "edges": edges.tolist(), "reference": ca.tolist(), "current": cb.tolist(),
        "psi": float(np.sum((q - p) * np.log(q / p))),
        "jensenShannon": float(jensenshannon(ca, cb, base=2)),
    })
out["windows"] = cases

tables = [
    [[10, 20, 30], [12, 25, 20]], [[5, 0, 3, 1], [0, 4, 9, 0]], [[1000, 2000], [1000, 2000]], [[7], [9]],
    [[0, 10, 0], [5, 0, 8]], [rng.randint(0, 40, 100).tolist(), rng.randint(0, 40, 100).tolist()],
    [rng.randint(0, 10**6, 12).tolist(), rng.randint(0, 900, 12).tolist()],
    [rng.randint(0, 2000, 500).tolist(), rng.randint(0, 2000, 500).tolist()],
]
out["tables"] = []
for table in tables:
    counts = np.array(table)
    counts = counts[:, counts.sum(axis=0) > 0]
    result = stats.chi2_contingency(counts, correction=False)
    js = float(jensenshannon(table[0], table[1], base=2))
    out["tables"].append({"counts": table, "statistic": result.statistic, "dof": result.dof, "pValue": result.pvalue,
                          "jensenShannon": 0.0 if np.isnan(js) else js})

a = np.array([0.01, 0.3, 0.5, 1, 1.5, 2.5, 10, 49.5, 200, 500, 5e4])
r = np.array([1e-6, 0.01, 0.5, 0.9, 1, 1.05, 1.3, 2, 5])
out["gamma"] = finite((s, s * x, special.gammainc(s, s * x), special.gammaincc(s, s * x)) for s in a for x in r)
out["logGamma"] = finite((x, special.gammaln(x)) for x in [1e-8, 0.1, 0.5, 1, 1.5, 2, 3.3, 15.9, 16, 17, 100, 1e4, 1e8])
out["chiSquaredQuantile"] = finite(
    (df, t, stats.chi2.isf(t, df)) for df in [1, 2, 9, 99, 1000] for t in [0.99, 0.5, 0.05, 1e-4, 1e-9])
out["kolmogorov"] = finite(
    (n, z / np.sqrt(n), stats.kstwo.sf(z / np.sqrt(n), n))
    for n in [1, 2, 5, 20, 100, 140, 141, 200, 1000, 5000, 100000, 300000]
    for z in [0.1, 0.3, 0.5, 0.8, 1, 1.2, 1.45, 1.7, 2.1, 3, 6] if z < np.sqrt(n))
out["kolmogorovLimit"] = finite((z, special.kolmogorov(z)) for z in [0.05, 0.2, 0.5, 0.8, 0.99, 1, 1.2, 2, 4])
out["kolmogorovLimitQuantile"] = finite((t, special.kolmogi(t)) for t in [0.9, 0.5, 0.05, 1e-3, 1e-8])
out["smirnov"] = finite((n, x, special.smirnov(n, x)) for n in [1, 3, 10, 50, 500] for x in [0.05, 0.2, 0.5, 0.9])


def stream(name, seed, parts):
    """Uniform numbers as level + width * integer / 10^6, part by part: [length, level, width]."""
    return {"name": name, "seed": seed, "parts": parts}


streams = [
    stream("steady", 0, [[3000, 0, 1]]),
    stream("one jump", 1, [[1000, 0, 1], [1000, 0.5, 1]]),
    stream("up and down", 2, [[700, 0, 1], [600, 1, 1], [900, 0.2, 1], [800, 0.9, 0.3]]),
    stream("slow climb", 3, [[200, i / 20, 1] for i in range(20)]),
    stream("wider", 4, [[1500, 0, 1], [1500, -2, 5]]),
    stream("large values", 5, [[800, 1000, 50], [800, 980, 50], [400, 1040, 20]]),
    stream("constant then changed", 6, [[500, 3, 0], [500, 3.2, 0]]),
    stream("long", 7, [[12000, 0, 1], [6000, 0.05, 1], [100, 2, 1], [6000, 0.05, 1]]),
]
adwin_settings = [
    {}, {"delta": 0.2}, {"delta": 1e-5, "clock": 1}, {"maxBuckets": 2, "minWindowLength": 20}, {"gracePeriod": 200, "clock": 7},
]
page_settings = [
    {}, {"threshold": 5}, {"threshold": 10, "mode": "up", "delta": 0.05}, {"threshold": 8, "mode": "down", "alpha": 0.99},
    {"minInstances": 1, "threshold": 20, "delta": 0},
]
snake = {"maxBuckets": "max_buckets", "minWindowLength": "min_window_length", "gracePeriod": "grace_period",
         "minInstances": "min_instances"}
for s in streams:
    r = np.random.RandomState(s["seed"])
    values = np.concatenate([level + width * (r.randint(0, 10**6, length) / 10**6) for length, level, width in s["parts"]])
    s["adwin"], s["pageHinkley"] = [], []
    for kind, make, settings in (("adwin", ADWIN, adwin_settings), ("pageHinkley", PageHinkley, page_settings)):
        for options in settings:
            detector = make(**{snake.get(k, k): v for k, v in options.items()})
            alarms = []
            for i, x in enumerate(values):
                detector.update(float(x))
                if detector.drift_detected:
                    alarms.append(i)
            row = {"options": options, "alarms": alarms}
            if kind == "adwin":
                row["width"], row["mean"] = int(detector.width), detector.estimation
                # river calls the sum of squared deviations variance.
                row["variance"] = detector.variance / detector.width
            s[kind].append(row)
out["streams"] = streams

path = Path(__file__).parent / "fixtures" / "drift.json"
path.write_text(json.dumps(out, separators=(",", ":"), allow_nan=False) + "\n")
print(path.stat().st_size, "bytes", {s["name"]: [len(a["alarms"]) for a in s["adwin"] + s["pageHinkley"]] for s in streams})
