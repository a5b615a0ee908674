"""A study that is killed, interrupted, out of room or started twice: nothing measured is lost or doubled."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.processes import qemu, running, soon, watches_a_child
from support.tools import module, tool, unavailable

from accelkit.errors import StudyError
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report.export import export
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

KILLS = 50
AHEAD = 3

# argv: what to measure with, the store, a log of trials measured, a mark, blocks, configurations, QEMU.
# It prints "ready" once it is loaded, "open" once its store is open, and for each trial "begun", "measured" and, once
# it is stored, its id. It waits for a byte on stdin before each trial; at the end of stdin it no longer waits.
CHILD = """
import os, sys, time
from accelkit.guests import guest
from accelkit.measure.plain_boot import boot
from accelkit.study.runner import run_blocks
from accelkit.study.plan import StoredGuest, Plan
from accelkit.study.store.writer import open_store
from accelkit.study.model import Build, Configuration, Record, stored_configuration

how, path, log, mark, blocks, configurations, *qemu = sys.argv[1:]
plan = Plan(
    [Build("q", ("qemu",), "1")],
    [stored_configuration(f"c{n}", ("-accel", "tcg")) for n in range(int(configurations))],
    [StoredGuest("cpu", ""), StoredGuest("io", "")],
    "c0",
)
log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def say(word):
    os.write(1, (word + "\\n").encode())

def fake(trial):
    time.sleep(0.002)
    return Record(trial, "ok", value=float(trial.position), slices=(trial.position,) * 100)

def real(trial):
    work = guest("cpu").with_work(n=1000, slices=2)
    outcome = boot(qemu, ["-accel", "tcg"], work, timeout=600, extra=["-name", mark])
    return Record(trial, outcome.cause, outcome.why, value=float(trial.position))

def hanging(trial):
    outcome = boot(qemu, ["-accel", "tcg"], guest("hang"), timeout=600, extra=["-name", mark])
    return Record(trial, outcome.cause, outcome.why)

def logged(trial):
    os.read(0, 1)
    say("begun")
    record = globals()[how](trial)
    os.write(log, (trial.id + "\\n").encode())
    say("measured")
    return record

say("ready")
with open_store(path, plan) as store:
    say("open")
    for record in run_blocks(plan, logged, store, blocks=int(blocks)):
        say(record.trial.id)
"""


def line_of(process: subprocess.Popen[bytes]) -> str:
    """The next line that the process prints."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    assert line.endswith("\n"), process.communicate()
    return line.strip()


class Study:
    """A study in processes of its own, one after the other."""

    def __init__(
        self, folder: Path, how: str, blocks: int, configurations: int, command: tuple[str, ...] = ()
    ) -> None:
        self.path, self.log, self.mark = folder / "s.sqlite", folder / "log", f"accelkit-{uuid.uuid4().hex}"
        self.arguments = [how, self.path, self.log, self.mark, blocks, configurations, *command]
        names = [stored_configuration(f"c{n}", ("-accel", "tcg")) for n in range(configurations)]
        self.plan = Plan(
            [Build("q", ("qemu",), "1")], names, [StoredGuest("cpu", ""), StoredGuest("io", "")], "c0"
        )
        self.planned = [trial for block in range(blocks) for trial in self.plan.block(block)]

    @contextlib.contextmanager
    def started(self, trials: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """The process, as soon as it is loaded; with ``trials`` it waits after so many. The process is killed at the end."""
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, *map(str, self.arguments)],
            stdin=subprocess.DEVNULL if trials is None else pipe,
            stdout=pipe,
            stderr=pipe,
            bufsize=0,
        ) as process:
            try:
                if trials is not None:
                    self.let(process, trials)
                assert line_of(process) == "ready"
                yield process
            finally:
                process.kill()

    def let(self, process: subprocess.Popen[bytes], trials: int) -> None:
        """Lets the process measure so many more trials."""
        assert process.stdin is not None
        process.stdin.write(b"." * trials)

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
        assert all(record.value == positions[record.trial.id] == record.trial.position for record in records)
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def kill_and_go_on(study: Study, most: int, seed: int) -> None:
    """Kills the study KILLS times, each time after a random number of its lines, and checks its store; then lets it end.

    Where the kill hits is chance, too: the process runs on meanwhile, but at most AHEAD trials. So it cannot end before.
    """
    chance = random.Random(seed)
    assert KILLS * (most + AHEAD) < len(study.planned), "plan more blocks"
    before: list[Record] = []
    for _ in range(KILLS):
        trials = chance.randint(0, most)
        count = (
            chance.randint(3 * trials - 1, 3 * trials + 1) if trials else 0
        )  # 0: while the store is opened
        with study.started(trials + AHEAD) as process:
            lines = [line_of(process) for _ in range(count)]
            if count and chance.random() < 0.5:
                await_qemu(study.mark, process)
            process.kill()
            rest, _ = process.communicate()
        assert process.returncode == -signal.SIGKILL
        lines += rest.decode().splitlines()
        records = study.stored()
        assert records[: len(before)] == before
        assert set(lines) - {"open", "begun", "measured"} <= {record.trial.id for record in records}
        assert soon(lambda: not running(study.mark)), f"left running: {running(study.mark)}"
        before = records
    assert before, "killed before anything was measured"
    with study.started() as process:
        _, words = process.communicate()
    assert (process.returncode, words) == (0, b"")
    study.check_whole()
    # A kill costs one trial at most: the one that was measured and not yet stored.
    again = len(study.measured()) - len(study.planned)
    assert 0 <= again <= KILLS
    assert os.listdir(study.path.parent).count("s.sqlite-lock") == 0


