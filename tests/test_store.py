from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tools import tool, unavailable

from accelkit.errors import StudyError
from accelkit.study.host import Host, moved, this_host
from accelkit.study.plan import Named, Plan
from accelkit.study.standards import Standards
from accelkit.study.store import open_store
from accelkit.study.store_connection import connect, transaction
from accelkit.study.store_rows import COLUMNS, Numbers, names_of, record_of, row_of
from accelkit.study.store_schema import FORMAT, STEPS, format_of, migrate
from accelkit.study.stored import PAGE, read_store
from accelkit.study.trial import NOT_DONE, Arm, Build, Configuration, Record, Trial

GOLDEN = Path(__file__).parent / "golden" / "stores" / "format1.store"

HOST = Host("old", "00c0ffee", "Linux 6.1.0 x86_64", "Some CPU", 4, "performance")

PLAN = Plan(
    [Build("7.2", ("qemu-system-x86_64",), "QEMU 7.2.22")],
    [
        Configuration("tcg", ("-accel", "tcg")),
        Configuration("tcg,thread=single", ("-accel", "tcg,thread=single")),
    ],
    [Named("smp", "smp 1000")],
    "tcg",
    seed=7,
)
COMMAND = ("accelkit", "study", "tcg,thread={single,multi}", "--guest", "smp")


def trial(block: int = 0, configuration: str = "tcg") -> Trial:
    return next(t for t in PLAN.block(block) if t.configuration == configuration)


