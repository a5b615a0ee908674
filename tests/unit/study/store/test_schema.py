"""The formats of a store: older ones are migrated to the newest; and its views."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stored_study import COMMAND, HOST, OTHER, PLAN, full, query, trial

from accelkit.errors import StudyError
from accelkit.measure.outcome import NOT_DONE
from accelkit.study.model import Cell, Damage
from accelkit.study.standards import Standards
from accelkit.study.store.connection import connect, transaction
from accelkit.study.store.reader import read_store
from accelkit.study.store.schema import STEPS, STORE_FORMAT, format_of, migrate
from accelkit.study.store.writer import open_store

GOLDEN = Path(__file__).parents[3] / "golden" / "stores" / "format1.store"


@given(st.integers(0, STORE_FORMAT))
def test_every_format_leads_to_the_newest(begin: int) -> None:
    connection = connect("file::memory:")
    migrate(connection, begin) if begin else None
    assert format_of(connection) == begin
    migrate(connection)
    assert format_of(connection) == STORE_FORMAT
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_the_index_names_the_causes_that_are_measured_again() -> None:
    index = next(statement for step in STEPS for statement in step if "trial_done" in statement)
    assert [word for word in NOT_DONE if f"'{word}'" in index] == list(NOT_DONE)
    assert index.count("'") == 2 * len(NOT_DONE)


def copy_of_format_1(path: Path) -> Path:
    shutil.copy(GOLDEN, path)
    path.chmod(0o644)
    return path


def schema(path: Path) -> list[tuple[object, ...]]:
    return query(path, "SELECT type, name, sql FROM sqlite_master ORDER BY name")


def schema_of_new(path: Path) -> list[tuple[object, ...]]:
    new = path.with_name("new.sqlite")
    open_store(new, PLAN).close()
    return schema(new)


def test_the_golden_store_is_of_format_1(path: Path) -> None:
    assert query(copy_of_format_1(path), "PRAGMA user_version") == [(1,)]
    stores = sorted(file.name for file in GOLDEN.parent.glob("format*"))
    assert stores == [
        "format1.store",
        "format2.store",
        "format3.store",
        "format4.store",
        "format5.store",
        "format6.store",
    ]  # nobody has opened one there
    assert STORE_FORMAT == len(STEPS) == 8


def test_reading_an_older_store_does_not_change_it(path: Path) -> None:
    before = copy_of_format_1(path).read_bytes()
    with read_store(path) as stored:
        assert stored.plan == PLAN
        assert stored.info.host == HOST
        assert stored.info.command == COMMAND
        assert [(r.trial.configuration, r.trial.block, r.cause, r.value) for r in stored.records()] == [
            ("tcg", 0, "ok", 2.5e6),
            ("tcg,thread=single", 0, "ok", 1.5e6),
            ("tcg,thread=single", 1, "timeout", None),
        ]
        first = next(stored.records())
        assert (first.slices, first.phases, first.counters) == ((3, 2), {"boot": 0.25}, {"flushes": 5.0})
        assert stored.drops().now == {}
        assert stored.spent() == pytest.approx(3.5)
    assert path.read_bytes() == before


@pytest.mark.parametrize("older", range(1, 5))  # those without checksums
def test_what_older_formats_did_not_keep_has_its_default(path: Path, older: int) -> None:
    connection = sqlite3.connect(copy_of_format_1(path), isolation_level=None)
    with transaction(connection):
        migrate(connection, to=older)
    connection.close()
    with read_store(path) as stored:
        assert stored.info.standards == Standards(0.01, 0.95, anytime=False)
        assert [guest.code for guest in stored.plan.guests] == [""]
    standards = Standards(0.02, 0.9, anytime=True)
    with open_store(path, PLAN, host=HOST, standards=standards) as store:
        assert store.info.standards == standards
    with open_store(path, PLAN, host=HOST) as store:  # a call that only adds trials
        assert store.info.standards == standards
    assert schema(path) == schema_of_new(path)


def test_a_store_of_format_2_is_read_and_resumed(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format2.store"), path)
    assert query(path, "PRAGMA user_version") == [(2,)]
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert stored.info.command == COMMAND
            assert [(r.trial.configuration, r.cause) for r in stored.records()] == [
                ("tcg", "ok"), ("tcg,thread=single", "timeout"),
            ]  # fmt: skip
            assert stored.drops().now == {Cell("7.2", "smp", "tcg,thread=single"): 2}
            assert stored.info.standards == Standards()
        open_store(path, PLAN, host=HOST).close()
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert schema(path) == schema_of_new(path)


def test_a_store_of_format_3_is_read_and_resumed(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format3.store"), path)
    assert query(path, "PRAGMA user_version") == [(3,)]
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert [(r.trial.configuration, r.trial.block, r.cause, r.value) for r in stored.records()] == [
                ("tcg,thread=single", 0, "timeout", None),
                ("tcg", 0, "ok", 2500001.0),
                ("tcg", 1, "ok", 2500003.0),
            ]
            assert stored.drops().now == {Cell("7.2", "smp", "tcg,thread=single"): 2}
            assert stored.info.standards == Standards(0.02, 0.9)
            assert [guest.code for guest in stored.plan.guests] == ["guest('smp').with_work(n=1000)"]
        open_store(path, PLAN, host=HOST).close()
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert schema(path) == schema_of_new(path)
    assert query(path, "SELECT value, unit FROM results ORDER BY block") == [
        (2500001.0, "ticks"),
        (2500003.0, "ticks"),
    ]


def test_a_store_of_format_4_is_read_and_resumed(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format4.store"), path)
    assert query(path, "PRAGMA user_version") == [(4,)]
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert [(r.trial.configuration, r.trial.block, r.cause, r.value) for r in stored.read()] == [
                ("tcg,thread=single", 0, "no-space", None),
                ("tcg,thread=single", 0, "timeout", None),
                ("tcg", 0, "ok", 2500001.0),
                ("tcg", 1, "ok", 2500003.0),
            ]
            assert stored.other_damage() == ()
            assert stored.drops().now == {Cell("7.2", "smp", "tcg,thread=single"): 2}
            assert stored.info.standards == Standards(0.02, 0.9)
        open_store(path, PLAN, host=HOST).close()
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert schema(path) == schema_of_new(path)
    assert len(query(path, "SELECT * FROM session WHERE checksum IS NOT NULL")) == 4


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ("block = 5", 3),
        ("configuration = 2", 3),
        ("wall = -wall", 4),
        ("cause = 'ko'", 4),
        ("slices = '['", 3),
    ],
)
def test_a_trial_of_an_older_store_that_cannot_be_right_is_left_out(
    path: Path, change: str, number: int
) -> None:
    shutil.copy(GOLDEN.with_name("format4.store"), path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE trial SET {change} WHERE number = {number}")
    with read_store(path) as stored:
        damage = [row for row in stored.read() if isinstance(row, Damage)]
        assert damage == [Damage(f"trial {number}", "it has no checksum")]
    with pytest.warns(UserWarning, match=f"trial {number}: it has no checksum"):
        open_store(path, PLAN, host=HOST).close()


def test_an_older_store_does_not_know_its_binary_and_keeps_it_from_then_on(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format4.store"), path)
    known = replace(PLAN, builds=[replace(PLAN.builds[0], digest="ab" * 16)])
    with pytest.warns(UserWarning, match=r"did not keep which binary QEMU 7\.2 was"):
        open_store(path, known, host=HOST).close()
    open_store(path, known, host=HOST).close()  # no word, which would be an error
    other = replace(PLAN, builds=[replace(PLAN.builds[0], digest="cd" * 16)])
    with pytest.raises(StudyError, match="is another binary than the one that was measured"):
        open_store(path, other, host=HOST)
    with pytest.warns(UserWarning, match="cannot be seen here"):
        open_store(path, PLAN, host=HOST).close()


def test_an_older_store_is_resumed(path: Path) -> None:
    with open_store(copy_of_format_1(path), PLAN, host=HOST) as store:
        assert len(store.trial_ids()) == 3
        store.append(full(7))
        assert store.count() == 4
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert [row[3] for row in query(path, "SELECT * FROM sessions")] == [3, 1]
    assert schema(path) == schema_of_new(path)


def test_an_older_store_of_another_study_is_not_migrated(path: Path) -> None:
    with pytest.raises(StudyError, match="another study"):
        open_store(copy_of_format_1(path), replace(PLAN, seed=1), host=HOST)
    assert query(path, "PRAGMA user_version") == [(1,)]


def test_the_views_have_names_instead_of_numbers(path: Path) -> None:
    with open_store(path, PLAN, command=COMMAND, host=HOST) as store:
        store.append(full())
        failed = replace(full(), trial=trial(0, "tcg,thread=single"), cause="refused", why="no", value=None)
        store.append(failed)
    assert query(path, "SELECT guest, build, configuration, block, value FROM results") == [
        ("smp", "7.2", "tcg", 0, 2.5e6)
    ]
    assert query(path, "SELECT configuration, cause, why, stderr FROM failures") == [
        ("tcg,thread=single", "refused", "no", "words\nmore")
    ]
    assert query(path, "SELECT configuration, trials, results, best FROM summary") == [
        ("tcg", 1, 1, 2.5e6),
        ("tcg,thread=single", 1, 0, None),
    ]
    info = dict(query(path, "SELECT item, value FROM study_info"))
    assert info["host"] == "old (00c0ffee)"
    assert info["CPU"] == "4 x Some CPU"
    assert info["baseline"] == "tcg"
    assert info["QEMU 7.2"] == 'QEMU 7.2.22 by ["qemu-system-x86_64"]'
    assert info["guest smp"] == "smp 1000"
    assert "accelkit" in info["repeat it with"]
    assert len(query(path, "SELECT * FROM trials")) == 2


def test_a_store_of_format_5_is_read_and_resumed(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format5.store"), path)
    assert query(path, "PRAGMA user_version") == [(5,)]
    dropped = Cell("7.2", "smp", "tcg,thread=single")
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert [(r.trial.configuration, r.trial.block, r.value) for r in stored.records()] == [
                ("tcg,thread=single", 0, 1500000.0),
                ("tcg", 0, 2500000.0),
                ("tcg", 1, 2500001.0),
                ("tcg", 2, 2500002.0),
            ]
            assert stored.other_damage() == ()
            assert stored.drops().now == {dropped: 1}
            assert stored.look() == ""
            assert all(dropped in stored.drops().resting(PLAN.seed, block) for block in range(1, 100))
        open_store(path, PLAN, host=HOST).close()
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert schema(path) == schema_of_new(path)


def test_a_damaged_drop_of_format_5_is_not_taken_over(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format5.store"), path)
    path.chmod(0o644)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE dropped SET block = 0")
    connection.close()
    with read_store(path) as stored:
        assert stored.drops().now == {}
        assert [damage.where for damage in stored.other_damage()] == ["race 1/1/2/0"]


def test_a_store_of_format_6_is_read_and_resumed(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format6.store"), path)
    assert query(path, "PRAGMA user_version") == [(6,)]
    for _ in range(2):  # as it is, then as the newest
        with read_store(path) as stored:
            assert [(r.trial.configuration, r.trial.block, r.value, r.host) for r in stored.read()] == [
                ("tcg", 0, 2500000.0, ""),
                ("tcg,thread=single", 0, 1500000.0, ""),
                ("tcg", 1, None, ""),
                ("tcg", 2, 2500002.0, ""),
            ]
            assert stored.other_damage() == ()
            assert stored.hosts() == {}
            assert stored.drops().now == {Cell("7.2", "smp", "tcg,thread=single"): 1}
            assert stored.look() == ""
        open_store(path, PLAN, host=HOST).close()
    assert query(path, "PRAGMA user_version") == [(STORE_FORMAT,)]
    assert schema(path) == schema_of_new(path)


def test_a_damaged_trial_of_format_6_stays_damaged(path: Path) -> None:
    shutil.copy(GOLDEN.with_name("format6.store"), path)
    path.chmod(0o644)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET value = 1.0 WHERE number = 2")
    with read_store(path) as stored:
        damage = [row for row in stored.read() if isinstance(row, Damage)]
    assert damage == [Damage("trial 2", "its checksum does not match")]


def test_the_views_name_the_host_of_a_trial(path: Path) -> None:
    with open_store(path, PLAN, host=HOST) as store:
        store.append(full(), replace(full(1), host=""), hosts={"other": OTHER, "unused": HOST})
    assert query(path, "SELECT block, host FROM results ORDER BY block") == [(0, "other"), (1, "old")]
    with read_store(path) as stored:
        assert stored.hosts() == {"other": OTHER}
