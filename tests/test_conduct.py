from __future__ import annotations

import errno
import io
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tools import module

from accelkit.errors import StudyError
from accelkit.study.conduct import conduct
from accelkit.study.plan import Named, Plan
from accelkit.study.progress import Leader, Progress, Race, Watching, duration
from accelkit.study.store import Store, open_store
from accelkit.study.stored import read_store
from accelkit.study.trial import Arm, Build, Configuration, Record, Trial

FIGURES = {"tcg": 2.0, "fast": 1.0, "slow": 4.0}

PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [Configuration(name, (name,)) for name in FIGURES],
    [Named("cpu", ""), Named("io", "")],
    "tcg",
    seed=3,
)


def measure(trial: Trial) -> Record:
    return Record(
        trial,
        "ok",
        figure=FIGURES[trial.configuration],
        slices=(1, 2, 3),
        stderr="x",
        counters={"flushes": 1.0},
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "s.sqlite", PLAN) as store:
        yield store


def planned(blocks: int) -> list[Trial]:
    return [trial for block in range(blocks) for trial in PLAN.block(block)]


def stored(store: Store) -> list[Trial]:
    return [record.trial for record in store.records()]


# ---- the whole, in order, once ----


def test_all_blocks_are_measured_in_the_order_planned(store: Store) -> None:
    given = list(conduct(PLAN, measure, store, blocks=4))
    assert [record.trial for record in given] == planned(4) == stored(store)
    assert [record.trial.position for record in given] == list(range(24))
    assert given == list(store.records())


def test_a_record_is_stored_before_it_is_given(store: Store) -> None:
    for number, _ in enumerate(conduct(PLAN, measure, store, blocks=2), 1):
        with read_store(store.path) as reader:
            assert reader.count() == number


def test_nothing_runs_before_it_is_asked_for(store: Store) -> None:
    measured: list[Trial] = []
    running = conduct(PLAN, lambda trial: measured.append(trial) or measure(trial), store, blocks=4)
    assert measured == []
    next(running)
    assert len(measured) == 1


def test_a_study_that_is_done_measures_nothing(store: Store) -> None:
    list(conduct(PLAN, measure, store, blocks=3))
    assert list(conduct(PLAN, never, store, blocks=3)) == []
    assert list(conduct(PLAN, never, store, blocks=2)) == []


def never_precise(_: Sequence[Record]) -> bool:
    return False


def never(trial: Trial) -> Record:
    raise AssertionError(trial)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=6))
def test_wherever_it_is_left_it_comes_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, stops: list[int]
) -> None:
    path = tmp_path_factory.mktemp("study") / "s.sqlite"
    for stop in stops:
        with open_store(path, PLAN) as store:
            running = conduct(PLAN, measure, store, blocks=4)
            for _ in zip(range(stop), running, strict=False):
                pass
            running.close()
    with open_store(path, PLAN) as store:
        list(conduct(PLAN, measure, store, blocks=4))
        assert stored(store) == planned(4)
        assert [t.position for t in stored(store)] == list(range(24))


def test_it_goes_on_in_the_midst_of_a_block(store: Store) -> None:
    running = conduct(PLAN, measure, store, blocks=2)
    for _ in range(8):
        next(running)
    assert [r.trial for r in conduct(PLAN, measure, store, blocks=2)] == planned(2)[8:]


# ---- what goes wrong ----


def test_an_interrupt_keeps_what_was_measured(store: Store) -> None:
    def interrupted(trial: Trial) -> Record:
        if trial.position == 7:
            raise KeyboardInterrupt
        return measure(trial)

    with pytest.raises(KeyboardInterrupt):
        list(conduct(PLAN, interrupted, store, blocks=4))
    assert stored(store) == planned(2)[:7]
    list(conduct(PLAN, measure, store, blocks=4))
    assert stored(store) == planned(4)


def test_what_measuring_raises_is_a_record_and_comes_again(store: Store) -> None:
    def broken(trial: Trial) -> Record:
        if trial.position == 7:
            raise ValueError("no such thing")
        return measure(trial)

    records = list(conduct(PLAN, broken, store, blocks=2))
    assert len(records) == 12
    bad = records[7]
    assert (bad.cause, bad.why, bad.ok) == ("error", "ValueError: no such thing", False)
    assert "Traceback" in bad.stderr
    assert "in broken" in bad.stderr
    assert bad.started == pytest.approx(time.time(), abs=60)
    assert [r.trial for r in conduct(PLAN, measure, store, blocks=2)] == [bad.trial]
    assert Counter(t.id for t in stored(store))[bad.trial.id] == 2


