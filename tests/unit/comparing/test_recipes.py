"""diff of two recipes: a tuple of changes that prints as a readable diff."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from support.strategies import recipes

from accelkit import (
    Recipe,
    diff,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    notify,
    run,
    shadow_mem,
    split,
    tb_size,
    tcg,
    xen,
)
from accelkit.comparing.recipes import Change

OLD = kvm() | shadow_mem("64MiB") | kernel_irqchip(split)
NEW = kvm() | notify(run, window=1000) | kernel_irqchip(split) | shadow_mem("1GiB")


def test_a_change_is_an_option_with_both_texts() -> None:
    assert diff(OLD, NEW) == (
        Change("changed", None, "kvm-shadow-mem", "67108864", "1073741824"),
        Change("added", None, "notify-vmexit", None, "run"),
        Change("added", None, "notify-window", None, "1000"),
    )
    assert diff(OLD, NEW).same == (("accel", "kvm"), ("kernel-irqchip", "split"))
    assert diff(OLD, NEW)[0].key == "kvm-shadow-mem"


def test_it_prints_as_a_readable_diff() -> None:
    assert repr(diff(OLD, NEW)) == str(diff(OLD, NEW)) == (
        "old  kvm() | shadow_mem(64 * MiB) | kernel_irqchip(split)\n"
        f"new  {NEW!r}\n"
        "\n"
        "           option          old                new\n"
        "---------  --------------  -----------------  ------------------\n"
        "≠ changed  kvm-shadow-mem  64 MiB (67108864)  1 GiB (1073741824)\n"
        "+ added    notify-vmexit   –                  run\n"
        "+ added    notify-window   –                  1000 cycles\n"
        "\n"
        "2 options are the same: accel kvm, kernel-irqchip split"
    )  # fmt: skip


def test_it_is_a_table_in_a_notebook_and_in_markdown() -> None:
    assert "<table>" in diff(OLD, NEW)._repr_html_()
    assert "| − removed | `tb-size` | 8 MiB | – |" in diff(tcg() | tb_size(8), tcg()).markdown()


def test_recipes_that_do_the_same_have_no_difference_and_are_false() -> None:
    same = diff(tcg() | tb_size(8) | tb_size(64), tcg() | tb_size(64))
    assert not same
    assert same == ()
    assert "✓ no difference: QEMU gets the same options" in str(same)


def test_of_fallbacks_the_alternatives_are_matched_by_accelerator() -> None:
    changes = diff(first_of(kvm(), tcg() | tb_size(4)), first_of(tcg() | tb_size(8), xen(), kvm()))
    assert changes == (
        Change("changed", "kvm", "accel", "1st", "3rd"),
        Change("changed", "tcg", "accel", "2nd", "1st"),
        Change("changed", "tcg", "tb-size", "4", "8"),
        Change("added", "xen", "accel", None, "2nd"),
    )
    assert "≠ changed  tcg: tb-size  4 MiB      8 MiB" in str(changes)
    assert "+ added    xen           –          tried 2nd" in str(changes)


@given(recipes(), recipes())
def test_the_changes_make_the_new_options_of_the_old_ones(old: Recipe[Any], new: Recipe[Any]) -> None:
    changes, options = diff(old, new), dict(fold(old))
    for change in changes:
        assert options.pop(change.key, None) == change.old
        if change.new is not None:
            options[change.key] = change.new
    assert options == fold(new)
    assert (changes == ()) == (fold(old) == fold(new))
    assert len(changes) + len(changes.same) == len({*fold(old), *fold(new)})
    back = diff(new, old)
    assert {(change.key, change.new, change.old) for change in back} == {
        (change.key, change.old, change.new) for change in changes
    }


@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])
def test_a_copy_is_equal_and_shows_itself_alike(again: Any) -> None:
    copied = again(diff(OLD, NEW))
    assert copied == diff(OLD, NEW)
    assert str(copied) == str(diff(OLD, NEW))
