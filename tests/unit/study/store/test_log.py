"""The log of a store: what SQLite no longer takes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.study.store.log import log_damage
from accelkit.study.store.writer import open_store


@pytest.fixture
def log(path: Path) -> bytearray:
    """The log of a store with ten trials, as a writer that was killed leaves it."""
    with open_store(path, PLAN) as store:
        for block in range(10):
            store.append(full(block))
        return bytearray(Path(f"{path}-wal").read_bytes())


def damage(path: Path, log: bytes) -> str:
    Path(f"{path}-wal").write_bytes(log)
    return log_damage(str(path))


def test_a_whole_log_has_no_damage(path: Path, log: bytearray) -> None:
    assert log_damage(str(path)) == ""
    for size in (0, 20, 32, 2000, len(log) - 5000, len(log)):  # also one that was being written
        assert damage(path, log[:size]) == ""


def test_the_rest_of_an_older_log_is_no_damage(path: Path, log: bytearray) -> None:
    older = bytearray(log[32 + 4120 * 3 :])
    for start in range(0, len(older), 4120):
        older[start + 8] ^= 1  # another salt
    assert damage(path, log[: 32 + 4120 * 3] + older) == ""


@pytest.mark.parametrize("place", [3, 20, 32 + 4, 32 + 8, 32 + 20, 32 + 24 + 100, 32 + 4120 * 4 + 9])
def test_a_wrong_bit_before_the_end_is_damage(path: Path, log: bytearray, place: int) -> None:
    log[place] ^= 4
    assert "lost" in damage(path, log)
