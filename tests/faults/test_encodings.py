"""Paths whose bytes are not UTF-8, and terminals that lack characters: what is stored comes back, what is shown is ASCII."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from support.cli import ask, command
from support.fake_study import PLAN, fake
from support.tools import tool

from accelkit import device, kvm
from accelkit.errors import StudyError
from accelkit.study import Result
from accelkit.study.model import Build, Configuration
from accelkit.study.store.lock import writer_of
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store
from accelkit.syntax.shell_words import words_of

STRANGE: Final = "q\udcff \udcc3é漢#?%41"
"""The name of a folder: bytes that are not UTF-8, characters beyond ASCII, and what means something in a URI."""

ENVIRONMENTS: Final = {
    "UTF-8": {"LC_ALL": "C.UTF-8"},
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII streams": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
    "Latin-1 streams": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
}


AGAIN: Final = ("--blocks", "3", "--anyway", "--store", "again.sqlite")
"""What a report's command says in place of the store that was typed, which it would resume."""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    folder = os.path.join(tmp_path, STRANGE)
    os.mkdir(folder)
    return folder


def stored(folder: str) -> str:
    """The path of a store of a study of a QEMU in ``folder``, which was started by a command that names both."""
    store, qemu = os.path.join(folder, "s.sqlite"), os.path.join(folder, "qemu")
    plan = replace(PLAN, builds=[Build("7.2", (qemu, "-L", folder), "7.2.22")])
    words = ("accelkit", "study", "tcg", "--qemu", qemu, "--store", store)
    with open_store(store, plan, command=words) as opened:
        assert writer_of(store) == os.getpid()
        for block in range(3):
            for trial in plan.block(block):
                opened.append(replace(fake(trial), stderr=f"{qemu}: ok\n", why=""))
    return store


def test_a_store_is_at_the_path_that_was_given_and_has_its_bytes(folder: str) -> None:
    store = stored(folder)
    assert os.listdir(folder) == ["s.sqlite"]
    with read_store(store) as reader:
        assert reader.plan.builds[0].command[0] == os.path.join(folder, "qemu")
        assert reader.info.command[-1] == store
        assert reader.count() == 9
    with open_store(store, replace(PLAN, builds=reader.plan.builds)) as resumed:  # the same study
        assert len(resumed.trial_ids()) == 9
    with pytest.raises(StudyError, match="holds another study"), open_store(store, PLAN):
        pass
    with closing(sqlite3.connect(os.fsencode(store))) as plain:
        (text,) = plain.execute("SELECT stderr FROM trial LIMIT 1").fetchone()
    assert "q\\xff \\xc3é漢#?%41/qemu: ok" in text


def test_the_command_of_a_report_is_the_one_that_was_typed(folder: str) -> None:
    store = stored(folder)
    page = Result.from_store(store).markdown()
    (line,) = [line for line in page.splitlines() if line.startswith("accelkit study")]
    assert words_of(line)[4] == os.path.join(folder, "qemu")
    bash = command("-c", f"printf '%s\\0' {line}", start=(tool("bash"),))
    words = [os.fsencode(word) for word in ("tcg", "--qemu", os.path.join(folder, "qemu"), *AGAIN)]
    assert os.fsencode(bash.out).split(b"\0")[2:-1] == words


@pytest.mark.parametrize("changes", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_reports_and_exports_are_written_in_every_locale(folder: str, changes: dict[str, str]) -> None:
    store = stored(folder)
    for option, name in (("--markdown", "r.md"), ("--export", "e.csv"), ("--export", "e.parquet")):
        path = os.path.join(folder, name)
        ran = command("report", store, option, path, **changes)
        assert (ran.status, ran.err) == (0, "")
        assert os.path.getsize(path)
        assert "q\\xff \\xc3" in ran.out
        assert ran.out.isascii() or changes["LC_ALL"] == "C.UTF-8"
    for missing in ("report", "probe"):
        ran = command(missing, os.path.join(folder, "none"), **changes)
        assert ran.status == 2
        assert "Traceback" not in ran.err
        assert ran.err.count("\n") == 1


def test_a_page_names_a_strange_path_in_ascii(folder: str) -> None:
    store = stored(folder)
    path = os.path.join(folder, "r.html")
    assert ask("report", store, "--html", path).status == 0
    page = Path(path).read_bytes().decode("utf-8", "strict")
    assert "q\\xff" in page


@pytest.mark.parametrize("changes", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_a_rendered_line_is_exact_whatever_the_terminal_has(changes: dict[str, str]) -> None:
    ran = command("render", f"kvm,device=/dev/{STRANGE}", **changes)
    assert ran.status == 0
    encoding = changes.get("PYTHONIOENCODING", "utf-8")
    line = os.fsencode(ran.out).decode(encoding)
    assert words_of(line) == ["-accel", f"kvm,device=/dev/{STRANGE}"]


def test_a_configuration_is_named_as_it_can_be_seen_and_run_as_it_was_written() -> None:
    point = Configuration(kvm() | device("/dev/\udcff\x1b"))
    assert point.name == r"kvm,device=/dev/\xff\x1b"
    assert point.argv == ("-accel", "kvm,device=/dev/\udcff\x1b")
    assert json.loads(json.dumps(point.argv)) == list(point.argv)
