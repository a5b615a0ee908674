"""What a simulated study of 10,000 trials costs: ``python tests/bench/storing.py [FOLDER]``.

Plan, run with a measure that takes no time, store, read back, export. Storing costs one sync a trial, so the
same run also appends as many bytes to a plain file, with one fdatasync each, for comparison.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report.export import export
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store

T = TypeVar("T")

SLICES = tuple(range(10_000_000, 10_000_100))
CONFIGURATIONS, GUESTS, BUILDS, BLOCKS = 25, 5, 2, 40


def measure(trial: Trial) -> Record:
    return Record(trial, "ok", value=1e7, slices=SLICES, wall=0.5, counters={"flushes": 3.0})


def plan() -> Plan:
    return Plan(
        builds=[Build(f"{n}", ("qemu",), f"{n}.0") for n in range(BUILDS)],
        configurations=[
            stored_configuration(f"tcg,tb-size={n}", ("-accel", f"tcg,tb-size={n}"))
            for n in range(CONFIGURATIONS)
        ],
        guests=[StoredGuest(f"guest{n}", f"{n}") for n in range(GUESTS)],
        baseline="tcg,tb-size=0",
    )


def timed(what: str, do: Callable[[], T]) -> T:
    before, cpu = time.perf_counter(), time.process_time()
    result = do()
    wall, used = time.perf_counter() - before, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:42} {wall:7.2f} s wall {used:7.2f} s CPU {peak:7.0f} MiB peak")
    return result


def append_plainly(path: Path, count: int, size: int) -> None:
    with path.open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * size)
            os.fdatasync(file.fileno())


def main(folder: Path) -> None:
    path = folder / "bench.sqlite"
    study = plan()
    count = sum(len(block) for block in timed("plan", lambda: [study.block(k) for k in range(BLOCKS)]))

    def run(blocks: int) -> int:
        with open_store(path, study) as store:
            return sum(1 for _ in run_blocks(study, measure, store, blocks=blocks))

    assert timed(f"run_blocks and store {count} trials", lambda: run(BLOCKS)) == count
    assert timed("resume a finished study", lambda: run(BLOCKS)) == 0
    with read_store(path) as store:
        assert timed("read back", lambda: sum(record.ok for record in store.records())) == count
        for ending in ("csv", "json", "parquet"):
            timed(
                f"export {ending}", lambda ending=ending: export(store.records(), folder / f"bench.{ending}")
            )
    size = path.stat().st_size // count
    timed(
        f"floor: append {size} bytes, fdatasync, {count}x",
        lambda: append_plainly(folder / "plain", count, size),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        main(Path(name))
