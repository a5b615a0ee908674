"""Dashboards of studies with a fake measure: threads, stores and charts, but no browser and no QEMU."""

from __future__ import annotations

import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.fake_study import PLAN, fake
from support.known_tuning import known_tuning
from support.paced import PATIENCE, Paced
from support.processes import soon

from accelkit.errors import QemuError, StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.prepared import PreparedStudy
from accelkit.study.result import Result
from accelkit.study.store.lock import SUFFIX
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store
from accelkit.tuning import Tuned
from accelkit.widgets import dashboard
from accelkit.widgets.dashboards import Dashboard


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """Draws as often as it is prepared to, however long a busy host takes for it."""
    monkeypatch.setattr("accelkit.widgets.dashboards.SHARE", 0)


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedStudy:
    return PreparedStudy(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=5, race=False)


@pytest.fixture
def opened():
    """Makes dashboards and closes them after the test."""
    made: list[Dashboard] = []

    def make(study, every=0.02):
        made.append(dashboard(study, every))
        return made[-1]

    yield make
    for panel in made:
        panel.close()


def words(panel: Dashboard) -> str:
    return f"{panel.message.value} {panel.progress.value}"


def test_a_study_is_started_and_finished(prepared, opened):
    panel = opened(prepared)
    assert panel.state == "not started"
    assert (panel.start_button.description, panel.start_button.disabled, panel.stop_button.disabled) == (
        "start",
        False,
        True,
    )
    panel.start_button.click()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "finished")
    assert "15 of 15 trials" in panel.progress.value
    assert len(panel.result.records) == 15
    assert "Time beside the baseline" in panel.verdicts.value
    assert "too few blocks" in panel.verdicts.value
    assert "<svg" in panel.chart.value
    assert "<strong>" in panel.answer.value  # the answer, above the chart
    assert panel.failures.value == ""
    assert panel.start_button.description == "resume"


def test_stop_ends_after_the_running_trial_and_resume_measures_the_rest_once(prepared, opened):
    paced = Paced()
    prepared = replace(prepared, measure=paced)
    panel = opened(prepared)
    panel.start_button.click()
    paced.wait_for(1)
    paced.let(3)
    paced.wait_for(4)
    assert panel.state == "running"
    assert soon(lambda: "now: <code>" in panel.progress.value)
    assert soon(lambda: "3 of 15 trials" in panel.progress.value)
    panel.stop_button.click()
    assert panel.state == "stopping"
    assert "waiting for the running trial" in panel.message.value
    assert panel.start_button.disabled
    assert panel.stop_button.disabled
    paced.let(1)
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "stopped")
    assert len(panel.result.records) == 4 == paced.begun
    assert "4 of 15 trials" in panel.progress.value
    assert not os.path.exists(prepared.store + SUFFIX), "no lock is left"
    panel.start_button.click()
    paced.let(11)
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "finished")
    ids = [record.trial.id for record in panel.result.records]
    assert len(ids) == len(set(ids)) == 15 == paced.begun


def test_start_returns_at_once_and_starting_twice_runs_once(prepared, opened):
    paced = Paced()
    panel = opened(replace(prepared, measure=paced))
    panel.start()
    panel.start()  # no trial has ended: the test let none end
    paced.wait_for(1)
    time.sleep(0.1)
    assert paced.begun == 1
    assert not panel.wait(0.01)
    panel.stop()
    paced.let(1)
    assert panel.wait(PATIENCE)


def test_the_chart_and_the_table_follow_as_blocks_finish(prepared, opened):
    paced = Paced()
    panel = opened(replace(prepared, measure=paced), every=0.001)
    panel.start()
    drawings = []
    for block in range(1, 4):
        paced.let(3)
        assert soon(lambda n=block: panel.result is not None and len(panel.result.records) >= 3 * n)
        drawings.append((panel.chart.value, panel.verdicts.value))
        time.sleep(0.01)  # more than every=
    assert len(set(drawings)) == 3
    panel.stop()
    paced.let(1)
    assert panel.wait(PATIENCE)


