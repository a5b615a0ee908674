"""A tuning that is killed, interrupted or out of room, in its search, between its parts, in its study: nothing is lost or doubled."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.tunings import BEST, SPACE, fake

from accelkit.errors import StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.store.reader import read_store
from accelkit.study.store.repair import damage_of
from accelkit.study.store.writer import StoreWriter
from accelkit.tuning import Tuned, tune

TRIALS = 90
KILLS = 6

# argv: the store, a log of trials measured, where it kills itself: "never", "before" or "after" its search has ended in
# the store. It waits for a byte on stdin before each trial; at the end of stdin it no longer waits.
CHILD = f"""
import os, signal, sys
from support.tunings import SPACE, fake
from accelkit.study.store.writer import StoreWriter
from accelkit.tuning import tune

path, log, when = sys.argv[1:]
log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
confirm = StoreWriter.confirm

def killed(*given):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    confirm(*given)
    if when == "after":
        os.kill(os.getpid(), signal.SIGKILL)

StoreWriter.confirm = killed

def logged(trial):
    os.read(0, 1)
    record = fake(trial)
    os.write(log, (trial.id + "\\n").encode())
    return record

print(tune(SPACE, "smp", trials={TRIALS}, store=path, measure=logged, watch=False).name, flush=True)
"""


class Killed:
    """A tuning in processes of its own, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.path, self.log = folder / "tune.sqlite", folder / "log"

    @contextlib.contextmanager
    def started(self, trials: int | None, when: str = "never") -> Iterator[subprocess.Popen[bytes]]:
        """The process, which may measure so many trials, or all; it is killed at the end."""
        stdin = subprocess.DEVNULL if trials is None else subprocess.PIPE
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, self.path, self.log, when],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as process:
            try:
                if process.stdin is not None:
                    process.stdin.write(b"." * (trials or 0))
                    process.stdin.flush()
                yield process
            finally:
                process.kill()

    def measured(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def stored(self) -> list[str]:
        try:
            with read_store(self.path) as stored:
                return [record.trial.id for record in (*stored.search.records(), *stored.records())]
        except StudyError as error:  # killed before the store was begun
            if "is empty" in str(error) or "no such file" in str(error):
                return []
            raise

    def wait_for(self, process: subprocess.Popen[bytes], trials: int) -> None:
        """Return once so many trials were measured, by all processes."""
        while len(self.measured()) < trials:
            assert process.poll() is None, process.communicate()

    def check_whole(self, again: int) -> None:
        """Each trial is stored once, what was decided is what an undisturbed tuning decides, and the file is sound."""
        ids = self.stored()
        assert set(Counter(ids).values()) == {1}
        assert set(ids) <= set(self.measured())
        assert (
            len(self.measured()) - len(ids) <= again
        )  # measured and not stored: one for each kill at the most
        assert damage_of(str(self.path)) == ()
        whole = tune(
            SPACE, "smp", trials=TRIALS, store=self.path.with_name("whole.sqlite"), measure=fake, watch=False
        )
        best = Tuned.from_store(self.path)
        assert (best.name, best.decided, best.search.trials) == (
            whole.name,
            whole.decided,
            whole.search.trials,
        )
        with read_store(whole.store) as stored:
            assert {record.trial.id for record in (*stored.search.records(), *stored.records())} == set(ids)


@pytest.fixture
def killed(tmp_path: Path) -> Killed:
    return Killed(tmp_path)


def test_killed_at_random_each_trial_is_there_once(killed: Killed) -> None:
    chance = random.Random(1)
    before: list[str] = []
    for _ in range(KILLS):
        trials = chance.randint(1, 14)
        done = len(killed.measured())
        with killed.started(trials) as process:
            killed.wait_for(process, done + chance.randint(0, trials))
            process.kill()
            process.communicate()
        assert process.returncode == -signal.SIGKILL
        after = killed.stored()
        assert set(before) <= set(after)
        before = after
    with killed.started(None) as process:
        out, words = process.communicate()
    assert (process.returncode, out.decode().strip(), words) == (0, BEST, b"")
    killed.check_whole(KILLS)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_its_parts_it_goes_on(killed: Killed, when: str) -> None:
    with killed.started(None, when) as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    with read_store(killed.path) as stored:
        tuning = stored.search.tuning()
        assert tuning is not None
        assert (tuning.first is None, stored.count()) == (when == "before", 0)
        assert (len(stored.plan.configurations) > 1) == (when == "after")
    with killed.started(None) as process:
        process.communicate()
    killed.check_whole(0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_words_and_a_whole_store(killed: Killed, number: signal.Signals) -> None:
    with killed.started(20) as process:
        killed.wait_for(process, 20)
        process.send_signal(number)
        _, words = process.communicate()
    assert process.returncode == -number
    assert b"interrupted in the search, after" in words
    assert b"make the same call again" in words
    assert len(killed.stored()) in (19, 20)
    assert {file.name for file in killed.path.parent.iterdir()} == {"tune.sqlite", "log"}


def wordy(trial: Trial) -> Record:
    """A trial that fills a page of the store."""
    return replace(fake(trial), stderr="x" * 4000)


@pytest.mark.parametrize("pages", [0, 5, 15, 25, 40])
def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    path = tmp_path / "tune.sqlite"
    begin = StoreWriter.__init__

    def small(self: StoreWriter, name: str, connection: sqlite3.Connection, *given: object) -> None:
        (begun,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {begun + pages}")
        begin(self, name, connection, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(StoreWriter, "__init__", small)
        with pytest.raises(StudyError, match="the disk is full"):
            tune(SPACE, "smp", trials=TRIALS, store=path, measure=wordy, watch=False)
    with read_store(path) as stored:
        before = [record.trial.id for record in (*stored.search.records(), *stored.records())]
    best = tune(SPACE, "smp", trials=TRIALS, store=path, measure=wordy, watch=False)
    assert best.name == BEST
    with read_store(path) as stored:
        ids = [record.trial.id for record in (*stored.search.records(), *stored.records())]
    assert set(before) < set(ids)
    assert set(Counter(ids).values()) == {1}
    assert damage_of(str(path)) == ()


def test_two_tunings_of_one_store_do_not_meet(killed: Killed) -> None:
    with killed.started(5) as process:
        killed.wait_for(process, 5)
        with pytest.raises(StudyError, match="is writing it; wait until it has ended"):
            tune(SPACE, "smp", trials=TRIALS, store=killed.path, measure=fake, watch=False)
        assert not Tuned.from_store(killed.path).decided  # it can be read meanwhile
