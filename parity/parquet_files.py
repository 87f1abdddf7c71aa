"""Parquet files in many settings for src/data/read/parquet, whose values DuckDB tells. Run: .venv/bin/python parity/parquet_files.py"""

import base64
import datetime
import decimal
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

assert pa.__version__.startswith("26.")

random = np.random.RandomState(3)
N = 60


def some(values, share=0.25):
    return [None if random.random_sample() < share else value for value in values]


words = ["", "a", "Zürich", "東京都", "a text longer than sixteen bytes", "another text longer than sixteen bytes", "b" * 70]
day = datetime.date(2026, 1, 1)
moment = datetime.datetime(2026, 3, 31, 14, 5, 6, 789_000)
doubles = random.standard_normal(N).round(3)
doubles[:5] = [np.nan, np.inf, -np.inf, -0.0, 1e-310]

columns = {
    "f64": (pa.float64(), some(doubles.tolist())),
    "f64 few": (pa.float64(), some(random.randint(0, 5, N).astype(float).tolist())),
    "f64 full": (pa.float64(), doubles.tolist()),
    "f32": (pa.float32(), some(random.standard_normal(N).round(2).tolist())),
    "i8": (pa.int8(), some(random.randint(-128, 128, N).tolist())),
    "i16": (pa.int16(), random.randint(-3000, 3000, N).tolist()),
    "i32": (pa.int32(), some(random.randint(-(2**31), 2**31 - 1, N).tolist())),
    "i64": (pa.int64(), some([2**53 - 1, -(2**53) + 1] + random.randint(-(2**40), 2**40, N - 2).tolist(), 0.1)),
    "i64 beyond": (pa.int64(), some([2**53] + random.randint(-(2**62), 2**62, N - 1).tolist(), 0.1)),
    "u8": (pa.uint8(), some(random.randint(0, 256, N).tolist())),
    "u16": (pa.uint16(), random.randint(0, 65536, N).tolist()),
    "u32": (pa.uint32(), some(random.randint(2**31, 2**32 - 1, N).tolist())),
    "u64": (pa.uint64(), some(random.randint(0, 2**50, N).tolist())),
    "u64 beyond": (pa.uint64(), [2**64 - 1] + random.randint(0, 9, N - 1).tolist()),
    "b": (pa.bool_(), some((random.random_sample(N) < 0.5).tolist())),
    "b full": (pa.bool_(), (random.random_sample(N) < 0.9).tolist()),
    "s": (pa.string(), some([words[i] for i in random.randint(0, len(words), N)])),
    "s distinct": (pa.large_string(), [f"row {i}" for i in range(N)]),
    "s category": (pa.dictionary(pa.int8(), pa.string()), some([words[i] for i in random.randint(0, 4, N)])),
    "s missing": (pa.string(), [None] * N),
    "f missing": (pa.float64(), [None] * N),
    "day": (pa.date32(), some([day - datetime.timedelta(days=int(i)) for i in random.randint(0, 40000, N)])),
    "ts s": (pa.timestamp("s"), some([moment + datetime.timedelta(hours=int(i)) for i in random.randint(0, 9999, N)])),
    "ts ms": (pa.timestamp("ms"), some([moment - datetime.timedelta(hours=int(i)) for i in range(N)])),
    "ts us": (pa.timestamp("us", "UTC"), some([moment + datetime.timedelta(microseconds=int(i)) for i in range(N)])),
    "ts ns": (pa.timestamp("ns"), some([int(i) for i in random.randint(-(2**60), 2**60, N)])),
    "ts ns utc": (pa.timestamp("ns", "UTC"), some([int(i) for i in random.randint(-(2**60), 2**60, N)])),
    "d9": (pa.decimal128(9, 2), some([decimal.Decimal(int(i)) / 100 for i in random.randint(-9999, 9999, N)])),
    "d18": (pa.decimal128(18, 4), some([decimal.Decimal(int(i)) / 10000 for i in random.randint(-(10**9), 10**9, N)])),
    "d30": (pa.decimal128(30, 1), [decimal.Decimal("12345678901234567890.5")] * N),
    "t": (pa.time64("us"), some([datetime.time(1, 2, i) for i in range(N)])),
    "nothing": (pa.null(), [None] * N),
}
table = pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
required = pa.table({name: table[name] for name in ("f64 full", "i16", "b full", "s distinct", "u16")})
required = required.cast(pa.schema([pa.field(field.name, field.type, nullable=False) for field in required.schema]))
numbers = table.select(["f64", "f64 few", "i32", "i64", "s", "b", "day"])
nested = pa.table({
    "before": pa.array(range(N)),
    "list": pa.array([[i, i + 1] for i in range(N)]),
    "struct": pa.array([{"a": i, "b": [str(i)]} for i in range(N)]),
    "behind": pa.array([f"text {i % 3}" for i in range(N)]),
    "bytes": pa.array([b"\xff"] * N),
})


def write(table, **settings):
    out = io.BytesIO()
    pq.write_table(table, out, store_schema=False, **settings)
    return base64.b64encode(out.getvalue()).decode()


small = {"row_group_size": 23, "data_page_size": 40, "write_batch_size": 5}
files = {
    "all, plain": write(table, compression="none", use_dictionary=False),
    "all, snappy": write(table, compression="snappy"),
    "all, pages of version 2, small": write(table, compression="zstd", data_page_version="2.0", **small),
    "all, small": write(table, compression="snappy", **small),
    "all, old": write(table, compression="gzip", version="1.0", use_deprecated_int96_timestamps=True),
    "required": write(required, compression="snappy", **small),
    "required, version 2": write(required, compression="none", data_page_version="2.0", use_dictionary=False),
    "dictionary that overflows": write(numbers, dictionary_pagesize_limit=64, data_page_size=64, write_batch_size=4),
    "lz4": write(numbers, compression="lz4"),
    "brotli for one column": write(numbers, compression={name: "brotli" if name == "i32" else "snappy" for name in numbers.column_names}),
    "rare encodings": write(
        numbers,
        use_dictionary=False,
        column_encoding={"i32": "DELTA_BINARY_PACKED", "s": "DELTA_BYTE_ARRAY", "f64": "BYTE_STREAM_SPLIT", "b": "RLE"},
    ),
    "checksums": write(numbers, write_page_checksum=True, write_page_index=True, sorting_columns=[pq.SortingColumn(0)]),
    "decimals as integers": write(table.select(["d9", "d18", "i16"]), store_decimal_as_integer=True),
    "nested": write(nested),
}
path = Path(__file__).parent / "fixtures" / "parquet-files.json"
path.write_text(json.dumps(files, separators=(",", ":")) + "\n")
print({name: len(text) for name, text in files.items()}, path.stat().st_size)