def test_failed_trials_are_results_and_not_measured_again(store: Store) -> None:
    def refused(trial: Trial) -> Record:
        return (
            replace(measure(trial), cause="refused", figure=None)
            if trial.configuration == "fast"
            else measure(trial)
        )

    assert Counter(r.cause for r in conduct(PLAN, refused, store, blocks=3)) == {"ok": 12, "refused": 6}
    assert list(conduct(PLAN, never, store, blocks=3)) == []


@pytest.mark.parametrize("cause", ["missing", "no-space"])
def test_what_the_next_trial_would_meet_too_stops_the_study(store: Store, cause) -> None:
    def gone(trial: Trial) -> Record:
        return (
            replace(measure(trial), cause=cause, why="oh", figure=None)
            if trial.position == 7
            else measure(trial)
        )

    with pytest.raises(
        StudyError, match=f"^{cause}: oh; what was measured is stored: put that right, then run"
    ):
        list(conduct(PLAN, gone, store, blocks=4))
    assert store.count() == 8
    assert len(store.trial_ids()) == 7
    list(conduct(PLAN, measure, store, blocks=4))
    assert store.trial_ids() == {trial.id for trial in planned(4)}


def test_a_full_disk_while_measuring_is_told_apart(store: Store) -> None:
    def full(_: Trial) -> Record:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StudyError, match=r"^no-space: OSError: .*No space left"):
        list(conduct(PLAN, full, store, blocks=1))


def test_a_block_without_a_figure_ends_a_study_that_would_have_no_end(store: Store) -> None:
    def refused(trial: Trial) -> Record:
        return replace(measure(trial), cause="refused", why="no such option", figure=None)

    with pytest.raises(
        StudyError, match=r"^block 0: none of its 6 trials gave a figure; the last: refused: no such"
    ):
        list(conduct(PLAN, refused, store, precise=never_precise))
    assert store.count() == 6


def test_the_rest_of_a_block_may_fail(store: Store) -> None:
    running = conduct(PLAN, measure, store, blocks=1)
    for _ in range(5):
        next(running)
    assert len(list(conduct(PLAN, lambda t: Record(t, "timeout"), store, blocks=1))) == 1


def test_a_store_that_fails_ends_the_study_with_the_trial_not_done(store: Store, monkeypatch) -> None:
    def failing(record: Record) -> None:
        if record.trial.position == 3:
            raise StudyError("full")
        Store.append(store, record)

    monkeypatch.setattr(store, "append", failing)
    with pytest.raises(StudyError, match=r"^full$"):
        list(conduct(PLAN, measure, store, blocks=2))
    monkeypatch.undo()
    assert stored(store) == planned(1)[:3]
    list(conduct(PLAN, measure, store, blocks=2))
    assert stored(store) == planned(2)


def test_a_watcher_that_fails_loses_nothing(store: Store) -> None:
    def watch(_: Record, progress: Progress) -> None:
        if progress.done == 3:
            raise RuntimeError("the notebook is gone")

    with pytest.raises(RuntimeError):
        list(conduct(PLAN, measure, store, blocks=2, watch=watch))
    assert store.count() == 3


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({}, "no budget: give blocks=, seconds= or precise="),
        ({"blocks": 0}, "blocks=0: nothing would be measured"),
        ({"blocks": 2.5}, "blocks=2.5: takes a whole number"),
        ({"blocks": "20"}, "blocks='20': takes a whole number"),
        ({"seconds": -1.0}, "seconds=-1.0: nothing would be measured"),
        ({"seconds": float("nan")}, "seconds=nan: nothing would be measured"),
    ],
)
def test_a_budget_is_needed(store: Store, budget: dict, said: str) -> None:
    with pytest.raises(StudyError, match=f"^{said}"):
        conduct(PLAN, measure, store, **budget)


def test_the_store_must_be_of_the_plan(store: Store) -> None:
    with pytest.raises(StudyError, match="was opened with another plan"):
        conduct(replace(PLAN, seed=4), measure, store, blocks=1)


# ---- budgets ----