def test_closing_stops_after_the_running_trial_and_loses_nothing(prepared, opened):
    paced = Paced()
    panel = opened(replace(prepared, measure=paced))
    panel.start()
    paced.wait_for(1)
    panel.close()
    panel.close()
    paced.let(1)
    assert panel.wait(PATIENCE)
    with read_store(prepared.store) as stored:
        assert stored.count() == 1 == paced.begun
    again = opened(prepared)
    assert again.state == "stopped"
    assert "resume" in again.message.value
    again.start()
    assert again.wait(PATIENCE)
    assert soon(lambda: again.state == "finished")


def test_running_the_cell_again_shows_the_same_study(prepared, opened):
    paced = Paced()
    prepared = replace(prepared, measure=paced)
    first = opened(prepared)
    first.start()
    paced.wait_for(1)
    second = opened(prepared)
    assert second.state == "running"
    first.close()
    time.sleep(0.05)
    assert second.state == "running", "the last dashboard ends the study, not the first"
    second.stop_button.click()
    paced.let(1)
    assert second.wait(PATIENCE)
    assert soon(lambda: second.state == "stopped")


def test_an_observer_that_fails_ends_neither_the_study_nor_the_refreshing(prepared, opened):
    panel = opened(prepared)
    panel.observe(lambda _: 1 / 0, names=["result"])
    panel.start()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "finished")
    assert "ZeroDivisionError" in panel.message.value


def test_a_store_that_is_written_elsewhere_is_shown_and_not_written(prepared, opened):
    with open_store(prepared.store, PLAN) as store:
        store.append(fake(PLAN.block(0)[0]))
        panel = opened(prepared)
        assert panel.state == "running elsewhere"
        assert f"now: <code>{PLAN.block(0)[1].configuration}</code> on cpu, block 1" in panel.progress.value
        panel.start_button.click()
        assert panel.wait(PATIENCE)
        assert soon(lambda: "process has it open" in panel.message.value)
        assert panel.state == "running elsewhere"
        store.append(fake(PLAN.block(0)[1]))
        assert soon(lambda: "2 of 15 trials" in panel.progress.value)
    assert soon(lambda: panel.state == "failed")
    panel.start_button.click()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "finished")
    assert "ak-problem" not in panel.message.value


@pytest.mark.parametrize(
    ("cause", "message"),
    [("missing", "run the same again"), ("crashed", "none of its 3 trials gave")],
)
def test_a_study_that_cannot_continue_says_why(prepared, opened, cause, message):
    panel = opened(replace(prepared, measure=lambda trial: Record(trial, cause, why="<b>no</b> qemu")))
    panel.start()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "failed")
    assert message in panel.message.value
    assert "&lt;b&gt;no&lt;/b&gt; qemu" in panel.message.value
    assert "Traceback" not in words(panel) + panel.verdicts.value
    assert not panel.start_button.disabled


@pytest.mark.parametrize("error", [QemuError("no such QEMU"), OSError("broken"), StudyError("full")])
def test_an_exception_is_shown_as_its_message(prepared, opened, error, monkeypatch):
    def run(*_, **__):
        raise error

    monkeypatch.setattr(PreparedStudy, "run", run)
    panel = opened(prepared)
    panel.start()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "failed")
    assert str(error) in panel.message.value


def test_the_log_of_failures_has_the_newest_first(prepared, opened):
    def some(trial: Trial) -> Record:
        if trial.configuration != "tcg,tb-size=1":
            return fake(trial)
        return replace(fake(trial), cause="crashed", value=None, why=f"SIGSEGV <{trial.block}>")

    panel = opened(replace(prepared, measure=some))
    panel.start()
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "finished")
    assert "5 failed" in panel.progress.value
    log = panel.failures.value
    assert "Log of failures: 5 trials" in log
    assert re.findall(
        r"block (\d), <code>tcg,tb-size=1</code> on cpu: crashed, QEMU was ended by a signal", log
    ) == [*"54321"]
    assert re.findall(r"SIGSEGV &lt;(\d)&gt;", log) == ["4", "3", "2", "1", "0"]


def test_a_failure_is_in_the_log_before_its_block_ends(prepared, opened):
    paced = Paced()

    def first_fails(trial: Trial) -> Record:
        record = paced(trial)
        return (
            record
            if trial.block or trial.position
            else replace(record, cause="timeout", value=None, why="<60 s>")
        )

    panel = opened(replace(prepared, measure=first_fails))
    panel.start()
    paced.let(1)
    paced.wait_for(2)
    assert soon(lambda: "&lt;60 s&gt;" in panel.failures.value)
    assert "it did not end in time" in panel.failures.value
    assert "1 failed" in panel.progress.value
    assert panel.result is None or panel.result.records == (), "the store was not read for it"
    panel.stop()
    paced.let(1)
    assert panel.wait(PATIENCE)
    assert soon(lambda: panel.state == "stopped")
    assert panel.failures.value.count("&lt;60 s&gt;") == 1


