"""Reference figures for src/data/profile: describe by pandas, associations by SciPy. Run: .venv/bin/python parity/profile.py"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

assert pd.__version__.startswith("3.1.") and np.__version__ == "2.4.6"

random = np.random.RandomState(5)
n = 60
numbers = {
    "normal": random.standard_normal(n).round(6),
    "counts": random.randint(0, 9, n).astype(float),
    "large mean": (1e9 + random.standard_normal(n)).round(3),
    "gaps": np.where(random.random_sample(n) < 0.3, np.nan, random.random_sample(n).round(6)),
    "single": np.array([3.5]),
}


def describe(values):
    series = pd.Series(values)
    q = series.quantile([0, 0.25, 0.5, 0.75, 1]).tolist()
    present = series.dropna()
    bins, _ = np.histogram(present, bins=10) if present.nunique() > 1 else (np.array([]), None)
    return {
        "values": [None if np.isnan(v) else v for v in values],
        "quantiles": q,
        "mean": series.mean(),
        "standardDeviation": None if np.isnan(series.std()) else series.std(),
        "distinct": int(series.nunique()),
        "missing": int(series.isna().sum()),
        "histogram": bins.tolist(),
    }


a, b = numbers["normal"], numbers["normal"] * 0.5 + random.standard_normal(n).round(6)
colors = random.choice(["red", "green", "blue"], n)
sizes = np.where(random.random_sample(n) < 0.6, np.where(colors == "red", "S", "L"), random.choice(["S", "M", "L"], n))

groups = [a[colors == c] for c in np.unique(colors)]
f = stats.f_oneway(*groups).statistic
k = len(groups)
eta = np.sqrt(f * (k - 1) / (f * (k - 1) + n - k))

table = pd.crosstab(colors, sizes).to_numpy()
phi2 = stats.chi2_contingency(table, correction=False).statistic / n
r, c = table.shape
corrected = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
least = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1

fixture = {
    "numbers": {name: describe(values) for name, values in numbers.items()},
    "associations": {
        "a": a.tolist(),
        "b": b.tolist(),
        "colors": colors.tolist(),
        "sizes": sizes.tolist(),
        "pearson": stats.pearsonr(a, b).statistic,
        "correlationRatio": eta,
        "cramersV": float(np.sqrt(corrected / least)),
    },
}
path = Path(__file__).parent / "fixtures" / "profile.json"
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
