"""Blocks that are measured, stored and resumed: budgets, failures, losers, scatter."""

from __future__ import annotations

import errno
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accelkit.errors import StudyError
from accelkit.measure.outcome import Cause
from accelkit.study.budget import CHANGED, NOT_ENDED, PRECISION
from accelkit.study.drops import Drops, is_turn
from accelkit.study.hosts.pool import one_host
from accelkit.study.model import Build, Cell, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.progress import Progress
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import StoreWriter, open_store

VALUES = {"tcg": 2.0, "fast": 1.0, "slow": 4.0}

PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [stored_configuration(name, (name,)) for name in VALUES],
    [StoredGuest("cpu", ""), StoredGuest("io", "")],
    "tcg",
    seed=3,
)


def measure(trial: Trial) -> Record:
    return Record(
        trial,
        "ok",
        value=VALUES[trial.configuration],
        slices=(1, 2, 3),
        stderr="x",
        counters={"flushes": 1.0},
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with open_store(tmp_path / "s.sqlite", PLAN) as store:
        yield store


def planned(blocks: int) -> list[Trial]:
    return [trial for block in range(blocks) for trial in PLAN.block(block)]


def stored(store: StoreWriter) -> list[Trial]:
    return [record.trial for record in store.records()]


# ---- every trial once, in order ----


def test_all_blocks_are_measured_in_the_order_planned(store: StoreWriter) -> None:
    records = list(run_blocks(PLAN, measure, store, blocks=4))
    assert [record.trial for record in records] == planned(4) == stored(store)
    assert [record.trial.position for record in records] == list(range(24))
    assert records == list(store.records())


def test_a_record_is_stored_before_it_is_returned(store: StoreWriter) -> None:
    for number, _ in enumerate(run_blocks(PLAN, measure, store, blocks=2), 1):
        with read_store(store.path) as reader:
            assert reader.count() == number


def test_nothing_runs_before_the_first_record_is_requested(store: StoreWriter) -> None:
    calls: list[Trial] = []
    running = run_blocks(PLAN, lambda trial: calls.append(trial) or measure(trial), store, blocks=4)
    assert calls == []
    next(running)
    assert len(calls) == 1


def test_a_finished_study_measures_nothing(store: StoreWriter) -> None:
    list(run_blocks(PLAN, measure, store, blocks=3))
    assert list(run_blocks(PLAN, never, store, blocks=3)) == []
    assert list(run_blocks(PLAN, never, store, blocks=2)) == []


def never_precise(_: Sequence[Record]) -> bool:
    return False


def never(trial: Trial) -> Record:
    raise AssertionError(trial)


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), max_size=6))
def test_a_study_that_is_resumed_anywhere_has_the_same_trials(
    tmp_path_factory: pytest.TempPathFactory, stops: list[int]
) -> None:
    path = tmp_path_factory.mktemp("study") / "s.sqlite"
    for stop in stops:
        with open_store(path, PLAN) as store:
            running = run_blocks(PLAN, measure, store, blocks=4)
            for _ in zip(range(stop), running, strict=False):
                pass
            running.close()
    with open_store(path, PLAN) as store:
        list(run_blocks(PLAN, measure, store, blocks=4))
        assert stored(store) == planned(4)
        assert [t.position for t in stored(store)] == list(range(24))


def test_a_study_is_resumed_in_the_middle_of_a_block(store: StoreWriter) -> None:
    running = run_blocks(PLAN, measure, store, blocks=2)
    for _ in range(8):
        next(running)
    assert [r.trial for r in run_blocks(PLAN, measure, store, blocks=2)] == planned(2)[8:]


# ---- failures ----


def test_an_interrupt_keeps_all_records(store: StoreWriter) -> None:
    def interrupted(trial: Trial) -> Record:
        if trial.position == 7:
            raise KeyboardInterrupt
        return measure(trial)

    with pytest.raises(KeyboardInterrupt):
        list(run_blocks(PLAN, interrupted, store, blocks=4))
    assert stored(store) == planned(2)[:7]
    list(run_blocks(PLAN, measure, store, blocks=4))
    assert stored(store) == planned(4)


