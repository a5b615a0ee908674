"""A study that is killed, interrupted, out of room or started twice: nothing measured is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import qemu, running, soon
from support.tools import module, tool, unavailable

from accelkit.errors import StudyError
from accelkit.study.conduct import conduct
from accelkit.study.export import export
from accelkit.study.plan import Named, Plan
from accelkit.study.store import open_store
from accelkit.study.stored import read_store
from accelkit.study.trial import Build, Configuration, Record, Trial

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

KILLS = 50

# argv: what to measure with, the store, a log of trials measured, a mark, blocks, configurations, QEMU.
# It says "ready" once it is loaded, then a line for each trial that is stored.
CHILD = """
import os, sys, time
from accelkit.guests import guest
from accelkit.qemu.boot import boot
from accelkit.study.conduct import conduct
from accelkit.study.plan import Named, Plan
from accelkit.study.store import open_store
from accelkit.study.trial import Build, Configuration, Record

how, path, log, mark, blocks, configurations, *qemu = sys.argv[1:]
plan = Plan(
    [Build("q", ("qemu",), "1")],
    [Configuration(f"c{n}", ("-accel", "tcg")) for n in range(int(configurations))],
    [Named("cpu", ""), Named("io", "")],
    "c0",
)
measured = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def fake(trial):
    time.sleep(0.002)
    return Record(trial, "ok", figure=float(trial.position), slices=(trial.position,) * 100)

def real(trial):
    work = guest("cpu").with_work(n=1000, slices=2)
    outcome = boot(qemu, ["-accel", "tcg"], work, timeout=60, extra=["-name", mark])
    return Record(trial, outcome.cause, outcome.why, figure=float(trial.position))

def hanging(trial):
    outcome = boot(qemu, ["-accel", "tcg"], guest("hang"), timeout=600, extra=["-name", mark])
    return Record(trial, outcome.cause, outcome.why)

def logged(trial):
    record = globals()[how](trial)
    os.write(measured, (trial.id + "\\n").encode())
    return record

os.write(1, b"ready\\n")
with open_store(path, plan) as store:
    for record in conduct(plan, logged, store, blocks=int(blocks)):
        os.write(1, (record.trial.id + "\\n").encode())
