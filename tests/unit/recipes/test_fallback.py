"""Fallback: alternatives in order, flattened, without options of their own."""

from __future__ import annotations

from typing import Any

import pytest

import accelkit
from accelkit import (
    ComposeError,
    check,
    each,
    first_of,
    kvm,
    option,
    tb_size,
    tcg,
)
from accelkit.recipes.fallback import accel_of

NAMES = vars(accelkit)


def source(x: object) -> Any:
    """What the repr of ``x`` makes when it is run as code, with accelkit's names."""
    return eval(repr(x), {}, dict(NAMES))  # repr is documented to be code


def test_a_fallback_among_the_choices_of_an_alternative_is_flattened() -> None:
    space = first_of(each(kvm(), first_of(kvm(), tcg())), tcg() | tb_size(1))
    assert list(space) == [first_of(kvm(), tcg() | tb_size(1)), first_of(kvm(), tcg(), tcg() | tb_size(1))]
    assert [source(point) for point in space] == list(space)
    assert check(space[1], accelkit.bundled()) == ()


def test_an_option_belongs_to_an_alternative() -> None:
    fallback = first_of(kvm(), tcg())
    assert list(fallback) == [kvm(), tcg()]
    for write in (lambda: fallback | tb_size(1), lambda: kvm() | fallback, lambda: bool(fallback)):
        with pytest.raises(ComposeError):
            write()


def test_the_accelerator_of_a_recipe_is_the_last_that_it_chooses() -> None:
    assert accel_of(tcg() | tb_size(1)) == "tcg"
    assert accel_of(tb_size(1)) is None
    assert accel_of(option("accel", "foo")) == "foo"