def test_an_exception_is_a_record_and_its_trial_is_measured_again(store: StoreWriter) -> None:
    def broken(trial: Trial) -> Record:
        if trial.position == 7:
            raise ValueError("no such thing")
        return measure(trial)

    records = list(run_blocks(PLAN, broken, store, blocks=2))
    assert len(records) == 12
    failure = records[7]
    assert (failure.cause, failure.why, failure.ok) == ("error", "ValueError: no such thing", False)
    assert "Traceback" in failure.stderr
    assert "in broken" in failure.stderr
    assert failure.started == pytest.approx(time.time(), abs=60)
    assert [r.trial for r in run_blocks(PLAN, measure, store, blocks=2)] == [failure.trial]
    assert Counter(t.id for t in stored(store))[failure.trial.id] == 2


def test_failed_trials_are_not_measured_again(store: StoreWriter) -> None:
    def refused(trial: Trial) -> Record:
        return (
            replace(measure(trial), cause="refused", value=None)
            if trial.configuration == "fast"
            else measure(trial)
        )

    assert Counter(r.cause for r in run_blocks(PLAN, refused, store, blocks=3)) == {"ok": 12, "refused": 6}
    assert list(run_blocks(PLAN, never, store, blocks=3)) == []


@pytest.mark.parametrize(
    ("cause", "remedy"),
    [("missing", "correct the command that starts QEMU"), ("no-space", "make room on it")],
)
def test_a_cause_that_the_next_trial_would_share_ends_the_study(
    store: StoreWriter, cause: Cause, remedy: str
) -> None:
    def gone(trial: Trial) -> Record:
        return (
            replace(measure(trial), cause=cause, why="oh", value=None)
            if trial.position == 7
            else measure(trial)
        )

    with pytest.raises(
        StudyError, match=f"^{cause}: oh; all records are stored: {remedy}, then run the same again$"
    ):
        list(run_blocks(PLAN, gone, store, blocks=4))
    assert store.count() == 8
    assert len(store.trial_ids()) == 7
    list(run_blocks(PLAN, measure, store, blocks=4))
    assert store.trial_ids() == {trial.id for trial in planned(4)}


def test_a_full_disk_while_measuring_ends_the_study(store: StoreWriter) -> None:
    def full(_: Trial) -> Record:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StudyError, match=r"^no-space: OSError: .*No space left"):
        list(run_blocks(PLAN, full, store, blocks=1))


def test_a_block_without_a_value_ends_a_study_that_might_never_end(store: StoreWriter) -> None:
    def refused(trial: Trial) -> Record:
        return replace(measure(trial), cause="refused", why="no such option", value=None)

    with pytest.raises(
        StudyError, match=r"^block 0: none of its 6 trials gave a value; the last: refused: no such"
    ):
        list(run_blocks(PLAN, refused, store, precise=never_precise))
    assert store.count() == 6


def test_all_trials_of_the_rest_of_a_block_may_fail(store: StoreWriter) -> None:
    running = run_blocks(PLAN, measure, store, blocks=1)
    for _ in range(5):
        next(running)
    assert len(list(run_blocks(PLAN, lambda trial: Record(trial, "timeout"), store, blocks=1))) == 1


def test_a_trial_that_could_not_be_stored_is_measured_again(store: StoreWriter, monkeypatch) -> None:
    def failing(record: Record, **kept: Any) -> None:
        if record.trial.position == 3:
            raise StudyError("full")
        StoreWriter.append(store, record, **kept)

    monkeypatch.setattr(store, "append", failing)
    with pytest.raises(StudyError, match=r"^full$"):
        list(run_blocks(PLAN, measure, store, blocks=2))
    monkeypatch.undo()
    assert stored(store) == planned(1)[:3]
    list(run_blocks(PLAN, measure, store, blocks=2))
    assert stored(store) == planned(2)


