"""A clock that is set while a study runs: budgets count the time that passed, not the hour that was set."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path

import pytest
from support.fake_study import PLAN, fake

from accelkit.study.model import Record, Trial
from accelkit.study.progress import NOTHING_LEFT, Progress, ProgressBar
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store

HOUR = 3600.0


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_jump_of_the_clock_costs_no_budget(
    jump: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ahead = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + ahead)
    path = tmp_path / "s.sqlite"

    def jumps(trial: Trial) -> Record:
        nonlocal ahead
        ahead += jump
        return fake(trial)

    with open_store(path, PLAN) as store:
        assert len(list(run_blocks(PLAN, jumps, store, blocks=2, seconds=HOUR / 2))) == 6
    with read_store(path) as stored:
        assert 0 <= stored.spent() < HOUR / 2
    with open_store(path, PLAN) as store:
        assert len(list(run_blocks(PLAN, fake, store, blocks=4, seconds=HOUR / 2))) == 6


def test_a_call_that_has_no_budget_left_says_so(tmp_path: Path) -> None:
    words = StringIO()
    with open_store(tmp_path / "s.sqlite", PLAN) as store:
        for _ in range(2):
            with ProgressBar(PLAN, plain=True, file=words) as watch:
                list(run_blocks(PLAN, fake, store, blocks=1, watch=watch))
    assert words.getvalue().count(NOTHING_LEFT) == 1


def test_a_bar_says_nothing_of_budgets_after_an_error() -> None:
    words = StringIO()
    with pytest.raises(OSError), ProgressBar(PLAN, plain=True, file=words):
        raise OSError
    with ProgressBar(PLAN, plain=True, file=words) as watch:
        watch(fake(PLAN.block(0)[0]), Progress(0, 1, 1, 3, 0.1, 0.2))
    assert NOTHING_LEFT not in words.getvalue()
