"""Which point changes less than the pick and seems as good."""

from __future__ import annotations

import math

import pytest

from accelkit.study.analysis.best import Best
from accelkit.study.model import stored_configuration
from accelkit.study.searched import TriedPoint
from accelkit.study.standards import Standards
from accelkit.tuning.simpler_point import Simpler, simpler
from accelkit.tuning.summary import SearchSummary

PICK = "tcg,tb-size=8,thread=single"


def found(
    costs: dict[str, float | None], *, finalists: tuple[str, ...] = (), unusable: str = ""
) -> Simpler | None:
    """What is found where the search estimates the points of these names to cost so much beside the baseline."""
    points = {name: stored_configuration(name, ("-accel", name)) for name in ("tcg", PICK, *costs)}
    tried = tuple(
        TriedPoint(number, number, name, ("-accel", name), "", None if cost is None else math.log(cost))
        for number, (name, cost) in enumerate({"tcg": 1.0, PICK: 0.5, **costs}.items(), 1)
    )
    best = Best(
        points[PICK], points["tcg"], "7.2", {"smp": 1.0}, True,
        tuple(points[name] for name in ("tcg", PICK, *finalists)), {}, Standards(),
    )  # fmt: skip
    return simpler(best, SearchSummary(9, tried, 9, 9, "a sampler", {}, {unusable: "crashed"}, True, True))


def test_a_setting_without_effect_is_told() -> None:
    assert found({"tcg,thread=single": 0.5015, "tcg,tb-size=8": 0.97}) == (
        "tcg,thread=single",
        pytest.approx(1.003),
    )


@pytest.mark.parametrize(
    "costs",
    [
        {"tcg,thread=single": 0.51},  # 2% more than the pick
        {"tcg,thread=single": None},
        {
            "tcg,thread=multi": 0.5,
            "tcg,tb-size=64": 0.5,
            "tcg,tb-size=64,thread=single": 0.4,
        },  # other settings
    ],
)
def test_what_costs_more_or_sets_something_else_is_not(costs: dict[str, float | None]) -> None:
    assert found(costs) is None


def test_what_was_confirmed_or_cannot_be_used_is_not() -> None:
    costs: dict[str, float | None] = {"tcg,thread=single": 0.5}
    assert found(costs, finalists=("tcg,thread=single",)) is None
    assert found(costs, unusable="tcg,thread=single") is None


def test_of_several_it_is_the_one_with_the_fewest_settings_then_the_cheapest() -> None:
    assert found({"tcg,thread=single": 0.504, "tcg,tb-size=8": 0.502}) == (
        "tcg,tb-size=8",
        pytest.approx(1.004),
    )