class Clock:
    """Time that passes by measuring only: a second a trial."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("accelkit.study.conduct.time", SimpleNamespace(perf_counter=lambda: self.now))

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
def test_time_ends_it_between_blocks_where_it_can(
    store: Store, clock: Clock, seconds: float, trials: int
) -> None:
    """The first block is cut through where need be; later ones are not begun if they would be."""
    assert len(list(conduct(PLAN, clock.measure, store, seconds=seconds))) == trials


def test_a_block_that_time_cut_through_is_finished_first(store: Store, clock: Clock, monkeypatch) -> None:
    list(conduct(PLAN, clock.measure, store, seconds=3))
    monkeypatch.setattr(store, "spent", lambda: 3.0)
    assert list(conduct(PLAN, clock.measure, store, seconds=3)) == []
    assert len(list(conduct(PLAN, clock.measure, store, seconds=13))) == 9
    assert stored(store) == planned(2)


def test_time_spent_earlier_counts(store: Store, clock: Clock, monkeypatch) -> None:
    assert len(list(conduct(PLAN, clock.measure, store, seconds=12.5))) == 12
    monkeypatch.setattr(store, "spent", lambda: 12.0)
    assert list(conduct(PLAN, clock.measure, store, seconds=12.5)) == []
    assert len(list(conduct(PLAN, clock.measure, store, seconds=18.5))) == 6


def test_the_first_budget_to_end_ends_it(store: Store, clock: Clock) -> None:
    assert len(list(conduct(PLAN, clock.measure, store, blocks=2, seconds=100))) == 12


def test_precision_is_asked_between_blocks_and_again_when_going_on(store: Store) -> None:
    asked: list[int] = []

    def precise(records: Sequence[Record]) -> bool:
        asked.append(len(records))
        return len(records) >= 18

    assert len(list(conduct(PLAN, measure, store, precise=precise))) == 18
    assert asked == [6, 12, 18]
    assert list(conduct(PLAN, never, store, precise=precise)) == []
    assert asked == [6, 12, 18, 18]


def test_what_is_looked_at_is_light(store: Store) -> None:
    def precise(records: Sequence[Record]) -> bool:
        assert all(r.figure and not (r.slices or r.stderr or r.counters) for r in records)
        return True

    list(conduct(PLAN, measure, store, precise=precise))
    assert all(r.slices for r in store.records())


# ---- racing ----

SLOW = {Arm("7.2", "cpu", "slow"), Arm("7.2", "io", "slow")}


def test_what_is_lost_is_measured_no_more_and_never_comes_back(store: Store) -> None:
    def lost(records: Sequence[Record]) -> set[Arm]:
        return SLOW if len(records) == 12 else set()

    records = list(conduct(PLAN, measure, store, blocks=5, lost=lost))
    assert Counter(r.trial.block for r in records if r.trial.arm in SLOW) == {0: 2, 1: 2}
    assert len(records) == 12 + 3 * 4
    assert store.dropped() == dict.fromkeys(SLOW, 2)
    assert [r.trial for r in records if r.trial.arm not in SLOW] == [
        t for t in planned(5) if t.arm not in SLOW
    ]


def test_going_on_knows_what_was_lost(store: Store) -> None:
    running = conduct(PLAN, measure, store, blocks=5, lost=lambda records: SLOW if len(records) >= 12 else ())
    for _ in range(14):
        next(running)
    rest = list(conduct(PLAN, measure, store, blocks=5))  # without asking again
    assert len(rest) == 10
    assert not {r.trial.arm for r in rest} & SLOW


def test_the_baseline_cannot_be_lost_and_a_stranger_is_none(store: Store) -> None:
    def lost(_: Sequence[Record]) -> set[tuple[str, str, str]]:
        return {("7.2", "cpu", "tcg"), ("8", "x", "y")}

    assert len(list(conduct(PLAN, measure, store, blocks=3, lost=lost))) == 18
    assert store.dropped() == {}


def test_with_nothing_left_to_compare_it_ends(store: Store) -> None:
    def lost(_: Sequence[Record]) -> set[Arm]:
        return set(PLAN.arms)

    assert len(list(conduct(PLAN, measure, store, precise=never_precise, lost=lost))) == 6
    assert list(conduct(PLAN, never, store, precise=never_precise, lost=lost)) == []


# ---- scatter ----


def test_trials_may_be_scattered_over_threads(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        records = list(conduct(PLAN, measure, store, blocks=3, scatter=pool.map))
    assert [r.trial for r in records] == planned(3)


def test_records_may_come_in_any_order(store: Store) -> None:
    def backwards(measure, trials):
        return reversed([measure(trial) for trial in trials])

    list(conduct(PLAN, measure, store, blocks=3, scatter=backwards))
    assert store.trial_ids() == {t.id for t in planned(3)}


def test_a_scatter_that_loses_or_invents_trials_is_told(store: Store) -> None:
    def half(measure, trials):
        return map(measure, list(trials)[::2])

    with pytest.raises(StudyError, match=r"^scatter: 3 of 6 trials were not answered"):
        list(conduct(PLAN, measure, store, blocks=1, scatter=half))

    def other(trial: Trial) -> Record:
        return measure(replace(trial, block=99))

    with pytest.raises(StudyError, match="was not asked for, or was answered twice"):
        list(conduct(PLAN, other, store, blocks=1))
    assert store.count() == 3


# ---- watching ----


def test_progress_counts_what_was_done_before(store: Store, clock: Clock) -> None:
    seen: list[Progress] = []
    running = conduct(PLAN, clock.measure, store, blocks=2, watch=lambda _, progress: seen.append(progress))
    for _ in range(4):
        next(running)
    assert [(p.block, p.blocks, p.done, p.total) for p in seen] == [(0, 2, n, 12) for n in (1, 2, 3, 4)]
    assert [(p.elapsed, p.left) for p in seen] == [(1, 11), (2, 10), (3, 9), (4, 8)]
    seen.clear()
    list(conduct(PLAN, clock.measure, store, blocks=2, watch=lambda _, progress: seen.append(progress)))
    assert [(p.done, p.total, p.left) for p in seen] == [(n, 12, 12 - n) for n in range(5, 13)]


def test_time_left_is_the_sooner_end(store: Store, clock: Clock) -> None:
    seen: list[Progress] = []
    list(conduct(PLAN, clock.measure, store, seconds=9, watch=lambda _, progress: seen.append(progress)))
    assert [(p.total, p.left) for p in seen][:2] == [(None, 8), (None, 7)]


def test_total_shrinks_with_what_is_lost(store: Store) -> None:
    totals: list[int | None] = []
    lost = partial(lambda records: SLOW if len(records) >= 12 else ())
    list(conduct(PLAN, measure, store, blocks=5, lost=lost, watch=lambda _, p: totals.append(p.total)))
    assert totals == [30] * 12 + [24] * 12


def run_watched(store: Store, watch) -> None:
    list(conduct(PLAN, measure, store, blocks=3, watch=watch))


def test_a_bar_in_the_terminal(store: Store) -> None:
    module("tqdm")
    file = io.StringIO()
    with Watching(PLAN, file=file) as watch:
        run_watched(store, watch)
    last = file.getvalue().split("\r")[-1]
    assert "18/18" in last
    assert "fastest so far: fast, 0.5 times" in last


def test_lines_without_tqdm(store: Store, monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with Watching(PLAN) as watch:
        run_watched(store, watch)
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("block 1 of 3, 1 of 18 trials, 0 s left")
    assert last == "block 3 of 3, 18 of 18 trials, 0 s left, fastest so far: fast, 0.5 times"


def test_failures_are_counted(capsys) -> None:
    watch = Watching(PLAN, plain=True, file=sys.stdout)
    watch(Record(PLAN.block(0)[0], "timeout"), Progress(0, None, 1, None, 1.0, None))
    assert capsys.readouterr().out == "block 1, 1 trials, 1 failed\n"


def test_the_leader_needs_figures_wherever_the_baseline_has_them() -> None:
    race = Race(PLAN)
    assert race.leader() is None
    cpu = {t.configuration: t for t in PLAN.block(0) if t.guest == "cpu"}
    io_ = {t.configuration: t for t in PLAN.block(0) if t.guest == "io"}
    race.add(Record(cpu["fast"], "ok", figure=1.0))
    assert race.leader() is None
    race.add(Record(cpu["tcg"], "ok", figure=2.0))
    assert race.leader() == Leader("fast", 0.5)
    race.add(Record(io_["tcg"], "ok", figure=2.0))
    assert race.leader() == Leader("tcg", 1.0)
    race.add(Record(io_["fast"], "ok", figure=8.0))
    assert race.leader() == Leader("tcg", 1.0)
    race.add(Record(io_["fast"], "timeout", figure=None))
    race.add(Record(io_["fast"], "ok", figure=0.0))
    assert race.leader() == Leader("tcg", 1.0)


@given(st.floats(0, 1e7))
def test_durations_are_said_to_a_minute(seconds: float) -> None:
    assert duration(seconds).endswith((" s", " min", " h"))
