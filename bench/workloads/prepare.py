import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ROWS = 1_000_000
NUMBERS = [f"x{j}" for j in range(10)]
TEXT = [f"t{j}" for j in range(5)]


def make(directory):
    rng = np.random.RandomState(3)
    frame = {}
    for name in NUMBERS:
        values = rng.standard_normal(ROWS) * rng.uniform(1, 100) + rng.uniform(-50, 50)
        values[rng.uniform(size=ROWS) < 0.05] = np.nan
        frame[name] = values
    for name, levels in zip(TEXT, (4, 10, 20, 30, 50)):
        words = np.array([f"level {i}" for i in range(levels)], dtype=object)
        values = words[rng.randint(0, levels, ROWS)]
        values[rng.uniform(size=ROWS) < 0.03] = None
        frame[name] = values
    pd.DataFrame(frame).to_parquet(directory / "table.parquet", index=False)


def prepare(directory):
    table = pd.read_parquet(directory / "table.parquet")

    def run():
        numbers = make_pipeline(SimpleImputer(strategy="mean"), StandardScaler())
        text = make_pipeline(
            SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        )
        transformer = make_column_transformer((numbers, NUMBERS), (text, TEXT))
        return transformer.fit_transform(table)

    return run


def quality(result):
    return {
        "rows": result.shape[0],
        "columns": result.shape[1],
        "squares": float((result**2).sum()),
        "first": float(np.abs(result[:1000]).sum()),
        "weighted": float(np.abs(result @ np.arange(1, result.shape[1] + 1)).sum()),
    }
