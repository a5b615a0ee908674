"""Laws of recipes: they compose as functions do; repr is code; pickles are values."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.strategies import (
    alike,
    fallback_spaces,
    fallbacks,
    fragments,
    of_the_table,
    option_maps,
    recipes,
    spaces,
    values_of,
)
from toolz import compose_left, juxt, pipe

import accelkit
from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ComposeError,
    Fallback,
    OptionMap,
    Recipe,
    Space,
    fold,
    recipe_of,
    render,
    unset,
)

NAMES = vars(accelkit)


accels = st.sampled_from(sorted(ACCELERATORS))


def source(x: object) -> Any:
    """What the repr of ``x`` makes when it is run as code, with accelkit's names."""
    return eval(repr(x), {}, dict(NAMES))  # repr is documented to be code


@given(alike(3))
def test_then_is_associative(parts: tuple[Recipe[Any], ...]) -> None:
    a, b, c = parts
    left, right = (a | b) | c, a | (b | c)
    assert left == right
    assert hash(left) == hash(right)
    assert repr(left) == repr(right)
    assert left.accels == right.accels
    assert left.steps == right.steps == a.steps + b.steps + c.steps
    assert pickle.dumps(left) == pickle.dumps(right)


@given(alike(1))
def test_the_empty_recipe_changes_nothing(parts: tuple[Recipe[Any], ...]) -> None:
    (a,) = parts
    for same in (Recipe() | a, a | Recipe()):
        assert same == a
        assert hash(same) == hash(a)
        assert repr(same) == repr(a)
        assert same.accels == a.accels


@given(alike(2), option_maps())
def test_folding_a_composition_is_folding_one_after_the_other(
    parts: tuple[Recipe[Any], ...], start: OptionMap
) -> None:
    a, b = parts
    assert (a | b)(start) == b(a(start))
    assert fold(a | b) == b(fold(a))


@given(fragments("kvm"), option_maps())
def test_a_recipe_leaves_the_map_it_is_given_as_it_was(recipe: Recipe[Any], start: OptionMap) -> None:
    before = dict(start)
    recipe(start)
    assert dict(start) == before


@given(st.data(), st.sampled_from(list(PROPERTIES.values())))
def test_the_last_write_of_a_property_wins(data: st.DataObject, row: Any) -> None:
    first, last = data.draw(values_of(row)), data.draw(values_of(row))
    begun = row.accelerators[0]()
    assert fold(begun | row(first) | row(last)) == fold(begun | row(last))
    assert render(begun | row(first) | row(last)) == render(begun | row(last))


@given(st.data(), st.sampled_from(list(PROPERTIES.values())))
def test_unset_removes_what_was_written_before_it_and_nothing_after(data: st.DataObject, row: Any) -> None:
    begun, value = row.accelerators[0](), data.draw(values_of(row))
    assert fold(begun | row(value) | unset(row)) == fold(begun)
    assert render(begun | row(value) | unset(row)) == render(begun)
    assert fold(begun | unset(row) | row(value)) == fold(begun | row(value))
    assert fold(begun | unset(row)) == fold(begun)
    assert fold(begun | row(value) | unset(row.key)) == fold(begun)


@given(alike(3), option_maps())
def test_pipe_and_compose_left_and_juxt_of_toolz_take_recipes(
    parts: tuple[Recipe[Any], ...], start: OptionMap
) -> None:
    whole = parts[0] | parts[1] | parts[2]
    assert pipe(start, *parts) == whole(start)
    assert compose_left(*parts)(start) == whole(start)
    assert juxt(*parts)(start) == tuple(part(start) for part in parts)


@given(st.data(), accels, accels)
def test_recipes_for_different_accelerators_never_compose(data: st.DataObject, one: str, other: str) -> None:
    assume(one != other)
    left, right = data.draw(recipes(one)), data.draw(recipes(other))
    with pytest.raises(ComposeError):
        left | right


@given(alike(2))
def test_composing_leaves_both_sides_as_they_were(parts: tuple[Recipe[Any], ...]) -> None:
    a, b = parts
    before = repr(a), repr(b), a.steps, b.steps, a.accels, b.accels
    a | b
    assert (repr(a), repr(b), a.steps, b.steps, a.accels, b.accels) == before


@given(fragments("kvm") | fragments("tcg") | recipes())
def test_the_repr_of_a_recipe_is_code_that_makes_it(recipe: Recipe[Any]) -> None:
    again = source(recipe)
    assert again == recipe
    assert repr(again) == repr(recipe)
    assert again.accels == recipe.accels


@given(fallbacks())
def test_the_repr_of_a_fallback_is_code_that_makes_it(fallback: Fallback) -> None:
    assert source(fallback) == fallback
    assert repr(source(fallback)) == repr(fallback)


@given(spaces() | fallback_spaces())
def test_the_repr_of_a_space_is_code_that_makes_it(space: Space[Any]) -> None:
    assert source(space) == space
    assert repr(source(space)) == repr(space)


@given(st.sampled_from(sorted(ACCELERATORS)).flatmap(of_the_table))
def test_a_recipe_of_the_table_comes_back_from_its_typed_values(recipe: Recipe[Any]) -> None:
    options = fold(recipe)
    typed = options.typed()
    assert typed.keys() == options.keys()
    assert fold(recipe_of(typed)) == options
    assert all(row.read(recipe) == typed.get(key) for key, row in PROPERTIES.items())


@given(option_maps())
def test_typed_values_are_read_or_the_text(options: OptionMap) -> None:
    for key, value in options.typed().items():
        row = PROPERTIES.get(key)
        read = None if row is None else row.domain.read(options[key])
        assert (type(value), value) == ((str, options[key]) if read is None else (type(read), read))


@given(option_maps())
def test_the_repr_of_a_map_is_code_that_makes_it(options: OptionMap) -> None:
    assert source(options) == options


@given(fragments("kvm") | recipes() | fallbacks() | spaces() | fallback_spaces() | option_maps())
def test_every_value_comes_back_from_its_pickle(value: Any) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)