def test_a_folder_that_is_not_there_and_a_file_that_is_no_store(prepared, opened, tmp_path):
    panel = opened(replace(prepared, store=str(tmp_path / "none" / "s.sqlite")))
    panel.start()
    assert panel.wait(PATIENCE)
    assert soon(lambda: "folder" in panel.message.value)
    (tmp_path / "text.sqlite").write_text("no database" * 100)
    assert "not an SQLite database" in opened(tmp_path / "text.sqlite").message.value


def test_a_store_that_comes_later_and_grows_is_watched(prepared, opened):
    panel = opened(prepared.store)
    assert "no such file" in panel.message.value
    assert panel.buttons.children == ()
    with open_store(prepared.store, PLAN, command=("accelkit", "study", "<tcg>", "--blocks", "5")) as store:
        store.append(fake(PLAN.block(0)[0]))
        assert soon(lambda: panel.result is not None and len(panel.result.records) == 1)
        assert soon(lambda: panel.state == "running elsewhere")
        assert soon(lambda: "1 trial" in panel.progress.value)
        assert "s per trial" not in panel.progress.value, "one trial has no pace"
        assert "a store keeps no budget" in panel.progress.value
        assert (
            "started with <code>accelkit study &#x27;&lt;tcg&gt;&#x27; --blocks 5</code>"
            in panel.progress.value
        )
        store.append(replace(fake(PLAN.block(0)[1]), started=1_700_000_002.5))
        assert soon(lambda: "2 trials, 2.5 s per trial" in panel.progress.value)
    assert soon(lambda: panel.state == "not running")
    assert "the last trial started at 2023-11-14" in panel.progress.value
    with pytest.raises(StudyError, match="has no study to run"):
        panel.start()


def test_a_finished_study_its_store_and_its_result_show_the_same(prepared, opened):
    result = prepared.run()
    by_study, by_store, by_result = opened(prepared), opened(Path(prepared.store)), opened(result)
    assert [panel.state for panel in (by_study, by_store, by_result)] == ["finished", "not running", "result"]
    assert by_study.chart.value == by_store.chart.value == by_result.chart.value != ""
    assert by_study.verdicts.value == by_store.verdicts.value == by_result.verdicts.value
    assert "15 of 15 trials" in by_study.progress.value
    assert "15 trials" in by_store.progress.value
    assert repr(by_store) == f"dashboard({prepared.store!r}: not running)"


def test_nothing_is_read_while_nothing_changes(prepared, opened, monkeypatch):
    prepared.run()
    panel = opened(prepared.store)
    reads = []
    monkeypatch.setattr(Result, "from_store", reads.append)
    time.sleep(0.2)
    assert reads == []
    assert panel.state == "not running"


def test_without_vl_convert_everything_but_the_chart_is_shown(prepared, opened, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    prepared.run()
    panel = opened(prepared.store)
    assert "vl-convert, which is not installed" in panel.chart.value
    assert "Time beside the baseline" in panel.verdicts.value


def test_a_tuning_is_started_watched_and_finished(tmp_path: Path, opened) -> None:
    prepared = known_tuning(tmp_path / "t.sqlite", "smp", trials=100)
    panel = opened(prepared)
    assert panel.state == "not started"
    assert "a search among 20 points" in panel.message.value
    shown: list[str] = []
    panel.progress.observe(lambda change: shown.append(change["new"]), "value")
    panel.start()
    assert panel.wait(PATIENCE)
    soon(lambda: panel.state == "finished")
    assert isinstance(panel.result, Tuned)
    assert any("search of" in text and "best so far: <code>" in text for text in shown)
    assert "What the search found" in panel.chart.value
    assert "thread=multi" in panel.winner.text.value
    assert panel.start_button.disabled
    other = opened(prepared.store)
    assert "What the search tried" in other.verdicts.value
    assert words(other).count("confirming study") == 1
