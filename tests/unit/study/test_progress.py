"""Progress of a study: the leader so far, the bar or the lines, and times as text."""

from __future__ import annotations

import io
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tools import module

from accelkit.study import progress as progress_module
from accelkit.study.model import Build, Record, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.progress import Leader, Progress, ProgressBar, Race, duration, study_time

VALUES = {"tcg": 2.0, "fast": 1.0, "slow": 4.0}

PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [stored_configuration(name, (name,)) for name in VALUES],
    [StoredGuest("cpu", ""), StoredGuest("io", "")],
    "tcg",
    seed=3,
)


def show_three_blocks(bar: ProgressBar) -> None:
    trials = [trial for block in range(3) for trial in PLAN.block(block)]
    for done, trial in enumerate(trials, 1):
        bar(
            Record(trial, "ok", value=VALUES[trial.configuration]),
            Progress(trial.block, 3, done, 18, 0.1 * done, 0.1 * (18 - done)),
        )


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_in_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    module("tqdm")
    file = Terminal()
    monkeypatch.setattr(progress_module, "BAR_INTERVAL", 0.0)
    with ProgressBar(PLAN, file=file) as bar:
        show_three_blocks(bar)
    last = file.getvalue().split("\r")[-1]
    assert "18/18" in last
    assert "fastest so far: fast, 0.5 times the baseline's time" in last


def test_lines_without_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    file = Terminal()
    with ProgressBar(PLAN, file=file) as bar:
        show_three_blocks(bar)
    first, last = file.getvalue().splitlines()
    assert first.startswith("block 1 of 3, 1 of 18 trials, 2 s left")
    assert (
        last == "block 3 of 3, 18 of 18 trials, 0 s left, fastest so far: fast, 0.5 times the baseline's time"
    )


def test_a_log_has_lines_and_no_carriage_return() -> None:
    file = io.StringIO()
    with ProgressBar(PLAN, file=file, opening="s.sqlite: 18 trials") as bar:
        show_three_blocks(bar)
    opening, first, last = file.getvalue().split("\n")[:-1]
    assert opening == "s.sqlite: 18 trials"
    assert first.startswith("block 1 of 3, 1 of 18 trials")
    assert last.startswith("block 3 of 3, 18 of 18 trials")
    assert "\r" not in file.getvalue()


def test_the_time_between_lines_doubles_up_to_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now, file = 0.0, io.StringIO()
    monkeypatch.setattr(progress_module.time, "perf_counter", lambda: now)
    said: list[float] = []
    record = Record(PLAN.block(0)[0], "ok", value=1.0)
    with ProgressBar(PLAN, file=file) as bar:
        for second in range(3000):
            now = float(second)
            before = file.tell()
            bar(record, Progress(0, None, second, None, now, None))
            said += [now] if file.tell() > before else []
        before = file.tell()
    assert said[:7] == [0, 10, 30, 70, 150, 310, 610]
    assert {later - sooner for sooner, later in pairwise(said[5:])} == {300}
    assert file.getvalue()[before:].startswith("block 1, 2999 trials"), "the end is always said"


def test_an_interrupted_log_has_no_last_line() -> None:
    file = io.StringIO()
    bar = ProgressBar(PLAN, file=file)
    for done in (1, 2, 3):
        bar(Record(PLAN.block(0)[0], "ok", value=1.0), Progress(0, None, done, None, 1.0, None))
    bar.__exit__(KeyboardInterrupt)
    assert file.getvalue().splitlines() == ["block 1, 1 trial"]


def test_a_stream_that_cannot_say_what_it_is_gets_lines() -> None:
    class Bare:
        text = ""

        def write(self, text: str) -> None:
            self.text += text

        def flush(self) -> None:
            pass

    file: Any = Bare()
    with ProgressBar(PLAN, file=file) as bar:
        show_three_blocks(bar)
    assert file.text.count("\n") == 2


def test_failures_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar(PLAN, plain=True, file=sys.stdout)
    bar(Record(PLAN.block(0)[0], "timeout"), Progress(0, None, 1, None, 1.0, None))
    assert capsys.readouterr().out == "block 1, 1 trial, 1 failed\n"


def test_the_leader_needs_values_wherever_the_baseline_has_them() -> None:
    race = Race(PLAN)
    assert race.leader() is None
    cpu = {trial.configuration: trial for trial in PLAN.block(0) if trial.guest == "cpu"}
    io_ = {trial.configuration: trial for trial in PLAN.block(0) if trial.guest == "io"}
    race.add(Record(cpu["fast"], "ok", value=1.0))
    assert race.leader() is None
    race.add(Record(cpu["tcg"], "ok", value=2.0))
    assert race.leader() == Leader("fast", 0.5)
    race.add(Record(io_["tcg"], "ok", value=2.0))
    assert race.leader() == Leader("tcg", 1.0)
    race.add(Record(io_["fast"], "ok", value=8.0))
    assert race.leader() == Leader("tcg", 1.0)
    race.add(Record(io_["fast"], "timeout", value=None))
    race.add(Record(io_["fast"], "ok", value=0.0))
    assert race.leader() == Leader("tcg", 1.0)


@given(st.floats(0, 1e7))
def test_a_duration_ends_in_a_unit(seconds: float) -> None:
    assert duration(seconds).endswith((" s", " min", " h"))


def test_a_time_is_rounded_before_it_is_split() -> None:
    assert [duration(seconds) for seconds in (59.4, 59.5, 3599.5)] == ["59 s", "1 min 0 s", "1 h 0 min"]


def test_the_cost_of_a_study_is_the_product() -> None:
    assert study_time(1, 5, 0.5) == "1 point × 5 blocks × 0.5 s: about 3 s"
