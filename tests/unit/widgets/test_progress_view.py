"""The text and HTML of a study's progress."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_study import PLAN, fake
from support.tuned import tuned

from accelkit.study.drops import Drops
from accelkit.study.model import Trial
from accelkit.study.progress import Progress
from accelkit.study.result import Result
from accelkit.tuning.progress import TuningProgress
from accelkit.widgets import progress_view
from accelkit.widgets.progress_view import StoredProgress, View


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30), st.floats(0, 1e9))
def test_the_pace_is_the_median_step_whenever_the_study_began(steps, begin):
    starts = [begin + sum(steps[:n]) for n in range(len(steps) + 1)]
    records = [replace(fake(PLAN.block(0)[0]), started=start) for start in starts]
    assert progress_view.pace(records) == pytest.approx(median(steps), abs=1e-3)
    assert progress_view.pace(records[:1]) is None
    pause = [replace(record, started=record.started + 1e7) for record in records]
    assert min(steps) - 1e-3 <= progress_view.pace(records + pause) <= max(steps) + 1e-3


def result_of(trials: int, **changes) -> Result:
    planned = [trial for block in range(5) for trial in PLAN.block(block)]
    return Result(PLAN, tuple(map(fake, planned[:trials])), **changes)


@pytest.mark.parametrize("trials", range(16))
def test_progress_by_the_store_alone(trials):
    planned = [trial for block in range(6) for trial in PLAN.block(block)]
    progress = progress_view.stored_progress(result_of(trials), 5)
    assert progress.complete == (trials == 15)
    assert progress.upcoming == planned[trials]
    if trials:
        assert (progress.progress.done, progress.progress.total) == (trials, 15)
        assert progress.progress.block == planned[trials - 1].block
    else:
        assert progress == StoredProgress(upcoming=planned[0])


def test_progress_counts_no_trials_of_dropped_cells():
    cell = PLAN.block(0)[0].cell
    result = result_of(15)
    drops = Drops({cell: ((1, 8), (2, 1), (3, 8))})
    kept = [
        record
        for record in result.records
        if record.trial.cell not in drops.resting(PLAN.seed, record.trial.block)
    ]
    assert 12 <= len(kept) <= 14
    for known in range(1, len(kept) + 1):
        progress = progress_view.stored_progress(replace(result, records=tuple(kept[:known]), drops=drops), 5)
        assert progress.complete == (known == len(kept))
        if kept[known - 1].trial.block >= 2:  # a drop is noted before the first trial without it
            assert (progress.progress.done, progress.progress.total) == (known, len(kept))


def test_text_is_escaped_and_every_state_has_words():
    trial = Trial("7.2", "cpu", "<script>", 0, 0)
    view = View("running", trial=replace(trial, guest="<cpu>"), problem="<b>")
    assert not re.search("<script>|<cpu>", progress_view.progress_html(view))
    assert "<b>:" not in progress_view.state_html(view)
    for state, meaning in progress_view.MEANING.items():
        shown = progress_view.state_html(View(state))
        assert f"<b>{state}</b>: {meaning}" in shown
        assert 'role="status"' in shown


def test_what_a_study_will_take_stands_below_its_state():
    shown = progress_view.state_html(View("not started", forecast="<s.sqlite>: 4 trials", problem="no"))
    assert '<div class="ak-forecast">&lt;s.sqlite&gt;: 4 trials</div><div class="ak-problem"' in shown
    assert "ak-forecast" not in progress_view.state_html(View("running"))


def test_the_log_keeps_the_newest(monkeypatch):
    monkeypatch.setattr(progress_view, "MOST_FAILURES", 2)
    records = tuple(replace(record, cause="timeout", value=None) for record in result_of(5).records)
    assert "and 3 earlier" in progress_view.failures_html(PLAN, records)
    assert progress_view.failures_html(PLAN, ()) == ""
    assert progress_view.chart_html(replace(result_of(5), records=records)) == ""


def progress_of(state: str, **changes: Any) -> str:
    return progress_view.progress_html(View(state, progress=Progress(1, 5, 4, 15, 0.5, 90.0), **changes))


def test_the_numbers_are_those_of_the_run_and_the_time_left_only_while_it_runs():
    assert '<progress aria-label="trials done" value="4" max="15"></progress>' in progress_of("running")
    assert "block 2 of 5, 4 of 15 trials, 1 min 30 s left" in progress_of("running")
    assert "block 2 of 5, 4 of 15 trials</span>" in progress_of("stopped")
    failures = tuple(fake(trial) for trial in PLAN.block(0))
    assert f"15 trials, {len(failures)} failed" in progress_of("stopped", failures=failures)


def test_the_line_below_the_numbers_says_what_happens_now():
    assert "now: preparing, before the first trial" in progress_of("running")
    trial = PLAN.block(2)[0]
    assert f"now: <code>{trial.configuration}</code> on cpu, block 3" in progress_of("running", trial=trial)
    stored = StoredProgress(last=1_700_000_000.0)
    assert "the last trial started at 2023-11-14 22:13:20 UTC" in progress_of("stopped", stored=stored)


@pytest.mark.parametrize("state", progress_view.MEANING)
def test_a_button_that_cannot_act_has_its_reason(state):
    view = View(state, stored=StoredProgress(complete=True))
    can_start = {"not started", "stopped", "failed", "not running", "result"}
    assert (progress_view.why_no_start(view) == "") == (state in can_start)
    assert (progress_view.why_no_stop(view) == "") == (state == "running")


def test_a_finished_study_without_all_trials_can_go_on_and_one_without_blocks_cannot():
    some = StoredProgress(progress=Progress(1, 5, 4, 15, 0.5, None))
    assert progress_view.why_no_start(View("finished", stored=some)) == ""
    timed = StoredProgress(progress=Progress(1, None, 4, None, 0.5, None))
    assert "a larger one" in progress_view.why_no_start(View("finished", stored=timed))


def test_a_search_shows_its_incumbent_its_ratio_and_how_sure_that_is() -> None:
    progress = TuningProgress(
        3, None, 40, 400, 9.0, 81.0, "search", 12, "tcg,thread=multi", 0.588, "time", 0.01
    )
    view = View("running", progress=progress)
    html = progress_view.progress_html(view)
    assert "search of 12 points so far, 40 of 400 trials, 1 min 21 s left" in html
    assert "best so far: <code>tcg,thread=multi</code>, 0.588 [0.577, 0.6] times the baseline's time" in html
    assert "best so far" not in progress_view.progress_html(
        replace(view, progress=replace(progress, incumbent=""))
    )
    assert "best so far" not in progress_view.progress_html(
        replace(view, progress=replace(progress, part="confirming study"))
    )


def test_the_progress_of_a_tuning_is_that_of_its_store() -> None:
    stored = progress_view.stored_progress(tuned())
    assert stored.complete
    assert stored.progress is not None
    trials = tuned().search.trials + tuned().search.confirming
    assert (stored.progress.done, stored.progress.total, stored.progress.stage) == (
        trials,
        trials,
        "confirming study",
    )
    searching = replace(tuned(), search=replace(tuned().search, ended=False, is_over=False))
    progress = progress_view.stored_progress(searching).progress
    assert progress is not None
    assert progress.stage == "search"
    assert progress.leader is not None
    assert progress.leader.ratio is not None
    assert progress.leader.ratio < 0.4


def test_a_tuning_is_shown_as_its_report() -> None:
    assert "Not shown to be slower" in progress_view.answer_html(tuned())
    assert "What the search found" in progress_view.chart_html(tuned())
    html = progress_view.verdicts_html(tuned())
    assert "What one setting for all costs each guest" in html
    assert "<summary>Cannot be used: 2 points</summary>" in html
