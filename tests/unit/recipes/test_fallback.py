"""Fallback: nested fallbacks are flattened."""

from __future__ import annotations

from typing import Any

import accelkit
from accelkit import (
    check,
    each,
    first_of,
    kvm,
    tb_size,
    tcg,
)

NAMES = vars(accelkit)


def source(x: object) -> Any:
    """What the repr of ``x`` makes when it is run as code, with accelkit's names."""
    return eval(repr(x), {}, dict(NAMES))  # repr is documented to be code


def test_a_fallback_among_the_choices_of_an_alternative_is_flattened() -> None:
    space = first_of(each(kvm(), first_of(kvm(), tcg())), tcg() | tb_size(1))
    assert list(space) == [first_of(kvm(), tcg() | tb_size(1)), first_of(kvm(), tcg(), tcg() | tb_size(1))]
    assert [source(point) for point in space] == list(space)
    assert check(space[1], accelkit.bundled()) == ()
