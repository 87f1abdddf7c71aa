"""Reference draws of numpy.random.RandomState for src/core/random.test.ts (numpy 2.4.6).

Each stream holds the SHA-256 of 100,000 draws as little-endian bytes, a few of the values, and how much state was used
(the next draw after the stream). Normals depend on the C library's logarithm, so they are given as every draw's lowest 4
bits plus a sum per 1,000 draws.
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np

assert np.__version__ == "2.4.6", np.__version__
DRAWS = 100_000
SEEDS = [0, 1, 42, 20240229, 2**31, 2**32 - 1]


def stream(draw, values, dtype):
    flat = np.ascontiguousarray(values, dtype=dtype)
    return {
        "draw": draw,
        "sha256": hashlib.sha256(flat.astype(flat.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        "first": flat[:8].tolist(),
        "last": flat[-2:].tolist(),
    }


def integers(seed):
    ranges = [(0, 2), (0, 10), (-5, 1000), (0, 2**31 - 1), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1), (-(2**40), 2**45 + 7), (0, 2**53)]
    for low, high in ranges:
        values = np.random.RandomState(seed).randint(low, high, DRAWS, dtype=np.int64)
        yield {"low": low, "high": high, **stream("randint", values, np.float64)}


def choices(seed):
    p = np.array([0.1, 0.0, 0.25, 0.05, 0.2, 0.4])
    many = np.arange(1, 1001) / 500500
    state = lambda: np.random.RandomState(seed)
    yield {"n": 1000, "size": DRAWS, "replace": True, "p": None, **stream("choice", state().choice(1000, DRAWS), np.int32)}
    yield {"n": DRAWS, "size": 1000, "replace": False, "p": None, **stream("choice", state().choice(DRAWS, 1000, replace=False), np.int32)}
    yield {"n": 6, "size": DRAWS, "replace": True, "p": p.tolist(), **stream("choice", state().choice(6, DRAWS, p=p), np.int32)}
    yield {"n": 6, "size": 5, "replace": False, "p": p.tolist(), **stream("choice", state().choice(6, 5, replace=False, p=p), np.int32)}
    yield {"n": 1000, "size": 900, "replace": False, "p": "linear", **stream("choice", state().choice(1000, 900, replace=False, p=many), np.int32)}


def case(seed):
    state = np.random.RandomState(seed)
    mixed = [
        state.randint(7),
        state.random_sample(),
        state.standard_normal(),
        state.permutation(5).tolist(),
        state.standard_normal(),
        state.normal(10, 2),
        state.randint(-3, 2**40),
        state.uniform(-1, 3),
    ]
    kind, key, position, has, cached = state.get_state()
    return {
        "seed": seed,
        "mixed": mixed,
        "state": {"sha256": hashlib.sha256(key.astype("<u4").tobytes()).hexdigest(), "position": position, "cached": cached if has else None},
        "randomSample": stream("randomSample", np.random.RandomState(seed).random_sample(DRAWS), np.float64),
        "uniform": stream("uniform", np.random.RandomState(seed).uniform(-3, 7, DRAWS), np.float64),
        "permutation": stream("permutation", np.random.RandomState(seed).permutation(DRAWS), np.int32),
        "randint": list(integers(seed)),
        "choice": list(choices(seed)),
    }


def normals(seed):
    values = np.random.RandomState(seed).standard_normal(DRAWS)
    low = (values.view(np.uint64) & 15).astype(np.uint8)
    return {
        "seed": seed,
        "first": values[:20].tolist(),
        "low4": base64.b64encode((low[0::2] | (low[1::2] << 4)).tobytes()).decode(),
        "blockSums": values.reshape(-1, 1000).sum(axis=1).tolist(),
    }


fixture = {"numpy": np.__version__, "draws": DRAWS, "cases": [case(s) for s in SEEDS], "normals": [normals(42)]}
out = Path(__file__).parent / "fixtures" / "random_state.json"
out.parent.mkdir(exist_ok=True)
out.write_text(json.dumps(fixture, separators=(",", ":"), default=lambda v: v.item()) + "\n")
