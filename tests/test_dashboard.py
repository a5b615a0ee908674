"""The dashboard on the Python side: studies with a fake measure, no browser, no QEMU."""

# ruff: noqa: E402 - without what it needs the whole file is skipped
from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tools import module

for name in ("ipywidgets", "anywidget", "numpy", "altair"):
    module(name)

from accelkit import tcg
from accelkit.errors import QemuError, StudyError
from accelkit.study.commissioning import Commission
from accelkit.study.plan import Named, Plan
from accelkit.study.results import Result
from accelkit.study.store import open_store
from accelkit.study.store_lock import SUFFIX
from accelkit.study.stored import read_store
from accelkit.study.trial import Build, Cause, Configuration, Record, Trial
from accelkit.widgets import dashboard
from accelkit.widgets import progress_view as view
from accelkit.widgets.conductor import Conductor, conductor_of, writer_of
from accelkit.widgets.dashboards import Dashboard
from accelkit.widgets.progress_view import Sight, Standing

FIGURES = {"tcg": 2.0, "tcg,thread=single": 1.0, "tcg,tb-size=1": 4.0}
PLAN = Plan(
    [Build("7.2", ("qemu",), "7.2.22")],
    [Configuration(name, ("-accel", name)) for name in FIGURES],
    [Named("cpu", "")],
    "tcg",
)


def figure(trial: Trial) -> float:
    return FIGURES[trial.configuration] * (1 + 0.001 * (trial.block % 3))


def fake(trial: Trial) -> Record:
    return Record(trial, "ok", figure=figure(trial), started=1_700_000_000.0 + trial.position)


class Paced:
    """A measure that waits for its permits, and tells how many trials were begun."""

    def __init__(self, permits: int = 0) -> None:
        self.permits = threading.Semaphore(permits)
        self.begun = 0

    def __call__(self, trial: Trial) -> Record:
        self.begun += 1
        assert self.permits.acquire(timeout=30)
        return fake(trial)

    def let(self, trials: int) -> None:
        self.permits.release(trials)


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """Draws as often as it is asked to, however long a busy host takes for it."""
    monkeypatch.setattr("accelkit.widgets.dashboards.SHARE", 0)


@pytest.fixture
def asked(tmp_path: Path) -> Commission:
    return Commission(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=5, race=False)


@pytest.fixture
def opened():
    """Makes dashboards that are closed in the end."""
    made: list[Dashboard] = []

    def make(study, every=0.02):
        made.append(dashboard(study, every))
        return made[-1]

    yield make
    for panel in made:
        panel.close()


