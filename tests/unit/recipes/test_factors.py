"""Factors: the points of an axis and of alternatives that vary, by number."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import Fallback, each, first_of, kvm, multi, single, tb_size, tcg, thread
from accelkit.recipes.factors import Alternatives, Axis, points_in

TWO = thread(each(single, multi))
SIZES = tcg() | tb_size(each(1, 2, 3))


@pytest.mark.parametrize(
    ("x", "points"), [(kvm(), 1), (first_of(kvm(), tcg()), 1), (TWO, 2), (SIZES | TWO, 6)]
)
def test_a_space_stands_for_its_points_and_anything_else_for_itself(x: Any, points: int) -> None:
    assert points_in(x) == points


@pytest.mark.parametrize(
    "choices",
    [
        (kvm(),),
        (kvm(), tcg()),
        (SIZES,),
        (kvm(), SIZES, tcg()),
        (SIZES, SIZES | TWO),
        (each(kvm(), tcg()), first_of(kvm(), tcg())),
        (tcg() | each(tb_size(1)), kvm()),  # a space of one point
    ],
    ids=range(7),
)
def test_an_axis_has_the_points_of_its_choices_in_order(choices: tuple[Any, ...]) -> None:
    axis = Axis(choices, "…")
    points = [point for choice in choices for point in (choice if hasattr(choice, "factors") else (choice,))]
    assert [axis.point(k) for k in range(axis.size)] == points
    assert axis.ends[-1] == axis.size


def test_alternatives_vary_the_last_fastest_and_are_one_list() -> None:
    vary = Alternatives((kvm(), SIZES, each(kvm(), first_of(tcg(), kvm()))))
    assert vary.size == 6
    assert vary.point(0) == Fallback((kvm(), tcg() | tb_size(1), kvm()))
    assert vary.point(1) == Fallback((kvm(), tcg() | tb_size(1), tcg(), kvm()))
    assert vary.point(5) == Fallback((kvm(), tcg() | tb_size(3), tcg(), kvm()))
