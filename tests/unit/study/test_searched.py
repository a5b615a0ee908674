"""What a store keeps of a tuning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accelkit import tcg
from accelkit.study.model import Configuration, Trial
from accelkit.study.searched import PointTrial, Terms, TriedPoint, other_terms

TERMS = Terms("tcg()", 6, {"smp": 1.0}, {"time": 1.0}, 2048, 400, 60.0)


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ({"space": "kvm()"}, "space: tcg() (6 points) is stored, kvm() (6 points) was given"),
        ({"size": 7}, "space: tcg() (6 points) is stored, tcg() (7 points) was given"),
        ({"weights": {"smp": 2.0}}, "guests: smp counts 1 is stored, smp counts 2 was given"),
        ({"goals": {"max_rss": 1.0}}, "goals: time counts 1 is stored, max_rss counts 1 was given"),
        ({"max_rss": None}, "max_rss: 2048 KiB is stored, none was given"),
        ({"trials": 500}, "trials: 400 is stored, 500 was given"),
        ({"seconds": None}, "time: 60 s is stored, none was given"),
    ],
)
def test_each_difference_is_a_reason(new: dict[str, object], reason: str) -> None:
    assert other_terms(TERMS, replace(TERMS, **new)) == (reason,)
    assert other_terms(TERMS, TERMS) == ()


def test_a_long_space_is_shortened() -> None:
    (reason,) = other_terms(TERMS, replace(TERMS, space="x" * 5000))
    assert len(reason) < 300


def test_a_point_is_a_configuration_again() -> None:
    point = TriedPoint(1, 0, "tcg", ("-accel", "tcg"), "tcg()")
    assert point.configuration == Configuration(tcg())
    assert point.configuration.recipe == tcg()


def test_a_trial_of_a_search_has_the_id_of_any_trial() -> None:
    cell = ("7.2", "smp", "tcg", 3, 5)
    assert PointTrial(*cell, Configuration(tcg())).id == Trial(*cell).id
