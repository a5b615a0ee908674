"""Which point of a space a recipe is: as going through the points would say, without doing so."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import fallback_spaces, fallbacks, recipes, spaces

from accelkit import Recipe, each, first_of, kvm, option, tb_size, tcg
from accelkit.recipes.membership import found


@given(st.data(), spaces() | fallback_spaces())
def test_a_point_is_found_where_it_is(data: st.DataObject, space: Any) -> None:
    points = list(space)
    point = data.draw(st.sampled_from(points) | recipes() | fallbacks())
    match = found(space.factors, point)
    assert (point in space) == (match is not None) == (point in points)
    assert space.count(point) == points.count(point)
    if match is not None:
        assert (match.points, match.first) == (points.count(point), points.index(point))
        assert space.index(point) == points.index(point)


def test_a_point_of_several_numbers_has_the_first() -> None:
    step = option("x", "0")
    space = each(Recipe(), step) | each(Recipe(), step) | each(Recipe(), step)
    assert [space.count(point) for point in (Recipe(), step, step | step)] == [1, 3, 3]
    assert [space.index(point) for point in (Recipe(), step, step | step)] == [0, 1, 3]


def test_alternatives_that_vary_are_found_one_by_one() -> None:
    space = first_of(each(kvm(), first_of(kvm(), kvm())), tcg() | tb_size(each(1, 2)))
    assert [space.index(point) for point in space] == [0, 1, 2, 3]
    assert first_of(kvm(), kvm(), kvm(), tcg() | tb_size(1)) not in space
    assert found(space.factors, "kvm()") is None


def test_a_space_that_nobody_could_go_through_is_asked_at_once() -> None:
    space: Any = tcg()
    for axis in range(40):
        space = space | each(*(option(f"x{axis}", str(k)) for k in range(10)))
    k = 1234567890123456789012345678901234567890
    assert space.index(space[k]) == k
    assert (space[k] | option("y", "1")) not in space
    assert tcg() not in space
