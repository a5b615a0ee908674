"""Layouts: points by number and by the levels of their factors, there and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import each, first_of, kvm, multi, option, single, split_wx, tb_size, tcg, thread
from accelkit.study.analysis.surface import Factors
from accelkit.study.model import Configuration
from accelkit.tuning.search.layout import MOST_LEVELS, MOST_LISTED, Grid, grid, layout_of, written

SPACE = tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
LONG: Any = tcg() | tb_size(each(*range(1, 10_001))) | thread(each(single, multi))
HUGE: Any = tcg() | thread(each(single, multi))
for _place in range(13):
    HUGE = HUGE | each(*(option(f"x-p{_place}", str(_level)) for _level in range(10)))


def test_a_space_has_its_properties_as_factors() -> None:
    layout = layout_of(SPACE)
    assert layout.factors.names == ("tb-size", "thread")
    assert layout.factors.levels == (("8", "64", "512"), ("single", "multi"))
    assert layout.size == 6


def test_a_list_has_those_that_vary_and_default_where_one_is_not_set() -> None:
    layout = layout_of(
        [first_of(kvm(), tcg()), tcg(), tcg() | tb_size(64), Configuration(tcg() | split_wx(True))]
    )
    assert layout.factors.names == ("accel", "tb-size", "split-wx")
    assert layout.factors.levels[1] == ("default", "64")
    assert layout.codes([2]).tolist() == [[1, 1, 0]]
    assert layout.numbers(np.array([[0, 1, 1]])) == [None]


def test_of_points_that_are_alike_the_first_has_the_number() -> None:
    layout = layout_of([tcg(), tcg() | tb_size(8), tcg()])
    assert layout.numbers(layout.codes([0, 1, 2])) == [0, 1, 0]


@pytest.mark.parametrize("points", [SPACE, LONG, HUGE, [tcg()], [tcg(), kvm()]], ids=str)
def test_codes_lead_back_to_numbers(points: Any) -> None:
    layout = layout_of(points)
    numbers = sorted({0, layout.size - 1, layout.size // 3, layout.size // 2})
    assert layout.numbers(layout.codes(numbers)) == numbers
    assert (layout.listed is None) == (layout.size > MOST_LISTED)


def test_a_huge_space_has_its_axes_as_factors() -> None:
    layout = layout_of(HUGE)
    assert layout.size == 2 * 10**13
    assert layout.factors.names[:2] == ("thread", "x-p0")
    assert layout.codes([layout.size - 1]).tolist() == [[1, *[9] * 13]]


def test_a_long_axis_is_several_factors() -> None:
    layout = layout_of(LONG)
    assert max(layout.factors.sizes) <= MOST_LEVELS
    assert layout.factors.names[0] == "tb-size"
    assert None in layout.numbers(np.array([[size - 1 for size in layout.factors.sizes]]))


def test_a_choice_of_several_properties_is_one_factor_of_a_large_space() -> None:
    either = each(tb_size(8) | thread(single), tb_size(64) | thread(multi))
    layout = layout_of(tcg() | either | each(*(option("x-a", str(level)) for level in range(3000))))
    assert layout.factors.names[0] == "tb-size, thread"
    assert layout.factors.levels[0] == ("8, single", "64, multi")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.data())
def test_digits_are_those_of_a_number(sizes: list[int], data: st.DataObject) -> None:
    layout = grid(Factors.of({f"f{place}": tuple(map(str, range(size))) for place, size in enumerate(sizes)}))
    number = data.draw(st.integers(0, layout.size - 1))
    assert isinstance(layout, Grid)
    assert layout.codes([number]).tolist() == [written(number, sizes)]
    assert layout.numbers(layout.codes([number])) == [number]
