"""Files of the reference writer for src/core/safetensors.test.ts (safetensors 0.8.0, numpy 2.4.6; not in the peers' environment).

    python parity/safetensors_layout.py              writes fixtures/safetensors_layout.json
    python parity/safetensors_layout.py read FILE    prints what the reference reader finds in a file written by heddle
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import safetensors
from safetensors import safe_open
from safetensors.numpy import save

assert safetensors.__version__ == "0.8.0", safetensors.__version__
assert np.__version__ == "2.4.6", np.__version__


def read(path):
    with safe_open(path, framework="np") as file:
        print("metadata", {key: len(value) for key, value in (file.metadata() or {}).items()})
        for name in file.keys():
            array = file.get_tensor(name)
            print(name, array.dtype, list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()[:16])


def numbers(dtype, shape, start=0):
    count = int(np.prod(shape))
    if np.dtype(dtype).kind == "f":
        values = (np.arange(count) + start) / 8 - 1
        values[: min(count, 3)] = [np.nan, np.inf, -0.0][: min(count, 3)]
        return values.astype(dtype).reshape(shape)
    if dtype == np.bool_:
        return (np.arange(count) % 3 == 0).reshape(shape)
    info = np.iinfo(dtype)
    values = [[info.min, info.max, 0][i] if i < 3 else i + start for i in range(count)]
    return np.array(values, dtype=dtype).reshape(shape)


def case(name, tensors, metadata=None):
    data = save(tensors, metadata)
    return {
        "name": name,
        "file": base64.b64encode(data).decode(),
        "metadata": metadata or {},
        "tensors": {
            key: {"shape": list(value.shape), "bytes": base64.b64encode(value.tobytes()).decode()}
            for key, value in tensors.items()
        },
    }


kinds = [np.float64, np.float32, np.float16, np.int64, np.uint64, np.int32, np.uint32, np.int16, np.uint16, np.int8, np.uint8, np.bool_]
cases = [
    case("empty", {}),
    case("metadata only", {}, {"note": "面积 \"½\" \\ \n\u0001 é"}),
    case("every dtype", {f"t.{np.dtype(kind).name}": numbers(kind, (3, 5)) for kind in kinds}),
    case("odd sizes", {f"{np.dtype(kind).name}-{n}": numbers(kind, (n,), n) for kind in kinds for n in (1, 3)}),
    case("scalars and nothing", {"scalar": numbers(np.float64, ()), "none": numbers(np.float32, (0,)), "flat": numbers(np.int8, (4, 0, 2))}),
    case("names", {"面积": numbers(np.float64, (2,)), "a.b": numbers(np.float64, (1,)), "1": numbers(np.uint8, (3,)), "0": numbers(np.int32, (1,)), "constructor": numbers(np.int8, (1,)), 'q"\\': numbers(np.int8, (2,))}, {"k": "v"}),
]

if sys.argv[1:2] == ["read"]:
    read(sys.argv[2])
else:
    fixture = {"safetensors": safetensors.__version__, "numpy": np.__version__, "cases": cases}
    out = Path(__file__).parent / "fixtures" / "safetensors_layout.json"
    out.write_text(json.dumps(fixture, separators=(",", ":"), ensure_ascii=False) + "\n")
