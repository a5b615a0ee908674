"""Stores are read for a trend: in order of time, each once, and all that cannot be read are named."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stores import BEGUN, study_store
from support.two_stores import known_trend

from accelkit.errors import DomainError, StudyError
from accelkit.study.across.trend import Trend, labels_of, trend


def test_copies_and_damage_are_told(tmp_path: Path) -> None:
    a = study_store(tmp_path / "a.sqlite")
    b = study_store(tmp_path / "b.sqlite", created=BEGUN + 5)
    shutil.copy(a, tmp_path / "c.sqlite")
    with closing(sqlite3.connect(b, isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number = 3")
    found = trend([b, a, a, tmp_path / "c.sqlite"])
    assert [moment.label for moment in found.moments] == ["a", "b"]
    assert found.left_out == (
        f"{b}: damaged, and damaged trials are left out (trial 3: its checksum does not match); accelkit store check lists all",
        f"{tmp_path / 'c.sqlite'}: is a copy of {a}, and counts once",
    )  # fmt: skip


def test_wrong_arguments_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no store is given"):
        trend([])
    with pytest.raises(StudyError, match=r"one': no such file.* \| .*two': no such file"):
        trend([tmp_path / "one", study_store(tmp_path / "a.sqlite"), tmp_path / "two"])
    with pytest.raises(DomainError, match="delta: got 2"):
        trend([tmp_path / "a.sqlite"], delta=2)


def test_labels_are_short_and_tell_stores_apart() -> None:
    assert labels_of(["a.sqlite", "x/a.sqlite", ".sqlite"]) == {
        "a.sqlite": "a.sqlite",
        "x/a.sqlite": "x/a.sqlite",
        ".sqlite": ".sqlite",
    }


def test_a_notebook_shows_it(tmp_path: Path) -> None:
    found = known_trend(tmp_path, 4)
    assert isinstance(found, Trend)
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"] == str(found)
    assert "<svg" in bundle["text/html"]
    assert repr(found) == "<Trend over 4 stores: 2 series>"
