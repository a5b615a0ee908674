"""``accelkit store check``: its words and its exit status."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.cli import main
from accelkit.study.store.writer import open_store


def test_a_store_is_checked_and_repaired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.sqlite"
    with open_store(path, PLAN) as store:
        store.append(full())
        store.append(full(1))
    assert main(["store", "check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: whole\n"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number = 2")
    assert main(["store", "check", str(path)]) == 1
    assert capsys.readouterr().out == f"trial 2: its checksum does not match\n{path}: damaged\n"
    assert main(["report", str(path)]) == 0
    printed = capsys.readouterr()
    assert "\n\nThe store is damaged; damaged trials are left out (trial 2: its checksum" in printed.out
    assert "damaged store: the store is not as it was written" in printed.out
    assert "damaged, and damaged trials are left out (trial 2: its checksum does not match)" in printed.err
    assert main(["store", "check", "--repair", str(path)]) == 0
    assert f"{path}: repaired, with 1 trial; {path}.damaged is the damaged file" in capsys.readouterr().out
    assert main(["store", "check", str(path)]) == 0


def test_what_is_no_store_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["store", "check", str(tmp_path / "no")]) == 2
    assert "no such file" in capsys.readouterr().err
