"""Names of recipes that have none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import recipes

from accelkit import Fallback, OptionMap, Recipe, first_of, fold, kvm, parse, split_wx, tb_size, tcg, thread
from accelkit.comparing.names import MOST_NAME, names_of


def maps(recipe: Any) -> tuple[OptionMap, ...]:
    return tuple(map(fold, recipe)) if isinstance(recipe, Fallback) else (fold(recipe),)


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([kvm(), tcg()], ["kvm", "tcg"]),
        ([kvm(), tcg() | tb_size(64)], ["kvm", "tcg"]),
        ([tcg(), tcg() | tb_size(64)], ["tcg", "tcg with tb-size 64 MiB"]),
        ([tcg() | thread("multi") | tb_size(8), tcg() | thread("multi") | tb_size(64)],
         ["tcg with tb-size 8 MiB", "tcg with tb-size 64 MiB"]),
        ([kvm(), first_of(kvm(), tcg())], ["kvm", "kvm else tcg"]),
        ([first_of(kvm(), tcg() | tb_size(1)), first_of(kvm(), tcg() | tb_size(2))],
         ["kvm else tcg with tb-size 1 MiB", "kvm else tcg with tb-size 2 MiB"]),
        ([tcg(), tcg(), tcg()], ["tcg", "tcg (2)", "tcg (3)"]),
        ([tcg(), tcg() | split_wx(True) | tb_size(1024) | thread("single")],
         ["tcg", "tcg with split-wx on and 2 more"]),
    ],
    ids=repr,
)  # fmt: skip
def test_a_name_is_the_accelerator_and_what_differs(some: list[Any], expected: list[str]) -> None:
    assert list(names_of([maps(recipe) for recipe in some])) == expected


def test_a_command_without_an_accelerator_has_a_name_too() -> None:
    assert names_of([parse("qemu-kvm -m 1G"), parse("-machine kernel-irqchip=on")]) == (
        "QEMU's default", "any accelerator",
    )  # fmt: skip


def test_a_prefix_that_says_the_accelerator_again_is_left_out() -> None:
    assert names_of([parse("kvm,kvm-shadow-mem=67108864"), parse("kvm")])[0] == "kvm with shadow-mem 64 MiB"


@given(st.lists(recipes(), max_size=5), st.sets(st.sampled_from(["kvm", "tcg", "tcg (2)", "old"])))
def test_names_are_distinct_short_and_not_taken(some: list[Recipe[Any]], taken: set[str]) -> None:
    names = names_of([maps(recipe) for recipe in some], taken)
    assert len({*names, *taken}) == len(names) + len(taken)
    assert all(0 < len(name) <= MOST_NAME + 4 for name in names)
