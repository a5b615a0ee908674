"""What studies and tunings of 100,000 trials on 1,000 simulated hosts cost, part by part; and how that grows.

``PYTHONPATH=tests python tests/bench/fleet.py [TRIALS …]`` prints a line for each size, each in a process of its own: the
seconds that each part took, the largest memory, and the virtual hours in which the fleet would have measured.
"""

from __future__ import annotations

import math
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

from support.fleet import Fleet

from accelkit import doubling, each, multi, off, on, single, split_wx, tb_size, tcg, thread
from accelkit.study import prepare
from accelkit.study.hosts import dispatch
from accelkit.study.model import Record, Trial
from accelkit.study.prepared import PreparedStudy
from accelkit.study.report import report
from accelkit.study.schedule import Schedule
from accelkit.study.store.search import SearchWriter
from accelkit.study.store.writer import StoreWriter
from accelkit.tuning import tune
from accelkit.tuning.search.search import Search

SIZES = (10_000, 30_000, 100_000)
SPACE = tcg() | tb_size(doubling(8, 2048)) | thread(each(single, multi)) | split_wx(each(on))
LARGE = tcg() | tb_size(each(*range(8, 2048, 8))) | thread(each(single, multi)) | split_wx(each(on, off))
POINTS = 18
HOSTS = 1000


def measure(trial: Trial) -> Record:
    """A surface with an optimum at tb-size=128, thread=multi, and an interaction of both."""
    settings = dict(word.split("=") for word in trial.configuration.split(",")[1:])
    size, is_multi = math.log2(int(settings["tb-size"])), settings["thread"] == "multi"
    log = 0.02 * abs(size - 7) - 0.1 * is_multi + 0.005 * is_multi * (size - 7)
    return Record(trial, "ok", value=math.exp(log), unit="s", load=0.5)


def timed(seconds: Counter[str], part: str, of: Any, name: str) -> None:
    """Count the time that a method takes to ``part``."""
    method: Callable[..., Any] = getattr(of, name)

    def called(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return method(*args, **options)
        finally:
            seconds[part] += time.perf_counter() - began  # type: ignore[assignment]

    setattr(of, name, called)


def search(trials: int) -> str:
    """A whole tuning of at most so many trials, as a line."""
    seconds: Counter[str] = Counter()
    timed(seconds, "search", Search, "ask")
    timed(seconds, "search", Search, "tell")
    timed(seconds, "store", SearchWriter, "append")
    Search.is_settled = property(lambda _: False)  # type: ignore[assignment, method-assign]  # all trials are measured
    fleet = Fleet(HOSTS, losses=1e-4)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/t.sqlite"
        best = tune(
            LARGE, guests=["simulated"], trials=trials, store=store, measure=measure, watch=False, on=fleet
        )
        took = time.perf_counter() - began
        with closing(sqlite3.connect(store)) as connection:
            count = connection.execute(
                "SELECT count(*) + (SELECT count(*) FROM trial) FROM search"
            ).fetchone()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = ", ".join(f"{name} {seconds[name]:.1f}" for name in ("search", "store"))
    return (
        f"{count:7} trials tuned, {len(LARGE)} points: {took:6.1f} s, {1e3 * took / count:.2f} ms each ({parts}),"
        f" {peak:.0f} MiB, {fleet.clock / 3600:.2f} h of the fleet's time: {best.recipe}"
    )


def run(trials: int, race: bool) -> str:
    """A whole study of about so many trials, as a line."""
    seconds: Counter[str] = Counter()
    timed(seconds, "store", StoreWriter, "append")
    timed(seconds, "racing", Schedule, "_continues")
    timed(seconds, "plan", Schedule, "_planned")
    for name in ("take", "accepts", "lost"):
        timed(seconds, "dispatch", dispatch.Dispatch, name)
    began = time.perf_counter()
    fleet = Fleet(HOSTS, losses=1e-4)
    with tempfile.TemporaryDirectory() as folder:
        study: PreparedStudy = prepare(
            SPACE,
            "simulated",
            measure=measure,
            blocks=trials // POINTS,
            store=f"{folder}/s.sqlite",
            race=race,
        )
        result = study.run(on=fleet)
        ran = time.perf_counter() - began
        answer = time.perf_counter()
        result.comparisons, result.pick("simulated"), result.cautions, result.host_comparisons
        analysed = time.perf_counter()
        report.text(result)
        told = time.perf_counter()
    count = len(result.records)
    assert len({record.trial.id for record in result.records}) == count
    assert race or count == trials // POINTS * POINTS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = ", ".join(f"{name} {seconds[name]:.1f}" for name in ("dispatch", "plan", "racing", "store"))
    return (
        f"{count:7} trials{' raced' if race else ''}: {told - began:6.1f} s, {1e3 * (told - began) / count:.2f} ms each"
        f" (run {ran:.1f}: {parts}; analysis {analysed - answer:.1f}, report {told - analysed:.1f}), {peak:.0f} MiB,"
        f" {fleet.lost} hosts lost, {fleet.clock / 3600:.2f} h of the fleet's time"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        size, kind = int(sys.argv[2]), sys.argv[3]
        print(search(size) if kind == "tune" else run(size, kind == "race"), flush=True)
    else:
        for size in map(int, sys.argv[1:] or SIZES):
            for kind in ("all", "race", "tune"):
                subprocess.run([sys.executable, __file__, "--one", str(size), kind], check=True)
