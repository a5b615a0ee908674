"""One writer per store, in this process; other processes are in tests/faults."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.errors import StudyError
from accelkit.study.store.lock import SUFFIX, WriterLock, writer_of
from accelkit.study.store.writer import open_store


def test_a_second_writer_in_this_process_is_refused(path: Path) -> None:
    link = path.with_name("link.sqlite")
    link.symlink_to(path)
    with open_store(path, PLAN) as store:
        for name in (path, link):
            with pytest.raises(StudyError, match="this process has it open for writing already"):
                open_store(name, PLAN)
        store.append(full())
    open_store(link, PLAN).close()


def test_a_lock_file_of_a_killed_writer_is_harmless(path: Path) -> None:
    Path(f"{path}-lock").write_text("1\n")
    open_store(path, PLAN).close()
    assert os.listdir(path.parent) == [path.name]


def test_the_writer_is_known_while_it_holds_the_lock(path: Path) -> None:
    assert writer_of(str(path)) is None
    lock = WriterLock("s", str(path))
    assert writer_of(str(path)) == os.getpid()
    lock.release()
    lock.release()  # a second time does nothing
    assert writer_of(str(path)) is None
    assert not os.path.exists(f"{path}{SUFFIX}")


@pytest.mark.parametrize("text", ["", "1\n", "no number"])
def test_a_lock_file_that_nobody_holds_has_no_writer(path: Path, text: str) -> None:
    Path(f"{path}{SUFFIX}").write_text(text)
    assert writer_of(str(path)) is None
