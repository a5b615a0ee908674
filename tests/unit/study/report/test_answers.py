"""The answers as values: which kind, and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from support.known_result import FAILING, known_result
from support.simulate import records_of

from accelkit.study.report.answers import Answer, answers
from accelkit.study.result import Result

TWO = ("tcg", "tcg,thread=multi")


def of(values: dict[str, Sequence[float | None]]) -> Result:
    """A result with these values in the blocks of each configuration."""
    records = tuple(records_of(values, build="7.2.22"))
    return replace(known_result(list(values), ["cpu"], blocks=1), records=records)


def only(result: Result) -> Answer:
    (answer,) = answers(result)
    return answer


WAVE = [1.0, 1.01, 0.99, 1.02, 0.98] * 4


@pytest.mark.parametrize(
    ("guest", "failing", "kind", "choice"),
    [
        ("smp", [], "change", "tcg,thread=multi"),
        ("smplock", [], "keep", "tcg"),
        ("cpu", [], "keep", "tcg"),
        ("smp", [("smp", "tcg,thread=multi")], "only", "tcg"),
        ("smp", [("smp", "tcg")], "replace", "tcg,thread=multi"),
        ("smp", [("smp", name) for name in TWO], "nothing", ""),
    ],
)
def test_each_kind(guest: str, failing: list, kind: str, choice: str) -> None:
    answer = only(known_result(TWO, [guest], failing=failing))
    assert (answer.kind, answer.choice, answer.guest) == (kind, choice, guest)


def test_without_other_configurations_nothing_is_compared() -> None:
    assert only(known_result(["tcg"], ["smp"])).kind == "alone"


def test_of_several_that_are_faster_none_may_be_the_best() -> None:
    noisy = [1.0, 1.3, 0.8, 1.1, 0.9] * 4
    values = {
        "tcg": [40 * x for x in WAVE],
        "tcg,thread=multi": noisy,
        "tcg,tb-size=8": noisy[2:] + noisy[:2],
    }
    answer = only(of(values))
    assert answer.kind == "either"
    assert {answer.choice, *answer.rivals} == {"tcg,thread=multi", "tcg,tb-size=8"}


def test_undecided_has_its_rivals_and_its_cost() -> None:
    answer = only(known_result(TWO, ["cpu"], noise=0.05, blocks=8))
    assert answer.kind == "open"
    assert {answer.choice, *answer.rivals} == set(TWO)
    assert answer.cost is None or answer.cost.blocks > 8


def test_there_is_one_for_each_guest_and_build() -> None:
    result = known_result(builds={"7.2.22": 1.0, "11.1.0": 1.3}, failing=[FAILING])
    assert [(answer.guest, answer.build.name) for answer in answers(result)] == [
        (guest, build) for guest in ("smp", "smplock", "tb-thrash") for build in ("7.2.22", "11.1.0")
    ]
    assert [answer.failed for answer in answers(result)] == [0, 0, 1, 1, 0, 0]


def test_what_may_be_as_good_is_never_what_the_table_calls_slower() -> None:
    result = known_result(failing=[FAILING])
    smp = answers(result)[0]
    assert set(smp.equals) == {"tcg,tb-size=1,thread=multi", "tcg,tb-size=32,thread=multi"}