def full(block: int = 0) -> Record:
    return Record(
        trial(block),
        cause="ok",
        why="a line",
        figure=2.5e6,
        unit="s",
        slices=(3, 2, 1 << 70),
        phases={"boot": 0.25},
        wall=0.5,
        user=0.4,
        system=0.1,
        max_rss=40_000,
        voluntary_switches=3,
        involuntary_switches=4,
        status=33,
        accelerator="tcg",
        counters={"flushes": 5.0},
        started=1.79e9,
        load=0.5,
        steal=0.01,
        stderr="words\nmore",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tcg.sqlite"


def shell(path: Path, query: str) -> list[tuple[object, ...]]:
    """As plain sqlite3 would read it."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


# ---- what goes in comes out ----


def test_a_record_comes_back_as_it_was(path: Path) -> None:
    assert [
        f.name for f in fields(Record) if getattr(full(), f.name) == f.default
    ] == []  # nothing is left out
    with open_store(path, PLAN) as store:
        store.append(full())
        assert list(store.records()) == [full()]
        assert next(store.records()).trial.position == full().trial.position
    with read_store(path) as stored:
        assert list(stored.records()) == [full()]


numbers = Numbers({"7.2": 1}, {"smp": 1}, {"tcg": 1, "kvm": 2})
finite = st.floats(allow_nan=False)
whole = st.integers(-(1 << 63), (1 << 63) - 1)
records = st.builds(
    Record,
    trial=st.builds(
        Trial, st.just("7.2"), st.just("smp"), st.sampled_from(["tcg", "kvm"]), st.integers(0, 1 << 40), whole
    ),
    cause=st.sampled_from(["ok", "timeout", "error"]),
    why=st.text(st.characters(exclude_categories=["Cs"])),
    figure=st.none() | finite,
    slices=st.lists(st.integers()).map(tuple),
    phases=st.dictionaries(st.text(), finite),
    wall=finite,
    max_rss=st.none() | whole,
    status=st.none() | whole,
    counters=st.dictionaries(st.text(), finite),
    stderr=st.text(st.characters(exclude_categories=["Cs"])),
)


@given(records)
def test_any_record_comes_back_through_sqlite(record: Record) -> None:
    connection = connect("file::memory:")
    migrate(connection)
    marks = ", ".join("?" * len(COLUMNS))
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"INSERT INTO trial ({', '.join(COLUMNS)}) VALUES ({marks})", row_of(record, numbers))
    row = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM trial").fetchone()
    connection.close()
    assert record_of(row, names_of(numbers)) == record


def test_words_that_are_no_utf8_are_kept_readable(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(replace(full(), why="\udcff", stderr="a\udc80b"))
        assert [(r.why, r.stderr) for r in store.records()] == [("\\udcff", "a\\udc80b")]


def test_plan_host_and_command_come_back(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND, host=HOST):
        pass
    with read_store(path) as stored:
        assert stored.plan == PLAN
        assert stored.info.host == HOST
        assert stored.info.command == COMMAND
        assert stored.info.fingerprint == PLAN.fingerprint
        assert stored.info.accelkit


def test_many_records_come_in_pages_and_from_where_one_was(path: Path) -> None:
    many = 2 * PAGE + 3
    with open_store(path, PLAN) as store:
        with transaction(store._connection):
            for block in range(many):
                store.append(full(block))
        assert store.count() == many
        assert [r.trial.block for r in store.records()] == list(range(many))
        assert [r.trial.block for r in store.records(after=many - 2)] == [many - 2, many - 1]
        assert list(store.records(after=many)) == []


def test_a_reader_sees_a_running_study_grow(path: Path) -> None:
    with open_store(path, PLAN) as store, read_store(path) as stored:
        assert stored.count() == 0
        store.append(full())
        assert stored.count() == 1
        reading = stored.records()
        assert next(reading) == full()
        store.append(full(1))  # a reader in the midst of it holds nobody up
        assert [r.trial.block for r in stored.records(after=1)] == [1]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            stored._connection.execute("DELETE FROM trial")


def test_after_a_clean_end_there_is_one_file(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
        assert len(os.listdir(path.parent)) > 1
    assert os.listdir(path.parent) == [path.name]
    with read_store(path) as stored:
        assert stored.count() == 1
    assert os.listdir(path.parent) == [path.name]


def test_it_can_be_used_from_another_thread(path: Path) -> None:
    with open_store(path, PLAN) as store:
        thread = threading.Thread(target=store.append, args=(full(),))
        thread.start()
        thread.join()
        assert store.count() == 1


def test_names_with_odd_characters(tmp_path: Path) -> None:
    for name in ("a?b#c%20d&e='f'.sqlite", "ä ö.sqlite", "-x"):
        path = tmp_path / name
        with open_store(path, PLAN) as store:
            store.append(full())
        with read_store(path) as stored:
            assert stored.count() == 1
    assert len(os.listdir(tmp_path)) == 3


def test_one_sync_a_trial(path: Path) -> None:
    strace = tool("strace")
    program = """
import sys; sys.path.insert(0, sys.argv[1])
from test_store import *
with open_store(sys.argv[2], PLAN) as store:
    for block in range(int(sys.argv[3])):
        store.append(full(block))
"""

    def syncs(count: int) -> int:
        target = path.with_name(f"{count}.sqlite")
        traced = [strace, "-f", "-e", "trace=fsync,fdatasync", sys.executable, "-c", program]
        run = subprocess.run(
            [*traced, str(Path(__file__).parent), str(target), str(count)],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            unavailable(f"strace cannot trace here: {run.stderr[-200:]}")
        return run.stderr.count("sync(")

    assert syncs(120) - syncs(20) == 100


# ---- each trial once ----


def test_a_trial_is_stored_once(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store.append(full())
        with pytest.raises(StudyError, match="is stored already"):
            store.append(full())
        assert store.trial_ids() == {full().trial.id}
        assert store.count() == 1


def test_what_the_host_could_not_measure_may_come_again(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for cause in NOT_DONE:
            store.append(replace(full(), cause=cause, figure=None))
            store.append(replace(full(), cause=cause, figure=None))
        assert store.trial_ids() == set()
        store.append(full())
        assert store.trial_ids() == {full().trial.id}
        assert store.count() == 2 * len(NOT_DONE) + 1
        assert [not r.done for r in store.records()].count(True) == 2 * len(NOT_DONE)


def test_the_index_and_the_constant_say_the_same() -> None:
    index = next(statement for step in STEPS for statement in step if "trial_done" in statement)
    assert [word for word in NOT_DONE if f"'{word}'" in index] == list(NOT_DONE)
    assert index.count("'") == 2 * len(NOT_DONE)


def test_a_trial_of_another_study_is_refused(path: Path) -> None:
    with open_store(path, PLAN) as store:
        for bad in (replace(full().trial, guest="cpu"), replace(full().trial, build="8")):
            with pytest.raises(StudyError, match="not in this study"):
                store.append(replace(full(), trial=bad))
        assert store.count() == 0


def test_what_was_given_up_is_kept(path: Path) -> None:
    arm = Arm("7.2", "smp", "tcg,thread=single")
    with open_store(path, PLAN) as store:
        store.drop(3, [arm])
        store.drop(5, [arm])  # it stays as it is
        assert store.dropped() == {arm: 3}
    assert shell(path, "SELECT * FROM given_up") == [("smp", "7.2", "tcg,thread=single", 3)]


# ---- going on ----


def test_a_study_goes_on_where_it_was(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND) as store:
        store.append(full())
    with open_store(path, PLAN) as store:
        assert store.trial_ids() == {full().trial.id}
        assert store.info.command == COMMAND  # the first one's
        store.append(full(1))
    assert [row[3] for row in shell(path, "SELECT * FROM sessions")] == [1, 1]
    assert shell(path, "SELECT count(*) FROM session WHERE ended IS NULL") == [(0,)]


def test_time_spent_is_that_of_all_sessions_without_the_pauses(path: Path) -> None:
    for block in range(2):
        with open_store(path, PLAN) as store:
            store.append(full(block))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE session SET started = number * 1000")
        connection.execute("UPDATE trial SET stored = session * 1000 + 7")
    connection.close()
    with read_store(path) as stored:
        assert stored.spent() == 14.0


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(PLAN, seed=8), "seed: 7 is stored, 8 was given"),
        (replace(PLAN, baseline="tcg,thread=single"), "baseline: 'tcg' is stored"),
        (
            replace(PLAN, guests=[Named("smp", "smp 2000")]),
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
def test_another_study_is_refused_with_what_to_do(path: Path, other: Plan, said: str) -> None:
    with open_store(path, PLAN, command=COMMAND) as store:
        store.append(full())
    with pytest.raises(StudyError) as caught:
        open_store(path, other)
    assert said in str(caught.value)
    assert str(caught.value).startswith(
        f"store={str(path)!r}: holds another study; give another store=, or go on with what it holds:"
        " accelkit study 'tcg,thread={single,multi}' --guest smp\n"
    )
    with open_store(path, PLAN) as store:  # the lock was let go of, and no session was noted
        assert store.count() == 1
    assert len(shell(path, "SELECT * FROM session")) == 2


def test_another_host_is_refused(path: Path) -> None:
    with open_store(path, PLAN, host=HOST):
        pass
    with pytest.raises(StudyError, match="holds what another host measured; give another store="):
        open_store(path, PLAN)
    for other, said in (
        (replace(HOST, machine="1"), "host: old (00c0ffee) is stored, this is old (1)"),
        (replace(HOST, kernel="Linux 6.2"), "kernel: Linux 6.1.0 x86_64 is stored"),
        (replace(HOST, cpu="Other"), "CPU: Some CPU is stored, this is Other"),
        (replace(HOST, cpus=2), "number of CPUs: 4 is stored, this is 2"),
    ):
        with pytest.raises(StudyError) as caught:
            open_store(path, PLAN, host=other)
        assert said in str(caught.value)
    open_store(path, PLAN, host=replace(HOST, name="renamed", governor="powersave")).close()


def test_this_host_is_itself() -> None:
    assert moved(this_host(), this_host()) == ()


# ---- what is no store ----


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"no such folder; make it first"):
        open_store(tmp_path / "no" / "x.sqlite", PLAN)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is a folder; give a file's name"):
        open_store(tmp_path, PLAN)
    with pytest.raises(StudyError, match="is a folder; name the store of a study"):
        read_store(tmp_path)


def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(StudyError, match="not an SQLite database; give another name"):
            use()
    assert path.read_bytes() == b"no database at all" * 1000


def test_a_database_of_another_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = path.read_bytes()
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(StudyError, match="a database of another program; give another name"):
            use()
    assert path.read_bytes() == before


def test_an_empty_file_is_begun_and_cannot_be_read(path: Path) -> None:
    path.touch()
    with pytest.raises(StudyError, match="is empty, no study was begun in it"):
        read_store(path)
    open_store(path, PLAN).close()
    read_store(path).close()


def test_a_newer_store_is_left_alone(path: Path) -> None:
    open_store(path, PLAN).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    for use in (lambda: open_store(path, PLAN), lambda: read_store(path)):
        with pytest.raises(
            StudyError, match=f"made by a newer accelkit .format {FORMAT + 1}, this one knows {FORMAT}"
        ):
            use()


def test_a_damaged_store_says_how_to_save_it(path: Path) -> None:
    with open_store(path, PLAN) as store, transaction(store._connection):
        for block in range(300):
            store.append(full(block))
    data = bytearray(path.read_bytes())
    data[4096 * 8 :] = b"\xff" * len(data[4096 * 8 :])
    path.write_bytes(data)
    with pytest.raises(StudyError, match=r"sqlite3 .*tcg\.sqlite \.recover"), read_store(path) as stored:
        list(stored.records())


def test_a_closed_store_says_so(path: Path) -> None:
    store = open_store(path, PLAN)
    store.close()
    store.close()
    with pytest.raises(StudyError, match="closed"):
        store.append(full())


# ---- one writer ----


def test_a_second_writer_in_this_process_is_refused(path: Path) -> None:
    link = path.with_name("link.sqlite")
    link.symlink_to(path)
    with open_store(path, PLAN) as store:
        for name in (path, link):
            with pytest.raises(StudyError, match="this very process has it open for writing"):
                open_store(name, PLAN)
        store.append(full())
    open_store(link, PLAN).close()


def test_a_lock_left_over_holds_nobody_up(path: Path) -> None:
    Path(f"{path}-lock").write_text("1\n")
    open_store(path, PLAN).close()
    assert os.listdir(path.parent) == [path.name]


def test_a_locked_database_is_told(path: Path) -> None:
    with open_store(path, PLAN) as store:
        store._connection.execute("PRAGMA busy_timeout = 10")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StudyError, match="another program keeps it locked"):
            store.append(full())
        other.close()
        store.append(full())


# ---- older formats ----


def old(path: Path) -> Path:
    shutil.copy(GOLDEN, path)
    path.chmod(0o644)
    return path


def test_the_golden_store_is_of_format_1(path: Path) -> None:
    assert shell(old(path), "PRAGMA user_version") == [(1,)]
    # Nobody has opened it there: that would leave a -wal, a -shm or a lock beside it.
    assert sorted(path.name for path in GOLDEN.parent.glob("format*")) == ["format1.store", "format2.store"]
    assert FORMAT == len(STEPS) == 3


def test_an_older_store_is_read_and_stays_as_it_is(path: Path) -> None:
    before = old(path).read_bytes()
    with read_store(path) as stored:
        assert stored.plan == PLAN
        assert stored.info.host == HOST
        assert stored.info.command == COMMAND
        assert [(r.trial.configuration, r.trial.block, r.cause, r.figure) for r in stored.records()] == [
            ("tcg", 0, "ok", 2.5e6),
            ("tcg,thread=single", 0, "ok", 1.5e6),
            ("tcg,thread=single", 1, "timeout", None),
        ]
        first = next(stored.records())
        assert (first.slices, first.phases, first.counters) == ((3, 2), {"boot": 0.25}, {"flushes": 5.0})
        assert stored.dropped() == {}
        assert stored.spent() == pytest.approx(3.5)
    assert path.read_bytes() == before


@pytest.mark.parametrize("found", range(1, FORMAT))
def test_what_older_formats_did_not_keep_is_what_was_usual(path: Path, found: int) -> None:
    connection = sqlite3.connect(old(path), isolation_level=None)
    with transaction(connection):
        migrate(connection, to=found)
    connection.close()
    with read_store(path) as stored:
        assert stored.info.standards == Standards(0.01, 0.95, anytime=False)
        assert [guest.code for guest in stored.plan.guests] == [""]
    asked = Standards(0.02, 0.9, anytime=True)
    with open_store(path, PLAN, host=HOST, standards=asked) as store:
        assert store.info.standards == asked
    with open_store(path, PLAN, host=HOST) as store:  # one that only adds trials
        assert store.info.standards == asked
    assert schema(path) == schema_of_new(path)


def test_the_call_that_makes_a_guest_again_is_kept(path: Path) -> None:
    own = Named("own", "own 1", "command(['-S'])")
    with open_store(path, replace(PLAN, guests=(own,))) as store:
        assert store.plan.guests[0].code == own.code
    with open_store(path, replace(PLAN, guests=(replace(own, code="command(['-S'], memory=1)"),))) as store:
        assert store.plan.guests[0].code == own.code
    assert ("guest own is", own.code) in shell(path, "SELECT * FROM study_info")


def test_a_store_of_format_2_is_read_and_gone_on_with(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format2.store"), path)
    assert shell(path, "PRAGMA user_version") == [(2,)]
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert stored.info.command == COMMAND
            assert [(r.trial.configuration, r.cause) for r in stored.records()] == [
                ("tcg", "ok"), ("tcg,thread=single", "timeout"),
            ]  # fmt: skip
            assert stored.dropped() == {Arm("7.2", "smp", "tcg,thread=single"): 2}
            assert stored.info.standards == Standards()
        open_store(path, PLAN, host=HOST).close()
    assert shell(path, "PRAGMA user_version") == [(FORMAT,)]
    assert schema(path) == schema_of_new(path)


def test_standards_are_those_of_the_last_call_but_anytime_stays(path: Path) -> None:
    """What was once looked at until its intervals were narrow needs wider ones ever after."""
    for asked, seen in (
        (Standards(0.05), Standards(0.05)),
        (Standards(0.02, 0.9, anytime=True), Standards(0.02, 0.9, anytime=True)),
        (Standards(0.03), Standards(0.03, anytime=True)),
        (None, Standards(0.03, anytime=True)),
    ):
        open_store(path, PLAN, standards=asked).close()
        with read_store(path) as stored:
            assert stored.info.standards == seen


def test_an_older_store_is_gone_on_with(path: Path) -> None:
    with open_store(old(path), PLAN, host=HOST) as store:
        assert len(store.trial_ids()) == 3
        store.append(full(7))
        assert store.count() == 4
    assert shell(path, "PRAGMA user_version") == [(FORMAT,)]
    assert [row[3] for row in shell(path, "SELECT * FROM sessions")] == [3, 1]
    assert schema(path) == schema_of_new(path)


def test_an_older_store_of_another_study_is_left_as_it_was(path: Path) -> None:
    with pytest.raises(StudyError, match="another study"):
        open_store(old(path), replace(PLAN, seed=1), host=HOST)
    assert shell(path, "PRAGMA user_version") == [(1,)]


def schema(path: Path) -> list[tuple[object, ...]]:
    return shell(path, "SELECT type, name, sql FROM sqlite_master ORDER BY name")


def schema_of_new(path: Path) -> list[tuple[object, ...]]:
    new = path.with_name("new.sqlite")
    open_store(new, PLAN).close()
    return schema(new)


@settings(max_examples=5)
@given(st.integers(0, FORMAT))
def test_every_format_leads_to_the_newest(begin: int) -> None:
    connection = connect("file::memory:")
    migrate(connection, begin) if begin else None
    assert format_of(connection) == begin
    migrate(connection)
    assert format_of(connection) == FORMAT
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


# ---- by plain sqlite3 ----


def test_the_views_speak_in_names(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND, host=HOST) as store:
        store.append(full())
        failed = replace(full(), trial=trial(0, "tcg,thread=single"), cause="refused", why="no", figure=None)
        store.append(failed)
    assert shell(path, "SELECT guest, build, configuration, block, figure FROM results") == [
        ("smp", "7.2", "tcg", 0, 2.5e6)
    ]
    assert shell(path, "SELECT configuration, cause, why, stderr FROM failures") == [
        ("tcg,thread=single", "refused", "no", "words\nmore")
    ]
    assert shell(path, "SELECT configuration, trials, results, best FROM summary") == [
        ("tcg", 1, 1, 2.5e6),
        ("tcg,thread=single", 1, 0, None),
    ]
    info = dict(shell(path, "SELECT item, value FROM study_info"))
    assert info["host"] == "old (00c0ffee)"
    assert info["CPU"] == "4 x Some CPU"
    assert info["baseline"] == "tcg"
    assert info["QEMU 7.2"] == 'QEMU 7.2.22 by ["qemu-system-x86_64"]'
    assert info["guest smp"] == "smp 1000"
    assert "accelkit" in info["repeat it with"]
    assert len(shell(path, "SELECT * FROM trials")) == 2


def test_the_shell_reads_it(path: Path) -> None:
    sqlite = tool("sqlite3")
    with open_store(path, PLAN) as store:
        store.append(full())
        query = [sqlite, str(path), "SELECT guest, figure FROM results"]
        assert subprocess.run(query, capture_output=True, check=True).stdout == b"smp|2500000.0\n"


# ---- marks ----


def test_a_mark_changes_with_whatever_is_stored_and_only_once_it_can_be_read(path: Path) -> None:
    arm = Arm("7.2", "smp", "tcg,thread=single")
    first, second = PLAN.block(0)[:2]
    open_store(path, PLAN).close()
    with read_store(path) as stored:
        marks = [stored.mark()]
        with open_store(path, PLAN) as store:
            marks.append(stored.mark())
            for change in (
                lambda: store.append(Record(first, "ok", figure=1.0)),
                lambda: store.append(Record(second, "timeout")),
                lambda: store.drop(1, {arm}),
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
        connection.execute("DELETE FROM dropped")
        assert stored.mark() == marks[-1]
        connection.execute("COMMIT")
        connection.close()
        assert stored.mark() != marks[-1]
