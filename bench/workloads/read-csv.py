import numpy as np
import pandas as pd

ROWS = 1_000_000
TEXT = ["city", "colour", "plan", "code"]


def make(directory):
    rng = np.random.RandomState(2)
    frame = {}
    for j in range(26):
        if j < 6:
            values = rng.randint(0, 10_000, ROWS).astype(float)
        elif j < 14:
            values = np.round(rng.standard_normal(ROWS) * 100, 3)
        elif j < 22:
            values = np.round(rng.standard_normal(ROWS), 6)
        else:  # all the digits a double has
            values = rng.standard_normal(ROWS)
        if j % 3 == 0:
            values[rng.uniform(size=ROWS) < 0.05] = np.nan
        frame[f"x{j}"] = values
    for name, levels in zip(TEXT, (200, 12, 4, 5000)):
        words = np.array([f"{name}-{i}" for i in range(levels)], dtype=object)
        values = words[rng.randint(0, levels, ROWS)]
        values[rng.uniform(size=ROWS) < 0.02] = None
        frame[name] = values
    table = pd.DataFrame(frame)
    table.to_csv(directory / "table.csv", index=False)
    table.to_parquet(directory / "table.parquet", index=False)


def prepare(directory):
    def run():
        table = pd.read_csv(directory / "table.csv")
        numbers = table.drop(columns=TEXT).to_numpy("float64")
        codes = [pd.factorize(table[name]) for name in TEXT]
        return numbers, codes

    return run


def quality(result):
    numbers, codes = result
    return {
        "rows": len(numbers),
        "missing": int(np.isnan(numbers).sum()) + sum(int((code < 0).sum()) for code, _ in codes),
        "levels": sum(len(levels) for _, levels in codes),
        "codes": sum(int(code.sum()) for code, _ in codes),
        "total": float(np.nansum(numbers)),
    }
