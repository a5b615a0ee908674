"""What a dashboard takes."""

from __future__ import annotations

import pytest
from support.fake_study import PLAN, fake

from accelkit import (
    tcg,
)
from accelkit.errors import StudyError
from accelkit.study.prepared import PreparedStudy
from accelkit.widgets import dashboard
from accelkit.widgets.dashboards import START


def test_a_recipe_is_not_a_study():
    with pytest.raises(StudyError, match="got Recipe; takes what prepare"):
        dashboard(tcg())


def test_every_must_be_above_0():
    with pytest.raises(StudyError, match="every=0"):
        dashboard("s.sqlite", every=0)


def test_the_path_of_no_store_is_shown_as_a_problem_and_nothing_can_be_started(tmp_path):
    panel = dashboard(tmp_path / "none.sqlite", every=3600)
    try:
        assert panel.state == "not running"
        assert "no such file" in panel.message.value
        assert (panel.buttons.children, panel.chart.value, panel.verdicts.value) == ((), "", "")
        for act in (panel.start, panel.stop, panel.wait):
            with pytest.raises(StudyError, match="no study to run; give what prepare"):
                act()
    finally:
        panel.close()


def test_the_tooltips_and_labels_of_the_buttons(tmp_path):
    prepared = PreparedStudy(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=5, race=False)
    panel = dashboard(prepared, every=3600)
    try:
        assert [(button.description, button.disabled) for button in panel.buttons.children] == [
            ("start", False),
            ("stop", True),
        ]
        assert [button.tooltip for button in panel.buttons.children] == [START, "it does not run here"]
        assert "nothing has been measured yet" in panel.message.value
        assert f"{prepared.store}: 15 trials (5 blocks of 3)" in panel.message.value
        assert "5 blocks cannot decide 2 comparisons, at least 7 are needed: blocks=7" in panel.message.value
    finally:
        panel.close()


def test_the_answer_comes_first_then_the_winner_the_chart_and_the_table(tmp_path):
    prepared = PreparedStudy(PLAN, fake, str(tmp_path / "s.sqlite"), blocks=8, race=False)
    panel = dashboard(prepared, every=3600)
    try:
        panel.start()
        assert panel.wait(30)
        assert panel.state == "finished"
        order = [panel.answer, panel.winner, panel.chart, panel.verdicts]
        assert [child for child in panel.children if child in order] == order
        assert "Deploy <code>tcg,thread=single</code>" in panel.answer.value
        assert "-accel tcg,thread=single" in panel.winner.text.value
        start, stop = panel.buttons.children
        assert (start.disabled, start.tooltip) == (
            True,
            "its budget is used up: give prepare(…) a larger one to measure more",
        )
        assert (stop.disabled, stop.tooltip) == (True, "it does not run here")
    finally:
        panel.close()