def await_qemu(mark: str, process: subprocess.Popen[bytes]) -> None:
    """Waits until a QEMU runs, or until the process prints more: then there was none, or it has ended."""
    while not running(mark) and not select.select([process.stdout], [], [], 0)[0]:
        pass


def test_killed_50_times_each_trial_is_there_once(tmp_path: Path) -> None:
    kill_and_go_on(Study(tmp_path, "fake", blocks=300, configurations=6), most=60, seed=1)


@linux
@pytest.mark.qemu
def test_killed_50_times_with_a_real_qemu_none_is_left(tmp_path: Path) -> None:
    kill_and_go_on(Study(tmp_path, "real", blocks=60, configurations=3, command=qemu()), most=4, seed=2)


@linux
@pytest.mark.qemu
def test_an_interrupt_ends_qemu_and_leaves_the_store_complete(tmp_path: Path) -> None:
    study = Study(tmp_path, "hanging", blocks=1, configurations=1, command=qemu())
    with study.started() as process:
        assert soon(lambda: running(study.mark) and watches_a_child(process.pid))
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=300)
    assert b"KeyboardInterrupt" in words
    assert soon(lambda: not running(study.mark))
    assert study.stored() == []
    assert set(os.listdir(tmp_path)) == {"s.sqlite", "log"}


def test_an_older_store_killed_while_it_is_brought_up_to_date(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "stores" / "format1.store"
    program = """
import sys
from accelkit.study.store.connection import connect, transaction
from accelkit.study.store.schema import migrate
connection = connect(f"file:{sys.argv[1]}")
with transaction(connection):
    migrate(connection)
    print("held", flush=True)
    sys.stdin.read()
"""
    path = tmp_path / "old.sqlite"
    path.write_bytes(golden.read_bytes())
    words = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert line_of(process) == "held"
        finally:
            process.kill()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with read_store(path) as stored:
        assert stored.count() == 3


# ---- two writers ----


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    study = Study(tmp_path, "fake", blocks=100, configurations=1)
    with study.started(3) as first:
        assert soon(lambda: len(study.stored()) == 3)
        with pytest.raises(StudyError) as caught:
            open_store(study.path, study.plan)
        assert f"process {first.pid}" in str(caught.value)
        assert "is writing it; wait until it has ended, or end it; or give another store=" in str(
            caught.value
        )
        study.let(first, 3)
        assert soon(lambda: len(study.stored()) == 6), "the first one was disturbed"
    with open_store(study.path, study.plan) as store:
        assert store.count() == 6


def test_of_many_writers_at_once_one_begins(tmp_path: Path) -> None:
    study = Study(tmp_path, "fake", blocks=100, configurations=1)
    for _ in range(3):
        with contextlib.ExitStack() as stack:
            processes = [stack.enter_context(study.started()) for _ in range(6)]
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
    [stored_configuration(f"c{n}", ()) for n in range(5)],
    [StoredGuest("cpu", ""), StoredGuest("io", "")],
    "c0",
)


def measure(trial: Trial) -> Record:
    return Record(trial, "ok", value=float(trial.position), stderr="words " * 200)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


def check_sound(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_full_disk_ends_the_study_and_keeps_all_records(small_disk: Path) -> None:
    path, ballast = small_disk / "s.sqlite", small_disk / "ballast"
    ballast.write_bytes(b"x" * 7_400_000)
    results: list[Record] = []
    with (
        pytest.raises(
            StudyError, match=r"the disk is full .*all stored records are kept: make room, then run the same"
        ),
        open_store(path, PLAN) as store,
    ):
        results.extend(run_blocks(PLAN, measure, store, blocks=30))
    for _ in range(3):  # and again, as long as there is no room
        with pytest.raises(StudyError, match="the disk is full"), open_store(path, PLAN) as store:
            results.extend(run_blocks(PLAN, measure, store, blocks=30))
        with read_store(path) as stored:
            records = list(stored.records())
        assert records == results
    planned = [trial for block in range(30) for trial in PLAN.block(block)]
    assert 0 < len(records) < len(planned)
    assert [record.trial for record in records] == planned[: len(records)]
    ballast.unlink()
    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, measure, store, blocks=30))
        assert [record.trial for record in store.records()] == planned
    check_sound(path)
    assert os.listdir(small_disk) == ["s.sqlite"]


def test_a_store_cannot_begin_on_a_full_disk(small_disk: Path) -> None:
    fill(small_disk / "ballast")
    with pytest.raises(StudyError, match=r"the disk is full|No space left"):
        open_store(small_disk / "s.sqlite", PLAN)
    (small_disk / "ballast").unlink()
    with open_store(small_disk / "s.sqlite", PLAN) as store:
        assert len(list(run_blocks(PLAN, measure, store, blocks=1))) == 10


def test_the_disk_fills_while_the_store_is_open(small_disk: Path) -> None:
    path, ballast = small_disk / "s.sqlite", small_disk / "ballast"
    with open_store(path, PLAN) as store:
        running_study = run_blocks(PLAN, measure, store, blocks=3)
        for _ in range(7):
            next(running_study)
        fill(ballast)
        with pytest.raises(StudyError, match="the disk is full"):
            list(running_study)
        stored = store.count()
        ballast.unlink()
        list(run_blocks(PLAN, measure, store, blocks=3))  # the same store, still open
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
            list(run_blocks(PLAN, measure, store, blocks=1))
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
