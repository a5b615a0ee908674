"""Options side by side."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import recipes

from accelkit import OptionMap, Recipe, fold
from accelkit.comparing.options import blocks_of, rows_of
from accelkit.document import Folded, to_html, to_text

KVM, TCG = OptionMap({"accel": "kvm"}), OptionMap({"accel": "tcg", "tb-size": "64"})


def names(*maps: tuple[OptionMap, ...]) -> list[str]:
    return [row.name for row in rows_of(maps)]


@given(st.lists(recipes(), min_size=1, max_size=4))
def test_a_row_for_each_option_with_its_text_in_each_recipe(some: list[Recipe[Any]]) -> None:
    maps = [fold(recipe) for recipe in some]
    rows = rows_of([(options,) for options in maps])
    assert [row.key for row in rows] == list(
        OptionMap(dict.fromkeys({key for one in maps for key in one}, ""))
    )
    for row in rows:
        assert row.texts == tuple(options.get(row.key) for options in maps)
        assert row.differs == (len(set(row.texts)) > 1)


def test_alternatives_belong_together_by_accelerator_and_the_same_twice_by_number() -> None:
    assert names((KVM, TCG), (TCG,)) == ["kvm", "tcg", "tcg: tb-size"]
    assert names((TCG, TCG), (TCG,)) == ["tcg", "tcg: tb-size", "tcg (2)", "tcg (2): tb-size"]
    four = tuple(OptionMap({"accel": name}) for name in ("kvm", "hvf", "xen", "tcg"))
    assert rows_of([four, ()])[3].texts == ("4th", None)


def test_of_two_recipes_it_says_what_became_of_an_option_of_more_that_it_differs() -> None:
    other = OptionMap({"accel": "tcg", "thread": "multi"})
    two = to_text(blocks_of(("a", "b"), rows_of([(TCG,), (other,)])))
    assert "− removed  tb-size  64 MiB  –" in two
    assert "+ added    thread   –       multi" in two
    three = to_text(blocks_of(("a", "b", "c"), rows_of([(TCG,), (other,), (TCG,)])))
    assert "≠ differs  tb-size  64 MiB  –      64 MiB" in three
    assert "1 option is the same: accel tcg" in three


def test_many_options_that_are_the_same_are_folded() -> None:
    options = OptionMap({"accel": "tcg", "tb-size": "64", "thread": "multi", "split-wx": "on"})
    (block,) = blocks_of(("a", "b"), rows_of([(options,), (options,)]))
    assert isinstance(block, Folded)
    assert (
        to_text([block]) == "4 options are the same: accel tcg, split-wx on, tb-size 64 MiB, thread multi\n"
    )
    assert "<details><summary>4 options are the same</summary>" in to_html([block])


def test_a_value_of_any_length_leaves_the_table_readable() -> None:
    long = OptionMap({"accel": "kvm", "device": "/" + 5000 * "x"})
    assert max(map(len, to_text(blocks_of(("a", "b"), rows_of([(long,), (KVM,)]))).splitlines())) < 200
