"""each, doubling, first_of: what they refuse."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from support.tools import module

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


@pytest.mark.parametrize(
    "several",
    [
        [8, 64],
        (8, 64),
        range(8, 65, 56),
        (n for n in (8, 64)),
        iter([8, 64]),
        {8: "a", 64: "b"}.keys(),
        [8, each(64)],
        [[8, 64]][0],
    ],
    ids=lambda several: type(several).__name__,
)
def test_what_has_items_stands_for_them(several: Any) -> None:
    assert each(several) == each(8, 64)


def test_items_and_values_go_together() -> None:
    assert each([8, 64], 128, range(1, 3)) == each(8, 64, 128, 1, 2)
    assert list(each([kvm(), tcg()])) == list(each(kvm(), tcg())) == [kvm(), tcg()]
    assert each("single", "multi") == Each(("single", "multi"))
    assert each("abc") == Each(("abc",))
    assert each(b"ab") == Each((b"ab",))


def test_a_numpy_array_stands_for_its_numbers() -> None:
    numpy: Any = module("numpy")
    assert each(numpy.array([8, 64])) == each(8, 64)
    assert repr(tb_size(each(numpy.arange(8, 25, 8)))) == "tb_size(each(8, 16, 24))"
    assert tb_size(numpy.int64(8)) == tb_size(8)
    assert each(numpy.array(8)) == each(numpy.array(8))


class Broken:
    def __iter__(self) -> Any:
        raise RuntimeError


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({8, 64}, r"^each: got {8, 64}; a set has no order; write each\(\*sorted\(…\)\)$"),
        (frozenset([8]), "a set has no order"),
        ({"tb_size": 8}, r"^each: got {'tb_size': 8}; for the recipe of a dict write recipe_of\(…\)$"),
        (range(10**12), r"^each: got range\(0, 1000000000000\); takes at most 1000000 values$"),
        (itertools.count(), r"takes at most 1000000 values$"),
        ([], r"^each\(\): nothing to try"),
        ([8, 8], "^each: 8 is there twice"),
        ([kvm(), 8], "8 is a value among recipes"),
        ([kvm], r"kvm is not called; write kvm\(\)"),
    ],
    ids=str,
)
def test_what_has_no_order_or_no_end_is_refused(choice: Any, says: str) -> None:
    with pytest.raises(ComposeError, match=says):
        each(choice)


def test_items_that_fail_are_one_value_that_no_property_takes() -> None:
    with pytest.raises(DomainError, match="tb_size: got a Broken"):
        tb_size(each(Broken()))


def test_choices_are_values_or_recipes() -> None:
    assert each(1, each(2, 3)) == each(1, 2, 3)
    assert list(each(kvm(), tcg() | tb_size(each(1, 2)))) == [kvm(), tcg() | tb_size(1), tcg() | tb_size(2)]
    with pytest.raises(ComposeError, match="give values or recipes, not both"):
        each(kvm(), 64)
    assert each(1, True) == each(1, True)  # different types are different choices
    with pytest.raises(ComposeError, match="1 is there twice"):
        each(1, 1)
