"""What the report of a large study costs: ``python tests/bench/reporting.py [CONFIGURATIONS…]``.

Simulated trials, ten blocks of them, with one guest and no QEMU: stored, read back, compared, written in
every form. Each number of configurations is measured in a process of its own, so that its peak of memory
is its own.
"""

from __future__ import annotations

import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from accelkit import each, split_wx, tb_size, tcg, thread
from accelkit.study.model import Build, Record
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.points import configurations_of
from accelkit.study.report.export import export
from accelkit.study.result import Result
from accelkit.study.store.connection import connect, transaction
from accelkit.study.store.reader import read_store
from accelkit.study.store.rows import insert
from accelkit.study.store.trials import row_of
from accelkit.study.store.writer import open_store

T = TypeVar("T")

BLOCKS = 10
KEEP = os.environ.get("KEEP", "")  # a folder for the pages, to be looked at
USUAL = (7, 400, 2_000, 10_000)
REFUSED = "qemu-system-x86_64: -accel tcg,tb-size=1: it does not take this"


def plan(configurations: int) -> Plan:
    """tb-size × thread × split-wx, and the baseline that sets none of them."""
    sizes = each(*range(1, math.ceil((configurations - 1) / 4) + 1))
    space = tcg() | tb_size(sizes) | thread(each("single", "multi")) | split_wx(each(True, False))
    points = [tcg(), *space][:configurations]
    return Plan(
        [Build("7.2.22", ("qemu",), "7.2.22")],
        configurations_of(points, None),
        [StoredGuest("smp", "smp 1")],
        "tcg",
    )


def records(study: Plan) -> Iterator[Record]:
    """Half of the configurations differ from the baseline; one in fifty is refused."""
    rng = random.Random(0)
    for block in range(BLOCKS):
        for trial in study.block(block):
            settings = study.settings[trial.configuration]
            size = int(settings["tb-size"]) if settings.get("tb-size", "default") != "default" else 512
            if size % 50 == 3:
                yield Record(trial, "refused", why="it does not take the options", status=1, stderr=REFUSED)
                continue
            factor = (1 + 8 / size) * (0.8 if settings.get("thread") == "multi" else 1.0)
            value = round(2.5e7 * factor * (1 + rng.expovariate(200)))
            slices = tuple(value + rng.randrange(100_000) for _ in range(20))
            counters = {"tb-flushes": float(64 // size), "tbs": 1200.0 + block, "code-bytes": 2e7}
            yield Record(trial, "ok", value=float(value), slices=slices, wall=0.5, user=0.45, system=0.02,
                         max_rss=40_000, accelerator="tcg", counters=counters, started=1.7e9 + trial.position)  # fmt: skip


def timed(what: str, do: Callable[[], T]) -> T:
    before = time.perf_counter()
    result = do()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:24} {time.perf_counter() - before:8.2f} s   {peak:6.0f} MiB peak", flush=True)
    return result


def store_at_once(path: Path, study: Plan) -> None:
    """All trials in one transaction: storing them one by one is measured by storing.py."""
    with open_store(path, study) as store:
        numbers = store._numbers
    with closing(connect(f"file:{path}?mode=rw")) as connection, transaction(connection):
        for number, record in enumerate(records(study), 1):
            insert(connection, "trial", (number, *row_of(record, numbers), 1, 0.0))


def measure(configurations: int, folder: Path) -> None:
    path = folder / "bench.sqlite"
    print(f"{configurations} configurations x {BLOCKS} blocks")
    study = timed("plan", lambda: plan(configurations))
    timed("simulate, store", lambda: store_at_once(path, study))
    before = time.perf_counter()
    result = timed("read the store", lambda: Result.from_store(path))
    timed("comparisons", lambda: result.comparisons)
    timed("summaries", lambda: result.summaries)
    timed("cautions", lambda: result.cautions)
    timed("cliffs", lambda: result.cliffs)
    pages = {"text": timed("text", lambda: str(result))}
    pages["Markdown"] = timed("Markdown", result.markdown)
    pages["HTML"] = timed("HTML", result.html)
    print(f"  {'from store to HTML':24} {time.perf_counter() - before:8.2f} s")
    with read_store(path) as stored:
        timed("export csv", lambda: export(stored.records(), folder / "bench.csv"))
        timed("export parquet", lambda: export(stored.records(), folder / "bench.parquet"))
    print("  " + ", ".join(f"{name} {len(text) / 1e6:.2f} MB" for name, text in pages.items()), flush=True)
    if len(sys.argv) > 3:
        (Path(sys.argv[3]) / f"report-{configurations}.html").write_text(pages["HTML"], "utf-8")


def main(sizes: list[int]) -> None:
    for size in sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size), *([KEEP] if KEEP else [])], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as name:
            measure(int(sys.argv[2]), Path(name))
    else:
        main([int(size) for size in sys.argv[1:]] or list(USUAL))
