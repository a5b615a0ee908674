"""A small study and a record with every field set, as tests of the store use them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from accelkit.host.identity import Host
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest

HOST = Host("old", "00c0ffee", "Linux 6.1.0 x86_64", "Some CPU", 4, "performance")

PLAN = Plan(
    [Build("7.2", ("qemu-system-x86_64",), "QEMU 7.2.22")],
    [
        stored_configuration("tcg", ("-accel", "tcg")),
        stored_configuration("tcg,thread=single", ("-accel", "tcg,thread=single")),
    ],
    [StoredGuest("smp", "smp 1000")],
    "tcg",
    seed=7,
)
OTHER = Host("other", "00facade", "Linux 6.12.0 x86_64", "Another CPU", 8, "")
"""The host that ran :func:`full`."""

COMMAND = ("accelkit", "study", "tcg,thread={single,multi}", "--guest", "smp")


def trial(block: int = 0, configuration: str = "tcg") -> Trial:
    return next(t for t in PLAN.block(block) if t.configuration == configuration)


def full(block: int = 0) -> Record:
    return Record(
        trial(block),
        cause="ok",
        why="a line",
        value=2.5e6,
        unit="s",
        slices=(3, 2, 1 << 70),
        phases={"boot": 0.25},
        wall=0.5,
        user=0.4,
        system=0.1,
        max_rss=40_000,
        voluntary_switches=3,
        involuntary_switches=4,
        status=33,
        accelerator="tcg",
        counters={"flushes": 5.0},
        started=1.79e9,
        load=0.5,
        steal=0.01,
        stderr="words\nmore",
        host="other",
    )


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows that any SQLite client gets."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()
