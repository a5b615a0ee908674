"""Effects in words: one sentence where it is clear, and the table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.golden import compare_with_golden
from support.known_result import FAILING, known_result

from accelkit.study.report import report
from accelkit.study.report.effect_text import effect_sentence
from accelkit.study.result import Result

THREE = ["tcg", "tcg,thread=multi", "tcg,tb-size=8", "tcg,tb-size=8,thread=multi"]


def sentence(result: Result) -> str:
    return "".join(effect_sentence(result.all_effects, result.delta))


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (known_result(THREE, ["smp"]), "Only thread matters: what else was varied changes the time by no more than 1%."),
        (known_result(THREE, ["cpu"]), "Nothing that was varied matters: it changes the time by no more than 1%."),
        (known_result(THREE, ["smp", "cpu"]), ("Only thread matters for smp; nothing that was varied matters for cpu:"
         " what else was varied changes the time by no more than 1%.")),
        (known_result(THREE, ["smp"], blocks=4), ""),
        (known_result(THREE, ["smp"], noise=0.3), ""),
        (known_result(["tcg", "tcg,thread=multi"], ["smp"]), ""),
    ],
)  # fmt: skip
def test_one_sentence_says_what_matters_where_it_is_clear(result: Result, text: str) -> None:
    assert sentence(result) == text


def test_properties_that_act_together_are_said_to() -> None:
    base = known_result(THREE, ["smp"])
    records = tuple(
        replace(record, value=(record.value or 0) * (3 if record.trial.configuration == THREE[3] else 1))
        for record in base.records
    )
    result = replace(base, records=records)
    assert sentence(result).endswith("matter, and what one does depends on the other.")
    assert "what one does depends on the other, up to 3.00 times slower together" in str(result.effects())


def test_the_table_is_that_of_the_golden_file() -> None:
    effects = known_result(failing=[FAILING], noise=0.03).effects()
    compare_with_golden("effects.txt", f"{effects}\n")


def test_a_report_has_the_section_where_several_properties_vary() -> None:
    assert "Effects: what each of 2 properties does" in str(known_result(guests=["smp"]))
    assert "Effects" not in str(known_result(["tcg", "tcg,thread=multi"], ["smp"]))
    assert "<summary>Effects: what each of 2 properties does</summary>" in report.body_fragment(
        known_result()
    )


def test_a_study_that_was_looked_at_says_what_its_effects_hold_for() -> None:
    result = replace(known_result(guests=["smp"]), anytime=True)
    assert "They are for one look at the trials" in str(result.effects())
