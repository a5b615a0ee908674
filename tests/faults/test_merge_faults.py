"""A merge that is killed, or finds the disk full: its target is as it was or complete, and the next run finishes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.stores import BEGUN, DAY, study_store
from support.tools import tool, unavailable

from accelkit.errors import StudyError
from accelkit.study.across.merge import SUFFIX, merge
from accelkit.study.result import Result

# argv: the folder, and "kill" or "fill". Merges in children that end at the n-th statement or file operation, or that may
# write no file larger than n bytes; after each the target is checked. Prints how many children ended early.
CHILD = """
import hashlib, os, resource, signal, sys
from accelkit.errors import StudyError
from accelkit.study.across import merge as merging, merged_file
from accelkit.study.result import Result

folder, how = sys.argv[1:]
parts, target = [f"{folder}/a.sqlite", f"{folder}/b.sqlite"], f"{folder}/all.sqlite"

def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest() if os.path.exists(path) else ""

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

def killed_at(n):
    left = [n]
    def count(*_):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def counting(name):
        real = getattr(os, name)
        def counted(*words, **named):
            count()
            return real(*words, **named)
        setattr(os, name, counted)
    def do():
        real = merged_file.connect
        def traced(uri):
            made = real(uri)
            made.set_trace_callback(count)
            return made
        merged_file.connect = traced
        for name in ("replace", "unlink", "fsync"):
            counting(name)
        merging.merge(parts, target)
        with open(f"{folder}.count", "w") as file:
            file.write(str(n - left[0]))
    return in_a_child(do)

def limited_to(size):
    def do():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        merging.merge(parts, target)
    return in_a_child(do)

def begin():
    for name in os.listdir(folder):
        if name.startswith("all."):
            os.unlink(f"{folder}/{name}")
    if is_there:
        merging.merge(parts[:1], target)

is_there = os.path.exists(target)
if how == "kill":
    assert killed_at(10**6) == 0
    total = int(open(f"{folder}.count").read())
    ends = [*range(0, total - 12, 9), *range(total - 12, total)]
    begin()
else:
    ends = [size * 4096 for size in range(0, 30, 6)]
before = digest(target)
for end in ends:
    assert (killed_at(end) if how == "kill" else limited_to(end)) == (-signal.SIGKILL if how == "kill" else 3), end
    now = digest(target)
    if now != before:
        assert how == "kill" and len(Result.from_store(target).records) == 30, end
        begin()
        before = digest(target)
merging.merge(parts, target)
print(len(ends))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With two stores."""
    study_store(tmp_path / "a.sqlite", blocks=8)
    study_store(tmp_path / "b.sqlite", blocks=7, created=BEGUN + DAY, seed=2)
    return tmp_path


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A tmpfs of half a MiB."""
    place = tmp_path_factory.mktemp("disk")
    mounting = [tool("mount"), "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)]
    done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run([tool("umount"), str(place)], check=True)


def run(folder: Path, how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), how],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_killed_merge_leaves_its_target_and_is_finished_by_the_next(folder: Path, is_there: bool) -> None:
    target = folder / "all.sqlite"
    if is_there:
        merge([folder / "a.sqlite"], target)
    assert run(folder, "kill") > 20
    assert len(Result.from_store(target).records) == 30
    assert sorted(path.name for path in folder.iterdir()) == ["a.sqlite", "all.sqlite", "b.sqlite"]


def test_files_that_may_not_grow_leave_the_target_as_it_was(folder: Path) -> None:
    merge([folder / "a.sqlite"], folder / "all.sqlite")
    assert run(folder, "fill") > 3
    assert not (folder / f"all.sqlite{SUFFIX}").exists()
    assert len(Result.from_store(folder / "all.sqlite").records) == 30


def test_a_full_disk_is_told_in_words(folder: Path, small_disk: Path) -> None:
    target = small_disk / "all.sqlite"
    merge([folder / "a.sqlite"], target)
    before = target.read_bytes()
    many = study_store(folder / "many.sqlite", blocks=3000)
    with pytest.raises(StudyError, match=r"the disk is full .*: make room, then run the same again"):
        merge([many], target)
    assert target.read_bytes() == before
    assert [path.name for path in small_disk.iterdir()] == ["all.sqlite"]


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    for place in ("/proc/all.sqlite", "/dev/null/all.sqlite"):
        with pytest.raises(StudyError, match=r"all\.sqlite': "):
            merge([folder / "a.sqlite"], place)
