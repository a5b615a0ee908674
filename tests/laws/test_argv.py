"""Laws of rendering and parsing: argv and back, whatever the values."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import (
    fallbacks,
    keys,
    known_accelerators,
    option_maps,
    recipes,
    texts,
)

from accelkit import (
    ACCELERATORS,
    PROPERTIES,
    ArgvError,
    Fallback,
    OptionMap,
    Recipe,
    fold,
    option,
    parse,
    recipe_of,
    recipes_of,
    render,
    tcg,
)
from accelkit.syntax.qemuopts import split as split_text


@given(recipes())
def test_rendering_a_recipe_is_rendering_what_it_folds_to(recipe: Recipe[Any]) -> None:
    assert render(recipe) == render(fold(recipe))


@given(recipes())
def test_parse_undoes_render_for_recipes(recipe: Recipe[Any]) -> None:
    assert parse(render(recipe)) == (fold(recipe),)


@given(option_maps(known_accelerators))
def test_parse_undoes_render_for_maps(options: OptionMap) -> None:
    assert parse(render(options)) == (options,)


@given(option_maps())
def test_parse_makes_no_accelerator_of_what_no_qemu_has(options: OptionMap) -> None:
    if options["accel"] in ACCELERATORS:
        assert parse(render(options)) == (options,)
    else:
        with pytest.raises(ArgvError, match="no QEMU has this accelerator"):
            parse(render(options))


@given(fallbacks())
def test_parse_undoes_render_for_fallbacks(fallback: Fallback) -> None:
    maps = parse(render(fallback))
    assert maps == tuple(map(fold, fallback))
    assert render(maps) == render(fallback)
    assert render(list(maps)) == render(fallback)


@given(option_maps())
def test_no_value_can_add_an_option(options: OptionMap) -> None:
    word, text = render(options)
    writes = split_text(text, "accel")
    assert word == "-accel"
    assert [(write.key, write.value, write.flag) for write in writes] == [
        (key, value, None) for key, value in options.items()
    ]


@given(option_maps(), st.randoms(use_true_random=False))
def test_equal_maps_have_equal_argv_in_any_order_of_writing(options: OptionMap, random: Any) -> None:
    entries = list(options.items())
    random.shuffle(entries)
    shuffled = OptionMap(entries)
    assert shuffled == options
    assert hash(shuffled) == hash(options)
    assert repr(shuffled) == repr(options)
    assert list(shuffled) == list(options)
    assert render(shuffled) == render(options)
    assert pickle.dumps(shuffled) == pickle.dumps(options)


@given(st.dictionaries(keys, texts, max_size=5), st.randoms(use_true_random=False))
def test_recipes_that_write_different_keys_render_equally_in_any_order(
    entries: dict[str, str], random: Any
) -> None:
    steps = [option(key, value) for key, value in entries.items()]
    begun = tcg()
    for step in steps:
        begun = begun | step
    shuffled = [tcg(), *steps]
    random.shuffle(shuffled)
    other: Recipe[Any] = Recipe()
    for step in shuffled:
        other = other | step
    assert render(other) == render(begun)
    assert fold(other) == fold(begun)
    assert hash(fold(other)) == hash(fold(begun))


@given(option_maps())
def test_recipe_of_a_map_makes_a_map_of_the_same_meaning(options: OptionMap) -> None:
    again = fold(recipe_of(options))
    assert again.keys() == options.keys()
    for key, text in options.items():
        row = PROPERTIES.get(key)
        if row is None or options["accel"] not in row.accels or row.domain.read(text) is None:
            assert again[key] == text
        else:
            assert row.read(again) == row.read(options)
    assert fold(recipe_of(again)) == again


@given(recipes())
def test_recipe_of_what_combinators_write_gives_it_back_exactly(recipe: Recipe[Any]) -> None:
    options = fold(recipe)
    canonical = {
        key: PROPERTIES[key].domain.write(value, key)
        for key, text in options.items()
        if key in PROPERTIES
        and options["accel"] in PROPERTIES[key].accels
        and (value := PROPERTIES[key].domain.read(text)) is not None
    }
    assert fold(recipe_of(options)) == {**options, **canonical}


@given(st.lists(option_maps(), min_size=1, max_size=3))
def test_recipes_of_parsed_maps_render_as_they_do(maps: list[OptionMap]) -> None:
    canonical = tuple(fold(recipe_of(options)) for options in maps)
    assert render(recipes_of(tuple(maps))) == render(canonical)
