"""A store that is read, also while it grows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.stored_study import PLAN, full

from accelkit.errors import StudyError
from accelkit.study.model import Cell, Record
from accelkit.study.standards import Standards
from accelkit.study.store.connection import connect
from accelkit.study.store.reader import read_store, stored_plan
from accelkit.study.store.rows import PAGE, update
from accelkit.study.store.writer import open_store


def test_records_are_read_in_pages_from_any_number_on(path: Path) -> None:
    many = 2 * PAGE + 3
    with open_store(path, PLAN) as store:
        store.append(*map(full, range(many)))
        assert store.count() == many
        assert [r.trial.block for r in store.records()] == list(range(many))
        assert [r.trial.block for r in store.records(after=many - 2)] == [many - 2, many - 1]
        assert list(store.records(after=many)) == []


def test_a_reader_sees_what_is_stored_meanwhile(path: Path) -> None:
    with open_store(path, PLAN) as store, read_store(path) as stored:
        assert stored.count() == 0
        store.append(full())
        assert stored.count() == 1
        reading = stored.records()
        assert next(reading) == full()
        store.append(full(1))  # an unfinished read does not block the writer
        assert [r.trial.block for r in stored.records(after=1)] == [1]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            stored._connection.execute("DELETE FROM trial")


def test_spent_time_sums_sessions_without_the_pauses(path: Path) -> None:
    for block in range(2):
        with open_store(path, PLAN) as store:
            store.append(full(block))
    with closing(connect(f"file:{path}")) as connection:
        for number in (1, 2):
            update(connection, "session", number, {"started": number * 1000.0})
            update(connection, "trial", number, {"stored": number * 1000.0 + 7})
    with read_store(path) as stored:
        assert stored.spent() == 14.0


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is a folder; give the name of a file"):
        read_store(tmp_path)


def test_an_empty_file_can_be_written_and_not_read(path: Path) -> None:
    path.touch()
    with pytest.raises(StudyError, match="is empty, no study has begun in it"):
        read_store(path)
    open_store(path, PLAN).close()
    read_store(path).close()


@pytest.mark.parametrize("content", [b"", b"SQLite", b"SQLite format 3\0" + bytes(500), bytes(4000)])
def test_a_store_that_was_not_begun_has_no_plan(path: Path, content: bytes) -> None:
    assert stored_plan(path) is None
    path.write_bytes(content)
    assert stored_plan(path) is None
    with pytest.raises(StudyError, match="is empty, no study has begun in it; name another, or begin one"):
        read_store(path)
    open_store(path, PLAN).close()
    assert stored_plan(path) == PLAN


@pytest.mark.parametrize("content", [b"my notes", b"SQLite format 3\0" + bytes(4096)])
def test_a_file_of_something_else_is_not_begun(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for use in (stored_plan, read_store, lambda path: open_store(path, PLAN)):
        with pytest.raises(StudyError):
            use(path)
    assert path.read_bytes() == content


def test_a_damaged_store_says_how_to_recover_it(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(*map(full, range(300)))
    data = bytearray(path.read_bytes())
    data[4096 * 8 :] = b"\xff" * len(data[4096 * 8 :])
    path.write_bytes(data)
    with (
        pytest.raises(StudyError, match=r"accelkit store check --repair .*tcg\.sqlite"),
        read_store(path) as stored,
    ):
        list(stored.records())


def test_a_mark_changes_as_soon_as_new_content_can_be_read(path: Path) -> None:
    cell = Cell("7.2", "smp", "tcg,thread=single")
    first, second = PLAN.block(0)[:2]
    open_store(path, PLAN).close()
    with read_store(path) as stored:
        marks = [stored.mark()]
        with open_store(path, PLAN) as store:
            marks.append(stored.mark())
            for change in (
                lambda: store.append(Record(first, "ok", value=1.0)),
                lambda: store.append(Record(second, "timeout")),
                lambda: store.race(1, {cell: 8}),
            ):
                change()
                marks.append(stored.mark())
            assert stored.mark() == marks[-1]
        marks.append(stored.mark())
        open_store(path, PLAN, standards=Standards(0.05)).close()
        marks.append(stored.mark())
        assert len(set(marks)) == len(marks)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("DELETE FROM race")
        assert stored.mark() == marks[-1]
        connection.execute("COMMIT")
        connection.close()
        assert stored.mark() != marks[-1]