def until(true, seconds=300.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def words(panel: Dashboard) -> str:
    return f"{panel.said.value} {panel.far.value}"


# ---- start, stop, resume ----


def test_a_study_is_started_and_finished(asked, opened):
    panel = opened(asked)
    assert panel.state == "not started"
    assert (panel.begin.description, panel.begin.disabled, panel.end.disabled) == ("start", False, True)
    panel.begin.click()
    assert panel.wait(300)
    until(lambda: panel.state == "finished")
    assert "15 of 15 trials" in panel.far.value
    assert len(panel.result.records) == 15
    assert "Time beside the baseline" in panel.verdicts.value
    assert "too few blocks" in panel.verdicts.value
    assert "<svg" in panel.chart.value
    assert panel.failures.value == ""
    assert panel.begin.description == "resume"


def test_stop_ends_after_the_running_trial_and_resume_measures_the_rest_once(asked, opened):
    paced = Paced()
    asked = replace(asked, measure=paced)
    panel = opened(asked)
    panel.begin.click()
    until(lambda: paced.begun == 1)
    paced.let(3)
    until(lambda: paced.begun == 4)
    assert panel.state == "running"
    until(lambda: "now: <code>" in panel.far.value)
    until(lambda: "3 of 15 trials" in panel.far.value)
    panel.end.click()
    assert panel.state == "stopping"
    assert "waited for" in panel.said.value
    assert panel.begin.disabled
    assert panel.end.disabled
    paced.let(1)
    assert panel.wait(300)
    until(lambda: panel.state == "stopped")
    assert len(panel.result.records) == 4 == paced.begun
    assert "4 of 15 trials" in panel.far.value
    assert not os.path.exists(asked.store + SUFFIX), "the store is free"
    panel.begin.click()
    paced.let(11)
    assert panel.wait(300)
    until(lambda: panel.state == "finished")
    ids = [record.trial.id for record in panel.result.records]
    assert len(ids) == len(set(ids)) == 15 == paced.begun


def test_to_start_returns_at_once_and_to_start_twice_runs_once(asked, opened):
    paced = Paced()
    panel = opened(replace(asked, measure=paced))
    panel.start()
    panel.start()  # no trial has ended yet: none was let through
    until(lambda: paced.begun == 1)
    time.sleep(0.1)
    assert paced.begun == 1
    assert not panel.wait(0.01)
    panel.stop()
    paced.let(1)
    assert panel.wait(300)


def test_the_chart_and_the_table_follow_as_blocks_finish(asked, opened):
    paced = Paced()
    panel = opened(replace(asked, measure=paced), every=0.001)
    panel.start()
    seen = []
    for block in range(1, 4):
        paced.let(3)
        until(lambda n=block: panel.result is not None and len(panel.result.records) >= 3 * n)
        seen.append((panel.chart.value, panel.verdicts.value))
        time.sleep(0.01)  # more than every=
    assert len(set(seen)) == 3
    panel.stop()
    paced.let(1)
    assert panel.wait(300)


def test_closing_stops_at_the_next_border_and_loses_nothing(asked, opened):
    paced = Paced()
    panel = opened(replace(asked, measure=paced))
    panel.start()
    until(lambda: paced.begun == 1)
    panel.close()
    panel.close()
    paced.let(1)
    assert panel.wait(300)
    with read_store(asked.store) as stored:
        assert stored.count() == 1 == paced.begun
    again = opened(asked)
    assert again.state == "stopped"
    assert "resume" in again.said.value
    again.start()
    assert again.wait(300)
    until(lambda: again.state == "finished")


def test_a_cell_that_is_run_again_holds_the_same_study(asked, opened):
    paced = Paced()
    asked = replace(asked, measure=paced)
    first = opened(asked)
    first.start()
    until(lambda: paced.begun == 1)
    second = opened(asked)
    assert second.state == "running"
    first.close()
    time.sleep(0.05)
    assert second.state == "running", "the last dashboard ends the study, not the first"
    second.end.click()
    paced.let(1)
    assert second.wait(300)
    until(lambda: second.state == "stopped")


def test_an_observer_that_fails_ends_neither_the_study_nor_the_refreshing(asked, opened):
    panel = opened(asked)
    panel.observe(lambda _: 1 / 0, names=["result"])
    panel.start()
    assert panel.wait(300)
    until(lambda: panel.state == "finished")
    assert "ZeroDivisionError" in panel.said.value


def test_what_draws_is_loaded_and_has_drawn_before_the_first_trial(tmp_path):
    code = f"""
        import sys, vl_convert
        from accelkit.study import Build, Commission, Configuration, Record
        from accelkit.study.plan import Named, Plan
        from accelkit.widgets import dashboard
        points = [Configuration(name, ("-accel", name)) for name in ("tcg", "tcg,tb-size=1")]
        plan = Plan([Build("7.2", ("qemu",), "7.2.22")], points, [Named("cpu", "")], "tcg")
        packages = lambda: {{name.partition(".")[0] for name in sys.modules}}
        order, loaded = [], []
        draw = vl_convert.vegalite_to_svg
        def drawing(*given, **named):
            order.append("draws")
            return draw(*given, **named)
        vl_convert.vegalite_to_svg = drawing
        def measure(trial):
            order.append("measures")
            loaded.append(packages())
            return Record(trial, "ok", figure=1.0 + trial.block / 100)
        asked = Commission(plan, measure, {str(tmp_path / "s.sqlite")!r}, blocks=5, race=False)
        panel = dashboard(asked, every=0.001)
        assert "altair" not in sys.modules
        panel.start()
        assert panel.wait(60)
        assert "altair" in loaded[0], "before the first trial"
        assert order.index("draws") < order.index("measures")
        assert "<svg" in panel.chart.value
        print(sorted(packages() - loaded[0]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]", "no other package is loaded once trials are measured"


# ---- what goes wrong is said ----


def test_a_store_that_is_written_elsewhere_is_shown_and_not_written(asked, opened):
    with open_store(asked.store, PLAN) as store:
        store.append(fake(PLAN.block(0)[0]))
        panel = opened(asked)
        assert panel.state == "running elsewhere"
        assert f"now: <code>{PLAN.block(0)[1].configuration}</code> on cpu, block 1" in panel.far.value
        panel.begin.click()
        assert panel.wait(300)
        until(lambda: "this very process has it open" in panel.said.value)
        assert panel.state == "running elsewhere"
        store.append(fake(PLAN.block(0)[1]))
        until(lambda: "2 of 15 trials" in panel.far.value)
    until(lambda: panel.state == "failed")
    panel.begin.click()
    assert panel.wait(300)
    until(lambda: panel.state == "finished")
    assert "ak-problem" not in panel.said.value


@pytest.mark.parametrize(
    ("cause", "said"),
    [("missing", "run the same again"), ("crashed", "none of its 3 trials gave a figure")],
)
def test_a_study_that_cannot_go_on_says_why(asked, opened, cause, said):
    panel = opened(replace(asked, measure=lambda trial: Record(trial, cause, why="<b>no</b> qemu")))
    panel.start()
    assert panel.wait(300)
    until(lambda: panel.state == "failed")
    assert said in panel.said.value
    assert "&lt;b&gt;no&lt;/b&gt; qemu" in panel.said.value
    assert "Traceback" not in words(panel) + panel.verdicts.value
    assert not panel.begin.disabled


@pytest.mark.parametrize("error", [QemuError("no such QEMU"), OSError("broken"), StudyError("full")])
def test_what_is_raised_is_said_in_words(asked, opened, error, monkeypatch):
    def run(*_, **__):
        raise error

    monkeypatch.setattr(Commission, "run", run)
    panel = opened(asked)
    panel.start()
    assert panel.wait(300)
    until(lambda: panel.state == "failed")
    assert str(error) in panel.said.value


def test_failures_are_logged_the_newest_first(asked, opened):
    def some(trial: Trial) -> Record:
        if trial.configuration != "tcg,tb-size=1":
            return fake(trial)
        return replace(fake(trial), cause="crashed", figure=None, why=f"SIGSEGV <{trial.block}>")

    panel = opened(replace(asked, measure=some))
    panel.start()
    assert panel.wait(300)
    until(lambda: panel.state == "finished")
    assert "5 failed" in panel.far.value
    log = panel.failures.value
    assert "Log of failures: 5 trials" in log
    assert re.findall(r"block (\d), <code>tcg,tb-size=1</code> on cpu: crashed, QEMU was ended by", log) == [*"54321"]
    assert re.findall(r"SIGSEGV &lt;(\d)&gt;", log) == ["4", "3", "2", "1", "0"]


def test_a_failure_is_in_the_log_before_its_block_ends(asked, opened):
    paced = Paced()

    def first_fails(trial: Trial) -> Record:
        record = paced(trial)
        return record if trial.block or trial.position else replace(record, cause="timeout", figure=None, why="<60 s>")

    panel = opened(replace(asked, measure=first_fails))
    panel.start()
    paced.let(1)
    until(lambda: paced.begun == 2)
    until(lambda: "&lt;60 s&gt;" in panel.failures.value)
    assert "it did not end in time" in panel.failures.value
    assert "1 failed" in panel.far.value
    assert panel.result is None or panel.result.records == (), "the store was not read for it"
    panel.stop()
    paced.let(1)
    assert panel.wait(300)
    until(lambda: panel.state == "stopped")
    assert panel.failures.value.count("&lt;60 s&gt;") == 1


def test_every_cause_is_said_in_words():
    assert set(view.CAUSES) == set(get_args(Cause))
    assert all(words for cause, words in view.CAUSES.items() if cause != "ok")


def test_a_folder_that_is_not_there_and_a_file_that_is_no_store(asked, opened, tmp_path):
    panel = opened(replace(asked, store=str(tmp_path / "none" / "s.sqlite")))
    panel.start()
    assert panel.wait(300)
    until(lambda: "no such folder" in panel.said.value)
    (tmp_path / "text.sqlite").write_text("no database" * 100)
    assert "not an SQLite database" in opened(tmp_path / "text.sqlite").said.value


def test_what_is_no_study_is_refused():
    with pytest.raises(StudyError, match="got Recipe; takes what commission"):
        dashboard(tcg())


def test_every_must_be_some_time(asked):
    with pytest.raises(StudyError, match="every=0"):
        dashboard(asked, every=0)


# ---- stores and results ----


def test_a_store_that_comes_later_and_grows_is_watched(asked, opened):
    panel = opened(asked.store)
    assert "no such file" in panel.said.value
    assert panel.buttons.children == ()
    with open_store(asked.store, PLAN, command=("accelkit", "study", "<tcg>", "--blocks", "5")) as store:
        store.append(fake(PLAN.block(0)[0]))
        until(lambda: panel.result is not None and len(panel.result.records) == 1)
        until(lambda: panel.state == "running elsewhere")
        until(lambda: "1 trial" in panel.far.value)
        assert "s a trial" not in panel.far.value, "one trial has no pace"
        assert "a store keeps no budget" in panel.far.value
        assert "begun with <code>accelkit study &#x27;&lt;tcg&gt;&#x27; --blocks 5</code>" in panel.far.value
        store.append(replace(fake(PLAN.block(0)[1]), started=1_700_000_002.5))
        until(lambda: "2 trials, 2.5 s a trial" in panel.far.value)
    until(lambda: panel.state == "not running")
    assert "the last trial was begun 2023-11-14" in panel.far.value
    with pytest.raises(StudyError, match="no study to run"):
        panel.start()


def test_a_study_in_another_process_is_watched(asked, opened):
    code = f"""
        import sys
        sys.path[:0] = {sys.path!r}
        from accelkit.study.store import open_store
        from test_dashboard import PLAN, fake
        with open_store({asked.store!r}, PLAN) as store:
            for trial in PLAN.block(0):
                store.append(fake(trial))
            print("there", flush=True)
            input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "there\n"
        assert writer_of(asked.store) == process.pid
        panel = opened(asked.store)
        assert panel.state == "running elsewhere"
        assert "3 trials" in panel.far.value
        other = opened(asked)
        other.start()
        assert other.wait(300)
        until(lambda: f"process {process.pid}" in other.said.value)
        process.kill()
    until(lambda: panel.state == "not running")
    assert os.path.exists(asked.store + SUFFIX), "left over by a process that was killed"
    assert writer_of(asked.store) is None
    other.start()
    assert other.wait(300)
    until(lambda: other.state == "finished")


def test_what_ended_last_week_shows_the_same(asked, opened):
    result = asked.run()
    by_study, by_store, by_result = opened(asked), opened(Path(asked.store)), opened(result)
    assert [each.state for each in (by_study, by_store, by_result)] == ["finished", "not running", "result"]
    assert by_study.chart.value == by_store.chart.value == by_result.chart.value != ""
    assert by_study.verdicts.value == by_store.verdicts.value == by_result.verdicts.value
    assert "15 of 15 trials" in by_study.far.value
    assert "15 trials" in by_store.far.value
    assert repr(by_store) == f"dashboard({asked.store!r}: not running)"


def test_nothing_is_read_while_nothing_changes(asked, opened, monkeypatch):
    asked.run()
    panel = opened(asked.store)
    reads = []
    monkeypatch.setattr(Result, "from_store", reads.append)
    time.sleep(0.2)
    assert reads == []
    assert panel.state == "not running"


def test_without_what_draws_the_chart_the_rest_is_shown(asked, opened, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    asked.run()
    panel = opened(asked.store)
    assert "vl-convert, which is not installed" in panel.chart.value
    assert "Time beside the baseline" in panel.verdicts.value


# ---- the pure part ----


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30), st.floats(0, 1e9))
def test_the_pace_is_the_middle_of_the_steps_wherever_the_study_began(steps, begin):
    starts = [begin + sum(steps[:n]) for n in range(len(steps) + 1)]
    records = [replace(fake(PLAN.block(0)[0]), started=start) for start in starts]
    assert view.pace(records) == pytest.approx(median(steps), abs=1e-3)
    assert view.pace(records[:1]) is None
    pause = [replace(record, started=record.started + 1e7) for record in records]
    assert min(steps) - 1e-3 <= view.pace(records + pause) <= max(steps) + 1e-3


