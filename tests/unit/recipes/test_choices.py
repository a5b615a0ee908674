"""each, doubling, first_of: what they refuse."""

from __future__ import annotations

import pytest

from accelkit import ComposeError, DomainError, Each, doubling, each, first_of, kvm, tb_size, tcg


def test_without_choices_each_and_first_of_are_refused() -> None:
    for write in (each, lambda: Each(()), first_of):
        with pytest.raises(ComposeError, match="nothing to try"):
            write()


def test_doubling_ends_at_its_high_end() -> None:
    assert doubling(32, 256) == each(32, 64, 128, 256)
    assert doubling(7, 7) == each(7)
    with pytest.raises(DomainError, match=r"doubling 32 does not give 100; end at 64 or 128$"):
        doubling(32, 100)


def test_choices_are_values_or_recipes() -> None:
    assert each(1, each(2, 3)) == each(1, 2, 3)
    assert list(each(kvm(), tcg() | tb_size(each(1, 2)))) == [kvm(), tcg() | tb_size(1), tcg() | tb_size(2)]
    with pytest.raises(ComposeError, match="give values or recipes, not both"):
        each(kvm(), 64)
    assert each(1, True) == each(1, True)  # different types are different choices
    with pytest.raises(ComposeError, match="1 is there twice"):
        each(1, 1)
