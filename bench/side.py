"""The peer's side of a workload, in a process of its own: a run for every line on standard input."""
import gc
import importlib.util
import json
import pathlib
import sys
import time

name, directory = sys.argv[1], pathlib.Path(sys.argv[2])
spec = importlib.util.spec_from_file_location(name, pathlib.Path(__file__).parent / "workloads" / f"{name}.py")
workload = importlib.util.module_from_spec(spec)
spec.loader.exec_module(workload)


def say(message):
    print(json.dumps(message), flush=True)


if len(sys.argv) > 3:  # "make": write the data and end
    directory.mkdir(parents=True, exist_ok=True)
    workload.make(directory)
    sys.exit(0)

run = workload.prepare(directory)
gc.collect()
say({"ready": True})
for _ in sys.stdin:
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    figures = {name: float(figure) for name, figure in workload.quality(result).items()}
    say({"seconds": seconds, "quality": figures})
    del result