"""


class Study:
    """A study in processes of its own, one after the other."""

    def __init__(
        self, folder: Path, how: str, blocks: int, configurations: int, command: tuple[str, ...] = ()
    ) -> None:
        self.path, self.log, self.mark = folder / "s.sqlite", folder / "log", f"accelkit-{uuid.uuid4().hex}"
        self.arguments = [how, self.path, self.log, self.mark, blocks, configurations, *command]
        names = [Configuration(f"c{n}", ("-accel", "tcg")) for n in range(configurations)]
        self.plan = Plan([Build("q", ("qemu",), "1")], names, [Named("cpu", ""), Named("io", "")], "c0")
        self.planned = [trial for block in range(blocks) for trial in self.plan.block(block)]

    def start(self) -> subprocess.Popen[bytes]:
        """The process, as soon as it is loaded."""
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, *map(str, self.arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", process.communicate()
        return process

    def stored(self) -> list[Record]:
        if not self.path.exists() or not self.path.stat().st_size:
            return []
        try:
            with read_store(self.path) as stored:
                return list(stored.records())
        except StudyError as error:
            if "is empty" in str(error):  # killed before the study was in it
                return []
            raise

    def measured(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def check_whole(self) -> None:
        """Each trial is stored once, as it was measured, and the file is sound."""
        records = self.stored()
        assert Counter(record.trial.id for record in records) == Counter(trial.id for trial in self.planned)
        assert [record.trial for record in records] == self.planned
        positions = {trial.id: trial.position for trial in self.planned}
        assert all(record.figure == positions[record.trial.id] == record.trial.position for record in records)
        connection = sqlite3.connect(self.path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def kill_and_go_on(study: Study, most: float, seed: int) -> None:
    """Kills it KILLS times at random moments, looking at what is stored each time, then lets it end."""
    moments = random.Random(seed)
    before: list[Record] = []
    for _ in range(KILLS):
        process = study.start()
        time.sleep(moments.uniform(0, most))
        process.kill()
        told, _ = process.communicate()
        assert process.returncode == -signal.SIGKILL, "it ended before it was killed: plan more blocks"
        records = study.stored()
        assert records[: len(before)] == before
        ids = {record.trial.id for record in records}
        assert {line.decode() for line in told.splitlines(keepends=False) if line} <= ids
        assert soon(lambda: not running(study.mark)), f"left running: {running(study.mark)}"
        before = records
    assert before, "killed before anything was measured"
    process = study.start()
    _, words = process.communicate()
    assert (process.returncode, words) == (0, b"")
    study.check_whole()
    # A kill costs one trial at most: the one that was measured and not yet stored.
    again = len(study.measured()) - len(study.planned)
    assert 0 <= again <= KILLS
    assert os.listdir(study.path.parent).count("s.sqlite-lock") == 0


def test_killed_50_times_each_trial_is_there_once(tmp_path: Path) -> None:
    kill_and_go_on(Study(tmp_path, "fake", blocks=300, configurations=6), most=0.15, seed=1)


@linux
@pytest.mark.qemu
def test_killed_50_times_with_a_real_qemu_none_is_left(tmp_path: Path) -> None:
    kill_and_go_on(Study(tmp_path, "real", blocks=60, configurations=3, command=qemu()), most=0.4, seed=2)


@linux
@pytest.mark.qemu
def test_an_interrupt_ends_qemu_and_leaves_the_store_complete(tmp_path: Path) -> None:
    study = Study(tmp_path, "hanging", blocks=1, configurations=1, command=qemu())
    process = study.start()
    assert soon(lambda: running(study.mark))
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in words
    assert not running(study.mark)
    assert study.stored() == []
    assert set(os.listdir(tmp_path)) == {"s.sqlite", "log"}


def test_an_older_store_killed_while_it_is_brought_up_to_date(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "stores" / "format1.store"
    program = """
import sys
from accelkit.study.store_connection import connect, transaction
from accelkit.study.store_schema import migrate
connection = connect(f"file:{sys.argv[1]}")
with transaction(connection):
    migrate(connection)
    print("held", flush=True)
    sys.stdin.read()