def result_of(trials: int, **changes) -> Result:
    planned = [trial for block in range(5) for trial in PLAN.block(block)]
    return Result(PLAN, tuple(map(fake, planned[:trials])), **changes)


@pytest.mark.parametrize("trials", range(16))
def test_standing_by_the_store_alone(trials):
    planned = [trial for block in range(6) for trial in PLAN.block(block)]
    found = view.standing(result_of(trials), 5)
    assert found.complete == (trials == 15)
    assert found.upcoming == planned[trials]
    if trials:
        assert (found.progress.done, found.progress.total) == (trials, 15)
        assert found.progress.block == planned[trials - 1].block
    else:
        assert found == Standing(upcoming=planned[0])


def test_standing_knows_what_was_dropped():
    arm = PLAN.block(0)[0].arm
    result = result_of(15)
    fewer = tuple(each for each in result.records if each.trial.arm != arm or each.trial.block < 2)
    found = view.standing(replace(result, records=fewer, dropped={arm: 2}), 5)
    assert found.complete
    assert (found.progress.done, found.progress.total) == (12, 12)


def test_what_is_shown_is_escaped_and_every_state_is_said_in_words():
    trial = Trial("7.2", "cpu", "<script>", 0, 0)
    sight = Sight("running", trial=replace(trial, guest="<cpu>"), problem="<b>")
    assert not re.search("<script>|<cpu>", view.progress_html(sight))
    assert "<b>:" not in view.state_html(sight)
    for state, meaning in view.MEANING.items():
        shown = view.state_html(Sight(state))
        assert f"<b>{state}</b>: {meaning}" in shown
        assert 'role="status"' in shown


def test_the_log_keeps_the_newest(monkeypatch):
    monkeypatch.setattr(view, "MOST_FAILURES", 2)
    records = tuple(replace(each, cause="timeout", figure=None) for each in result_of(5).records)
    assert "and 3 before" in view.failures_html(PLAN, records)
    assert view.failures_html(PLAN, ()) == ""
    assert view.chart_html(replace(result_of(5), records=records)) == ""


def test_a_conductor_is_shared_only_while_it_runs_the_same_study(asked):
    paced = Paced()
    asked = replace(asked, measure=paced)
    one = conductor_of(asked)
    one.attach(print)
    assert conductor_of(asked) is not one
    one = conductor_of(asked)
    one.start()
    assert conductor_of(asked) is one
    assert conductor_of(replace(asked, blocks=9)) is not one
    one.stop()
    paced.let(1)
    assert one.wait(300)
    assert one.outcome == "stopped"


def test_a_stop_during_the_last_trial_finishes(asked):
    paced = Paced()
    one = Conductor(replace(asked, measure=paced))
    one.start()
    paced.let(14)
    until(lambda: paced.begun == 15)
    one.stop()
    assert one.stopping
    paced.let(1)
    assert one.wait(300)
    assert one.outcome == "finished"
