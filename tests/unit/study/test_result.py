"""A result: read from a store, shown in a notebook and as text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from support.known_result import HOST, INFO, known_result
from support.plans import plan_of

from accelkit import multi, tcg, thread
from accelkit.errors import StudyError
from accelkit.study.model import Cell, Record, stored_configuration
from accelkit.study.result import Result
from accelkit.study.standards import Standards
from accelkit.study.store.writer import open_store


def test_a_configuration_that_cannot_be_read_is_reported_by_its_name() -> None:
    plain = known_result(["tcg", "tcg,thread=multi"], guests=["smp"], blocks=8)
    names = {"tcg,thread=multi": "-accel tcg,=, and multi"}
    points = [plain.plan.configurations[0], stored_configuration(*names.values(), ("-accel", "tcg,=,"))]
    records = tuple(
        replace(record, trial=replace(record.trial, configuration=names.get(name, name)))
        for record in plain.records
        for name in (record.trial.configuration,)
    )
    result = replace(plain, plan=replace(plain.plan, configurations=points), records=records)
    for text in (str(result), result.markdown()):
        assert "Deploy -accel tcg,=, and multi for smp: 1.70 times as fast as tcg" in text.replace("`", "")
    assert result.best("smp").argv == ("-accel", "tcg,=,")
    with pytest.raises(
        StudyError, match=r"'-accel tcg,=, and multi' is not a recipe that this version reads"
    ):
        result.best("smp").recipe  # a property that raises


def test_a_store_is_judged_by_its_own_standards(tmp_path) -> None:
    """Or the report would show narrower intervals than those that ended the study."""
    path = tmp_path / "s.sqlite"
    plan = plan_of("tcg", "tcg,thread=multi")
    with open_store(path, plan, standards=Standards(0.05, anytime=True)) as store:
        for block in range(9):
            for trial in plan.block(block):
                store.append(Record(trial, "ok", value=1 + trial.block / 1000))
    read = Result.from_store(path)
    assert (read.delta, read.anytime) == (0.05, True)
    assert read.judged(delta=0.01).anytime


def test_a_store_is_read_as_a_result(tmp_path) -> None:
    made = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=8)
    path = tmp_path / "tcg.sqlite"
    with open_store(path, made.plan, command=["accelkit", "study", "tcg {x}"], host=HOST) as store:
        for record in made.records:
            store.append(record)
        store.race(8, {Cell("7.2.22", "smp", "tcg,thread=multi"): 8})
    read = Result.from_store(path)
    assert read.records == made.records
    assert read.info["command"] == "accelkit study 'tcg {x}'"
    assert read.info["host"] == INFO["host"]
    assert read.info["store"] == str(path)
    assert read.best("smp").recipe == tcg() | thread(multi)  # dropped, but nothing is faster
    assert dict(read.dropped) == {Cell("7.2.22", "smp", "tcg,thread=multi"): 8}
    assert "Measured rarely" in str(read)
    with pytest.raises(StudyError, match="no such file"):
        Result.from_store(tmp_path / "none.sqlite")


def test_the_repr_is_short_and_a_notebook_gets_html_and_text() -> None:
    result = known_result(blocks=6)
    assert repr(result) == "<Result: 126 trials of 7 configurations with 3 guests on 1 build, baseline tcg>"
    shown = result._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert "<table" in shown["text/html"]
    styles = re.findall(r"<style>(.*?)</style>", shown["text/html"])
    rules = [rule for style in styles for rule in re.findall(r"([^{}]+)\{[^{}]*\}", style.partition("{")[2])]
    assert rules
    assert all(rule.startswith(".chart-") for rule in rules)  # any other would change the notebook around it
    assert shown["text/plain"] == str(result)