"""
    path = tmp_path / "old.sqlite"
    path.write_bytes(golden.read_bytes())
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    process.kill()
    process.communicate()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
    with read_store(path) as stored:
        assert stored.count() == 3


# ---- two writers ----


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    study = Study(tmp_path, "fake", blocks=100_000, configurations=1)
    first = study.start()
    try:
        assert soon(lambda: len(study.stored()) > 2)
        with pytest.raises(StudyError) as caught:
            open_store(study.path, study.plan)
        assert f"process {first.pid}" in str(caught.value)
        assert "is writing it; wait until it has ended, or end it; or give another store=" in str(
            caught.value
        )
        seen = len(study.stored())
        assert soon(lambda: len(study.stored()) > seen), "the first one was disturbed"
    finally:
        first.kill()
        first.communicate()
    with open_store(study.path, study.plan) as store:
        assert store.count() > seen


def test_of_many_that_begin_at_once_one_does(tmp_path: Path) -> None:
    study = Study(tmp_path, "fake", blocks=100, configurations=1)
    for _ in range(3):
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", CHILD, *map(str, study.arguments)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for _ in range(6)
        ]
        ends = [(process.communicate()[1], process.returncode) for process in processes]
        assert any(status == 0 for _, status in ends)
        assert all(status == 0 or b"is writing it; wait" in words for words, status in ends)
        study.check_whole()
    assert len(study.measured()) == len(study.planned)


# ---- no room ----


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A tmpfs of 8 MiB: SQLite's log alone may grow to 4 before it goes into the store."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounting = [tool("mount"), "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


PLAN = Plan(
    [Build("q", ("qemu",), "1")],
    [Configuration(f"c{n}", ()) for n in range(5)],
    [Named("cpu", ""), Named("io", "")],
    "c0",
)


def measure(trial: Trial) -> Record:
    return Record(trial, "ok", figure=float(trial.position), stderr="words " * 200)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


def check_sound(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_full_disk_ends_the_study_with_all_that_was_stored(small_disk: Path) -> None:
    path, ballast = small_disk / "s.sqlite", small_disk / "ballast"
    ballast.write_bytes(b"x" * 7_400_000)
    given: list[Record] = []
    with (
        pytest.raises(
            StudyError, match=r"the disk is full .*what was stored is kept: make room, then run the same"
        ),
        open_store(path, PLAN) as store,
    ):
        given.extend(conduct(PLAN, measure, store, blocks=30))
    for _ in range(3):  # and again, as long as there is no room
        with pytest.raises(StudyError, match="the disk is full"), open_store(path, PLAN) as store:
            given.extend(conduct(PLAN, measure, store, blocks=30))
        with read_store(path) as stored:
            records = list(stored.records())
        assert records == given
    planned = [trial for block in range(30) for trial in PLAN.block(block)]
    assert 0 < len(records) < len(planned)
    assert [record.trial for record in records] == planned[: len(records)]
    ballast.unlink()
    with open_store(path, PLAN) as store:
        list(conduct(PLAN, measure, store, blocks=30))
        assert [record.trial for record in store.records()] == planned
    check_sound(path)
    assert os.listdir(small_disk) == ["s.sqlite"]


def test_a_store_that_cannot_even_be_begun(small_disk: Path) -> None:
    fill(small_disk / "ballast")
    with pytest.raises(StudyError, match=r"the disk is full|No space left"):
        open_store(small_disk / "s.sqlite", PLAN)
    (small_disk / "ballast").unlink()
    with open_store(small_disk / "s.sqlite", PLAN) as store:
        assert len(list(conduct(PLAN, measure, store, blocks=1))) == 10


def test_the_disk_fills_while_the_store_is_open(small_disk: Path) -> None:
    path, ballast = small_disk / "s.sqlite", small_disk / "ballast"
    with open_store(path, PLAN) as store:
        running_study = conduct(PLAN, measure, store, blocks=3)
        for _ in range(7):
            next(running_study)
        fill(ballast)
        with pytest.raises(StudyError, match="the disk is full"):
            list(running_study)
        stored = store.count()
        ballast.unlink()
        list(conduct(PLAN, measure, store, blocks=3))  # the same store, still open
        assert 7 <= stored < 30 == store.count()
    check_sound(path)


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_an_export_without_room_leaves_nothing(small_disk: Path, ending: str) -> None:
    if ending == "parquet":
        module("pyarrow")
    fill(small_disk / "ballast")
    many = [measure(trial) for block in range(30) for trial in PLAN.block(block)]
    with pytest.raises(StudyError, match=r"export to .*: .*give a place where you may write, with room"):
        export(many, small_disk / f"x.{ending}")
    assert os.listdir(small_disk) == ["ballast"]


def test_a_store_on_a_disk_that_cannot_be_written(small_disk: Path) -> None:
    for name in ("ended", "killed"):
        with open_store(small_disk / f"{name}.sqlite", PLAN) as store:
            list(conduct(PLAN, measure, store, blocks=1))
            if name == "killed":  # a copy in mid-flight has its -wal beside it
                for ending in ("", "-wal", "-shm"):
                    copy = small_disk / f"copy.sqlite{ending}"
                    copy.write_bytes((small_disk / f"killed.sqlite{ending}").read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for name in ("ended", "copy"):
        with read_store(small_disk / f"{name}.sqlite") as stored:
            assert len(list(stored.records())) == 10
        with pytest.raises(StudyError, match="Read-only file system; give a place where you may write"):
            open_store(small_disk / f"{name}.sqlite", PLAN)
