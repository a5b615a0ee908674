"""A store that was hardly begun: killed, out of room, or an empty file. The same command makes a study of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import command
from support.processes import qemu

from accelkit import tcg
from accelkit.errors import StudyError
from accelkit.study import study
from accelkit.study.result import Result
from accelkit.study.store.reader import read_store

WORDS = ["--run-seconds", "0.02", "--blocks", "1", "--quiet"]

# argv: the folder. Begins stores, each in a process that ends at the n-th statement that SQLite runs, or that may
# write no file larger than n bytes; then begins each again, and prints how many there were.
CHILD = """
import os, resource, signal, sys
from accelkit.errors import StudyError
from accelkit.study.store import connection, writer
from accelkit.study.store.reader import read_store, stored_plan
from support.fake_study import PLAN, fake

def begin(path):
    with writer.open_store(path, PLAN) as store:
        store.append(fake(PLAN.block(0)[0]))

def in_a_child(do):
    child = os.fork()
    if not child:
        try:
            do()
        except StudyError as error:
            os._exit(3)
        except BaseException as error:
            os.write(2, repr(error).encode())
            os._exit(4)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def killed_at(path, n):
    def do():
        left = [n]
        def count(statement):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        real = writer.connect
        def traced(uri):
            made = real(uri)
            made.set_trace_callback(count)
            return made
        writer.connect = traced
        begin(path)
    return in_a_child(do)

def limited_to(path, size):
    def do():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        begin(path)
    return in_a_child(do)

def check(path, status):
    if status == 0:
        return
    assert status in (-signal.SIGKILL, 3), (path, status)
    plan = stored_plan(path)
    assert plan in (None, PLAN), path
    if plan is None and os.path.exists(path):
        try:
            read_store(path)
        except StudyError as error:
            assert "is empty, no study has begun in it" in str(error), error
        else:
            raise AssertionError(path)
    with writer.open_store(path, PLAN) as store:
        if not store.count():
            store.append(fake(PLAN.block(0)[0]))
        assert [record.trial for record in store.read()] == [PLAN.block(0)[0]]

os.chdir(sys.argv[1])
ends = []
for n in range(10_000):
    ends.append(killed_at(f"killed{n}", n))
    check(f"killed{n}", ends[-1])
    if ends[-1] == 0:
        break
for size in (0, 1, 15, 16, 100, 511, 512, 513, 1000, 4095, 4096, 4097, 8192, 20_000, 40_000, 60_000, 1 << 20):
    ends.append(limited_to(f"limited{size}", size))
    check(f"limited{size}", ends[-1])
print(ends.count(-signal.SIGKILL), ends.count(3), ends.count(0))
"""


def test_a_study_killed_or_out_of_room_at_each_step_of_its_beginning_can_begin_again(tmp_path: Path) -> None:
    folder = tmp_path / "stores"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.returncode == 0, done.stderr
    killed, limited, whole = map(int, done.stdout.split())
    assert killed > 30
    assert limited > 8
    assert whole >= 2


BEGINNINGS = {
    "of no bytes": b"",
    "half of the first page": b"SQLite format 3\0\x10\0\2\2\0@  " + bytes(900),
    "zeros": bytes(4000),
}


@pytest.mark.qemu
@pytest.mark.parametrize("content", BEGINNINGS.values(), ids=BEGINNINGS)
def test_the_library_begins_a_file_that_holds_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    Path(f"{path}-wal").write_bytes(b"\x37\x7f\x06\x82 no log of this store")
    with pytest.raises(StudyError, match="is empty, no study has begun in it; name another, or begin one:"):
        Result.from_store(path)
    result = study(tcg(), store=str(path), qemu=qemu()[0], blocks=1, run_seconds=0.02, watch=False)
    assert [record.ok for record in result.records] == [True]


@pytest.mark.qemu
def test_the_command_begins_a_file_that_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "made by mktemp"
    path.touch()
    empty = command("report", str(path))
    assert (empty.status, empty.out) == (2, "")
    assert (
        f"is empty, no study has begun in it; name another, or begin one: accelkit study SPACE --store '{path}'"
        in empty.err
    )
    assert command("store", "check", str(path)).status == 2
    words = ["study", "tcg", "--store", str(path), *WORDS]
    assert command(*words).status == 0
    assert command(*words).status == 0
    with read_store(path) as stored:
        assert stored.count() == 1