def test_an_exception_of_watch_loses_no_record(store: StoreWriter) -> None:
    def watch(_: Record, progress: Progress) -> None:
        if progress.done == 3:
            raise RuntimeError("the notebook is gone")

    with pytest.raises(RuntimeError):
        list(run_blocks(PLAN, measure, store, blocks=2, watch=watch))
    assert store.count() == 3


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        ({}, "no budget: give blocks=, seconds= or precise="),
        ({"blocks": 0}, "blocks=0: nothing would be measured"),
        ({"blocks": 2.5}, "blocks=2.5: takes a whole number"),
        ({"blocks": "20"}, "blocks='20': takes a whole number"),
        ({"seconds": -1.0}, "seconds=-1.0: nothing would be measured"),
        ({"seconds": float("nan")}, "seconds=nan: nothing would be measured"),
    ],
)
def test_a_budget_is_needed(store: StoreWriter, budget: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError, match=f"^{message}"):
        run_blocks(PLAN, measure, store, **budget)


def test_the_store_must_be_of_the_plan(store: StoreWriter) -> None:
    with pytest.raises(StudyError, match="was opened with another plan"):
        run_blocks(replace(PLAN, seed=4), measure, store, blocks=1)


# ---- budgets ----


class Clock:
    """A clock that only measuring moves, by one second per trial."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("accelkit.study.schedule.time", SimpleNamespace(perf_counter=lambda: self.now))

    def measure(self, trial: Trial) -> Record:
        self.now += 1
        return measure(trial)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.parametrize(
    ("seconds", "trials"),
    [(0.5, 1), (3, 3), (6, 6), (11, 6), (12, 6), (12.5, 12), (100, 96)],
)
def test_time_ends_a_study_between_blocks_if_possible(
    store: StoreWriter, clock: Clock, seconds: float, trials: int
) -> None:
    """Only the first block may be cut short; a later one does not begin if it would be."""
    assert len(list(run_blocks(PLAN, clock.measure, store, seconds=seconds))) == trials


def test_a_block_that_time_cut_short_is_finished_first(store: StoreWriter, clock: Clock, monkeypatch) -> None:
    list(run_blocks(PLAN, clock.measure, store, seconds=3))
    monkeypatch.setattr(store, "spent", lambda: 3.0)
    assert list(run_blocks(PLAN, clock.measure, store, seconds=3)) == []
    assert len(list(run_blocks(PLAN, clock.measure, store, seconds=13))) == 9
    assert stored(store) == planned(2)


def test_time_spent_earlier_counts(store: StoreWriter, clock: Clock, monkeypatch) -> None:
    assert len(list(run_blocks(PLAN, clock.measure, store, seconds=12.5))) == 12
    monkeypatch.setattr(store, "spent", lambda: 12.0)
    assert list(run_blocks(PLAN, clock.measure, store, seconds=12.5)) == []
    assert len(list(run_blocks(PLAN, clock.measure, store, seconds=18.5))) == 6


def test_the_first_budget_to_end_ends_the_study(store: StoreWriter, clock: Clock) -> None:
    assert len(list(run_blocks(PLAN, clock.measure, store, blocks=2, seconds=100))) == 12


def test_precise_is_called_between_blocks_and_when_a_study_is_resumed(store: StoreWriter) -> None:
    calls: list[int] = []

    def precise(records: Sequence[Record]) -> bool:
        calls.append(len(records))
        return len(records) >= 18

    assert len(list(run_blocks(PLAN, measure, store, precise=precise))) == 18
    assert calls == [6, 12, 18]
    assert list(run_blocks(PLAN, never, store, precise=precise)) == []
    assert calls == [6, 12, 18, 18]


def test_precise_gets_records_without_their_large_fields(store: StoreWriter) -> None:
    def precise(records: Sequence[Record]) -> bool:
        assert all(
            record.value and not (record.slices or record.stderr or record.counters) for record in records
        )
        return True

    list(run_blocks(PLAN, measure, store, precise=precise))
    assert all(r.slices for r in store.records())


# ---- racing ----

SLOW = dict.fromkeys([Cell("7.2", "cpu", "slow"), Cell("7.2", "io", "slow")], 8)


def losers_from(trials: int, until: int = 10**9):
    """Both slow cells have lost from so many trials on, and have lost no longer from so many on."""

    def losers(records: Sequence[Record]) -> dict[Cell, int]:
        return SLOW if trials <= len(records) < until else {}

    return losers


def raced(blocks: int, *steps: tuple[int, int]) -> list[Trial]:
    """The trials of so many blocks if the slow cells are measured in one of ``every`` blocks from a block on."""
    drops = Drops(dict.fromkeys(SLOW, steps))
    return [trial for block in range(blocks) for trial in PLAN.block(block, drops.resting(PLAN.seed, block))]


def test_losers_are_measured_in_one_of_eight_blocks(store: StoreWriter) -> None:
    records = list(run_blocks(PLAN, measure, store, blocks=34, losers=losers_from(12)))
    assert [r.trial for r in records] == raced(34, (2, 8))
    slow = Counter(r.trial.block for r in records if r.trial.cell in SLOW)
    assert slow.total() == 2 * 2 + sum(
        is_turn(PLAN.seed, block, cell, 8) for cell in SLOW for block in range(2, 34)
    )
    assert slow.total() < 2 * 2 + 2 * 5
    assert store.drops() == Drops(dict.fromkeys(SLOW, ((2, 8),)))


def test_a_loser_returns_when_it_has_lost_no_longer(store: StoreWriter) -> None:
    """Drops and returns are noted for the block that begins, so what was left out before stays left out."""
    records = list(run_blocks(PLAN, measure, store, blocks=30, losers=losers_from(12, until=60)))
    steps = store.drops().steps[Cell("7.2", "cpu", "slow")]
    assert [every for _, every in steps] == [8, 1]
    assert 10 < steps[1][0] < 14
    assert [r.trial for r in records] == raced(30, *steps)
    assert store.drops().now == {}


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 70), max_size=5))
def test_a_race_that_is_resumed_anywhere_has_the_same_trials(
    tmp_path_factory: pytest.TempPathFactory, stops: list[int]
) -> None:
    """Drop after 2 blocks, return after 12: each call ends without warning after some trials, as by kill -9."""
    path = tmp_path_factory.mktemp("study") / "s.sqlite"
    racing = partial(run_blocks, PLAN, measure, blocks=24, losers=losers_from(12, until=60))
    for stop in stops:
        with open_store(path, PLAN) as store:
            running = racing(store)
            for _ in zip(range(stop), running, strict=False):
                pass
            running.close()
    with open_store(path, PLAN) as store:
        list(racing(store))
        changes = store.drops().steps[Cell("7.2", "io", "slow")]
        assert [every for _, every in changes] == [8, 1]
        assert stored(store) == raced(24, *changes)
        assert list(run_blocks(PLAN, never, store, blocks=24, losers=losers_from(12, until=60))) == []


def test_a_resumed_study_knows_its_losers(store: StoreWriter) -> None:
    running = run_blocks(PLAN, measure, store, blocks=9, losers=losers_from(12))
    for _ in range(14):
        next(running)
    rest = list(run_blocks(PLAN, measure, store, blocks=9))  # without losers=
    assert [r.trial for r in rest] == raced(9, (2, 8))[14:]
    assert store.drops().now == dict.fromkeys(SLOW, 2)


def test_the_baseline_and_unknown_cells_are_not_dropped(store: StoreWriter) -> None:
    def losers(_: Sequence[Record]) -> dict[Cell, int]:
        return {Cell("7.2", "cpu", "tcg"): 8, Cell("8", "x", "y"): 8}

    assert len(list(run_blocks(PLAN, measure, store, blocks=3, losers=losers))) == 18
    assert store.drops() == Drops()


def test_a_study_ends_when_only_the_baseline_is_left_and_all_others_were_tried_again(
    store: StoreWriter,
) -> None:
    def losers(_: Sequence[Record]) -> dict[Cell, int]:
        return dict.fromkeys(PLAN.cells, 8)

    records = list(run_blocks(PLAN, measure, store, precise=never_precise, losers=losers))
    assert records[-1].trial.block == 16
    again = Counter(r.trial.cell for r in records if r.trial.block and r.trial.configuration != "tcg")
    assert set(again) == {cell for cell in PLAN.cells if cell.configuration != "tcg"}
    assert max(again.values()) <= 3
    assert list(run_blocks(PLAN, never, store, precise=never_precise, losers=losers)) == []


# ---- whether the number of blocks was fixed ----


def test_a_study_that_ran_as_planned_had_a_fixed_number_of_blocks(store: StoreWriter) -> None:
    running = run_blocks(PLAN, measure, store, blocks=3)
    for _ in range(8):
        next(running)
    running.close()
    assert store.look() == NOT_ENDED
    list(run_blocks(PLAN, measure, store, blocks=3))
    assert store.look() == ""
    list(run_blocks(PLAN, never, store, blocks=2))
    assert store.look() == ""
    list(run_blocks(PLAN, measure, store, blocks=4))
    assert store.look() == CHANGED


def test_a_failure_that_ends_a_study_does_not_end_its_budget(store: StoreWriter) -> None:
    with pytest.raises(StudyError, match="missing"):
        list(run_blocks(PLAN, lambda trial: Record(trial, "missing"), store, blocks=1))
    assert store.look() == NOT_ENDED


def test_time_that_is_used_up_is_a_fixed_budget(store: StoreWriter, clock: Clock) -> None:
    list(run_blocks(PLAN, clock.measure, store, seconds=12.5))
    assert store.look() == ""


def test_a_precision_fixes_no_number(store: StoreWriter) -> None:
    list(run_blocks(PLAN, measure, store, precise=lambda records: len(records) >= 12))
    assert store.look() == PRECISION


# ---- scatter ----


def test_trials_may_run_on_threads(store: StoreWriter) -> None:
    with ThreadPoolExecutor(4) as pool:
        records = list(run_blocks(PLAN, measure, store, blocks=3, pool=one_host(pool.map)))
    assert [r.trial for r in records] == planned(3)


def test_records_may_come_in_any_order(store: StoreWriter) -> None:
    def backwards(measure, trials):
        return reversed([measure(trial) for trial in trials])

    list(run_blocks(PLAN, measure, store, blocks=3, pool=one_host(backwards)))
    assert store.trial_ids() == {t.id for t in planned(3)}


def test_a_scatter_that_loses_or_invents_trials_is_an_error(store: StoreWriter) -> None:
    def half(measure, trials):
        return map(measure, list(trials)[::2])

    with pytest.raises(StudyError, match=r"^scatter: 3 of 6 trials have no record"):
        list(run_blocks(PLAN, measure, store, blocks=1, pool=one_host(half)))

    def other(trial: Trial) -> Record:
        return measure(replace(trial, block=99))

    with pytest.raises(StudyError, match="was not requested, or has a second record"):
        list(run_blocks(PLAN, other, store, blocks=1))
    assert store.count() == 3


# ---- progress ----


def test_progress_counts_the_trials_of_earlier_calls(store: StoreWriter, clock: Clock) -> None:
    updates: list[Progress] = []
    running = run_blocks(
        PLAN, clock.measure, store, blocks=2, watch=lambda _, progress: updates.append(progress)
    )
    for _ in range(4):
        next(running)
    assert [(p.block, p.blocks, p.done, p.total) for p in updates] == [(0, 2, n, 12) for n in (1, 2, 3, 4)]
    assert [(p.elapsed, p.left) for p in updates] == [(1, 11), (2, 10), (3, 9), (4, 8)]
    updates.clear()
    list(run_blocks(PLAN, clock.measure, store, blocks=2, watch=lambda _, progress: updates.append(progress)))
    assert [(p.done, p.total, p.left) for p in updates] == [(n, 12, 12 - n) for n in range(5, 13)]


def test_time_left_is_that_of_the_first_budget_to_end(store: StoreWriter, clock: Clock) -> None:
    updates: list[Progress] = []
    list(
        run_blocks(PLAN, clock.measure, store, seconds=9, watch=lambda _, progress: updates.append(progress))
    )
    assert [(p.total, p.left) for p in updates][:2] == [(None, 8), (None, 7)]


def test_the_total_shrinks_with_the_losers(store: StoreWriter) -> None:
    totals: list[int | None] = []
    list(
        run_blocks(
            PLAN, measure, store, blocks=20, losers=losers_from(12), watch=lambda _, p: totals.append(p.total)
        )
    )
    assert totals[:12] == [120] * 12
    assert set(totals[12:]) == {len(totals)} == {len(raced(20, (2, 8)))}
