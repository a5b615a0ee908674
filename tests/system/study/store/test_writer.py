"""A store as other programs see it: strace counts its syncs, the sqlite3 shell reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.stored_study import PLAN, full
from support.tools import tool, unavailable

from accelkit.study.store.writer import open_store


def test_each_trial_is_synced_once(tmp_path: Path) -> None:
    strace = tool("strace")
    writer = """
import sys; sys.path.insert(0, sys.argv[1])
from support.stored_study import PLAN, full
from accelkit.study.store.writer import open_store
with open_store(sys.argv[2], PLAN) as store:
    for block in range(int(sys.argv[3])):
        store.append(full(block))
"""

    def syncs(count: int) -> int:
        target = tmp_path / f"{count}.sqlite"
        traced = [strace, "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", writer]
        run = subprocess.run(
            [*traced, str(Path(__file__).parents[3]), str(target), str(count)],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            unavailable(f"strace cannot trace here: {run.stderr[-200:]}")
        return run.stderr.count("sync(")

    assert syncs(120) - syncs(20) == 100


def test_the_sqlite3_shell_reads_a_store(tmp_path: Path) -> None:
    path = tmp_path / "tcg.sqlite"
    sqlite = tool("sqlite3")
    with open_store(path, PLAN) as store:
        store.append(full())
        query = [sqlite, str(path), "SELECT guest, value FROM results"]
        assert subprocess.run(query, capture_output=True, check=True).stdout == b"smp|2500000.0\n"
