"""Laws of spaces: products, slices, samples, fallbacks that vary."""

from __future__ import annotations

import pickle
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import (
    alike,
    axes,
    fallback_spaces,
    spaces,
)

import accelkit
from accelkit import (
    ACCELERATORS,
    ComposeError,
    Fallback,
    Recipe,
    Space,
    each,
    parse,
    render,
    tb_size,
    unset,
)

NAMES = vars(accelkit)


accels = st.sampled_from(sorted(ACCELERATORS))


def source(x: object) -> Any:
    """What the repr of ``x`` makes when it is run as code, with accelkit's names."""
    return eval(repr(x), {}, dict(NAMES))  # repr is documented to be code


def by_hand(space: Space[Any]) -> list[Any]:
    """The points of a space of plain factors, by Python's own product: leftmost slowest."""
    choices = [
        [factor] if isinstance(factor, Recipe) else [factor.point(k) for k in range(factor.size)]
        for factor in space.factors
    ]
    points = []
    for chosen in product(*choices):
        point = chosen[0]
        for part in chosen[1:]:
            point = point | part
        points.append(point)
    return points


@given(spaces() | fallback_spaces())
def test_a_space_is_the_product_of_its_factors_leftmost_slowest(space: Space[Any]) -> None:
    points = by_hand(space)
    assert len(space) == space.size == len(points)
    assert list(space) == points
    assert [space[k] for k in range(len(space))] == points
    assert [space[k - len(space)] for k in range(len(space))] == points


@given(spaces())
def test_points_are_numbered_in_order_and_end_with_an_index_error(space: Space[Any]) -> None:
    for outside in (len(space), -len(space) - 1, 1 << 80):
        with pytest.raises(IndexError, match=f"point {outside} of a space of {len(space)}"):
            space[outside]


@given(spaces() | fallback_spaces())
def test_argvs_are_what_rendering_each_point_gives(space: Space[Any]) -> None:
    assert list(space.argvs()) == [render(point) for point in space]


@given(st.data())
def test_argvs_are_right_for_spaces_that_remove_options(data: st.DataObject) -> None:
    space = data.draw(spaces("tcg")) | unset(tb_size) | data.draw(axes("tcg"))
    assert list(space.argvs()) == [render(point) for point in space]


@given(spaces(), st.slices(20), st.slices(5))
def test_a_slice_is_the_same_points_and_slices_again(space: Space[Any], one: slice, two: slice) -> None:
    points = list(space)
    assert list(space[one]) == points[one]
    assert len(space[one]) == len(points[one])
    assert list(space[one][two]) == points[one][two]
    assert list(space[one].argvs()) == [render(point) for point in points[one]]


@given(spaces(), st.integers(0, 30), st.integers())
def test_a_sample_is_distinct_points_and_the_same_for_the_same_seed(
    space: Space[Any], n: int, seed: int
) -> None:
    sample = space.sample(n, seed)
    assert list(sample) == list(space.sample(n, seed))
    assert len(sample) == min(n, len(space))
    assert len(set(sample.numbers)) == len(sample)
    assert list(sample) == [space[k] for k in sample.numbers]
    assert sorted(space.sample(len(space), seed).numbers) == list(range(len(space)))


@given(alike(2), st.data())
def test_composing_with_a_space_is_associative(parts: tuple[Recipe[Any], ...], data: st.DataObject) -> None:
    a, b = parts
    space = data.draw(axes(min((a | b).accels or ACCELERATORS)))
    for left, right in (
        ((a | b) | space, a | (b | space)),
        ((a | space) | b, a | (space | b)),
        ((space | a) | b, space | (a | b)),
        ((space | a) | (b | space), space | ((a | b) | space)),
    ):
        assert left == right
        assert hash(left) == hash(right)
        assert repr(left) == repr(right)
        assert pickle.dumps(left) == pickle.dumps(right)
        assert list(left) == list(right)


@given(spaces())
def test_the_empty_recipe_changes_no_space(space: Space[Any]) -> None:
    for same in (Recipe() | space, space | Recipe()):
        assert same == space
        assert repr(same) == repr(space)
        assert hash(same) == hash(space)


@given(st.data(), accels)
def test_no_space_composes_with_a_foreign_accelerator(data: st.DataObject, accel: str) -> None:
    foreign = data.draw(st.sampled_from(sorted(ACCELERATORS)).filter(lambda name: name != accel))
    with pytest.raises(ComposeError):
        data.draw(spaces(accel)) | ACCELERATORS[foreign]()
    with pytest.raises(ComposeError):
        ACCELERATORS[foreign]() | data.draw(spaces(accel))
    with pytest.raises(ComposeError):
        each(ACCELERATORS[accel](), ACCELERATORS[foreign]()) | ACCELERATORS[accel]()


@given(fallback_spaces())
def test_every_point_of_a_varying_fallback_is_a_row_of_recipes(space: Space[Any]) -> None:
    for point in space:
        assert all(isinstance(part, Recipe) for part in (point if isinstance(point, Fallback) else [point]))
        assert source(point) == point
        assert parse(render(point))
