"""A store that is written: each trial once, by one study; and how a study is resumed."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.stored_study import COMMAND, HOST, PLAN, full, query

from accelkit.errors import StudyError
from accelkit.measure.outcome import NOT_DONE
from accelkit.study.budget import BUDGET_UNKNOWN, CHANGED, NOT_ENDED, Budget
from accelkit.study.drops import Drops
from accelkit.study.model import Build, Cell
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store


def test_a_closed_store_is_one_file(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
        assert len(os.listdir(path.parent)) > 1
    assert os.listdir(path.parent) == [path.name]
    with read_store(path) as stored:
        assert stored.count() == 1
    assert os.listdir(path.parent) == [path.name]


def test_another_thread_may_write(path: Path) -> None:
    with open_store(path, PLAN) as store:
        thread = threading.Thread(target=store.append, args=(full(),))
        thread.start()
        thread.join()
        assert store.count() == 1


def test_a_trial_is_stored_once(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
        with pytest.raises(StudyError, match="is stored already"):
            store.append(full())
        assert store.trial_ids() == {full().trial.id}
        assert store.count() == 1


def test_a_trial_that_the_host_could_not_measure_is_stored_again(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for cause in NOT_DONE:
            store.append(replace(full(), cause=cause, value=None))
            store.append(replace(full(), cause=cause, value=None))
        assert store.trial_ids() == set()
        store.append(full())
        assert store.trial_ids() == {full().trial.id}
        assert store.count() == 2 * len(NOT_DONE) + 1
        assert [not r.done for r in store.records()].count(True) == 2 * len(NOT_DONE)


def test_a_trial_of_another_study_is_refused(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for bad in (replace(full().trial, guest="cpu"), replace(full().trial, build="8")):
            with pytest.raises(StudyError, match="not in this study"):
                store.append(replace(full(), trial=bad))
        assert store.count() == 0


def test_dropped_cells_are_kept(path: Path) -> None:
    cell = Cell("7.2", "smp", "tcg,thread=single")
    with open_store(path, PLAN) as store:
        store.race(3, {cell: 8})
        store.race(9, {cell: 1})
        store.race(20, {cell: 8})
        store.race(25, {cell: 8})
        store.race(25, {cell: 16})  # the last word on a block counts
        assert store.drops() == Drops({cell: ((3, 8), (9, 1), (20, 8), (25, 16))})
        assert store.drops().now == {cell: 20}
    place = ("smp", "7.2", "tcg,thread=single")
    assert query(path, "SELECT * FROM measured_rarely ORDER BY from_block") == [
        (*place, 3, 9, 8), (*place, 20, 25, 8), (*place, 25, None, 16),
    ]  # fmt: skip


def test_budgets_are_kept_with_their_ends(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.begin_budget(Budget(20, None, False, 0))
        store.append(full())
        assert store.look() == NOT_ENDED
    with open_store(path, PLAN) as store:
        store.begin_budget(Budget(20, None, False, 1))
        store.append(full(1))
        store.end_budget()
        assert store.look() == ""
        store.begin_budget(Budget(30, 1.5, False, 2))
        assert store.look() == ""  # nothing was measured yet
        store.append(full(2))
        assert store.look() == CHANGED
    assert query(path, "SELECT session, blocks, seconds, precision, trials, ended FROM budget") == [
        (1, 20, None, 0, 0, 0), (2, 20, None, 0, 1, 1), (2, 30, 1.5, 0, 2, 0),
    ]  # fmt: skip


def test_a_damaged_budget_is_taken_for_a_changed_one(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.begin_budget(Budget(1, None, False, 0))
        store.end_budget()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE budget SET ended = 0")
    with read_store(path) as stored:
        assert stored.look() == BUDGET_UNKNOWN
        assert [damage.where for damage in stored.other_damage()] == ["budget 1"]


def test_a_study_is_resumed(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND) as store:
        store.append(full())
    with open_store(path, PLAN) as store:
        assert store.trial_ids() == {full().trial.id}
        assert store.info.command == COMMAND  # that of the first session
        store.append(full(1))
    assert [row[3] for row in query(path, "SELECT * FROM sessions")] == [1, 1]
    assert query(path, "SELECT count(*) FROM session WHERE ended IS NULL") == [(0,)]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (replace(PLAN, seed=8), "seed: 7 is stored, 8 was given"),
        (replace(PLAN, baseline="tcg,thread=single"), "baseline: 'tcg' is stored"),
        (
            replace(PLAN, guests=[StoredGuest("smp", "smp 2000")]),
            "guest 'smp': 'smp 1000' is stored, 'smp 2000' was",
        ),
        (
            replace(PLAN, builds=[Build("7.2", ("qemu-system-x86_64",), "QEMU 7.2.23")]),
            "QEMU build '7.2': QEMU 7.2.22",
        ),
        (replace(PLAN, builds=[Build("7.2", ("/opt/qemu",), "QEMU 7.2.22")]), 'by ["/opt/qemu"] was given'),
        (
            replace(PLAN, configurations=PLAN.configurations[:1]),
            "'tcg,thread=single': is stored, was not given",
        ),
    ],
)
def test_another_study_is_refused_and_the_message_says_what_to_do(
    path: Path, other: Plan, message: str
) -> None:
    with open_store(path, PLAN, command=COMMAND) as store:
        store.append(full())
    with pytest.raises(StudyError) as caught:
        open_store(path, other)
    assert message in str(caught.value)
    assert str(caught.value).startswith(
        f"store={str(path)!r}: holds another study; give another store=, or resume what it holds:"
        " accelkit study 'tcg,thread={single,multi}' --guest smp\n"
    )
    with open_store(path, PLAN) as store:  # the lock was released, and no session noted
        assert store.count() == 1
    assert len(query(path, "SELECT * FROM session")) == 2


def test_another_host_is_refused(path: Path) -> None:
    with open_store(path, PLAN, host=HOST):
        pass
    with pytest.raises(StudyError, match="holds measurements of another host; give another store="):
        open_store(path, PLAN)
    for other, message in (
        (replace(HOST, machine="1"), "host: old (00c0ffee) in the store, old (1) here"),
        (replace(HOST, kernel="Linux 6.2"), "kernel: Linux 6.1.0 x86_64 in the store, Linux 6.2 here"),
        (replace(HOST, cpu="Other"), "CPU: Some CPU in the store, Other here"),
        (replace(HOST, cpus=2), "number of CPUs: 4 in the store, 2 here"),
    ):
        with pytest.raises(StudyError) as caught:
            open_store(path, PLAN, host=other)
        assert message in str(caught.value)
    open_store(path, PLAN, host=replace(HOST, name="renamed", governor="powersave")).close()


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="its folder does not exist; make it first"):
        open_store(tmp_path / "no" / "x.sqlite", PLAN)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is a folder; give the name of a file"):
        open_store(tmp_path, PLAN)


def test_a_closed_store_refuses_records(path: Path) -> None:
    store = open_store(path, PLAN)
    store.close()
    store.close()
    with pytest.raises(StudyError, match="closed"):
        store.append(full())
