"""Points: a slice or a sample, as a sequence."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import spaces

from accelkit import ComposeError, DomainError, Points, each, option, tb_size, tcg

SPACE = tcg() | tb_size(each(1, 2, 4, 8, 16))


@given(st.data(), spaces(), st.slices(20))
def test_points_find_a_point_where_a_list_of_them_would(data: st.DataObject, space: Any, part: slice) -> None:
    points = space[part]
    point = data.draw(st.sampled_from(list(space)))
    assert (point in points) == (point in list(points))
    assert points.count(point) == list(points).count(point)
    if point in points:
        assert points.index(point) == list(points).index(point)
    else:
        with pytest.raises(ValueError, match=r"^index: "):
            points.index(point)


def test_an_index_begins_and_ends_where_it_is_told() -> None:
    points = SPACE[::-1]
    assert points.index(SPACE[1], 2) == points.index(SPACE[1], -3, 5) == 3
    for start, stop in ((4, None), (0, 3)):
        with pytest.raises(
            DomainError, match=r"index: tcg\(\) \| tb_size\(2\) is not among <5 of the 5 points"
        ):
            points.index(SPACE[1], start, stop)


def test_a_slice_of_a_huge_space_is_asked_without_going_through_it() -> None:
    space: Any = tcg()
    for axis in range(12):
        space = space | each(*(option(f"x{axis}", str(k)) for k in range(10)))
    points = space[5:-5:2]
    assert points.index(space[7]) == 1
    assert space[6] not in points
    assert space[10**12 - 5] not in points
    assert space[10**12 - 7] in points


def test_points_do_not_change_and_say_what_to_write() -> None:
    with pytest.raises(ComposeError, match=r"^a space and its points do not change; "):
        random.shuffle(SPACE[1:])  # pyright: ignore
    with pytest.raises(ComposeError, match=r"Points: takes a space and numbers; write space\[1:3\]"):
        Points([1], [0])
