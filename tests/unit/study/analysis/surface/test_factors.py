"""Factors: levels as text, which of them are ordered, and how."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit import DomainError
from accelkit.study.analysis.surface.factors import Factors, lowest_first


@pytest.mark.parametrize(
    ("levels", "ranks"),
    [
        (("8", "64", "512"), [0, 0.5, 1]),
        (("512", "8", "64"), [1, 0, 0.5]),
        (("8", "64"), None),
        (("default", "8", "64"), None),
        (("on", "off", "auto"), None),
        (("1", "2", "0x4"), None),
    ],
)
def test_three_numbers_or_more_are_ordered_by_rank(
    levels: tuple[str, ...], ranks: list[float] | None
) -> None:
    (scale,) = Factors.of({"tb-size": levels}).scales
    assert (scale is None) == (ranks is None)
    assert scale is None or scale.tolist() == ranks


def test_sizes_and_pairs() -> None:
    factors = Factors.of({"a": "xy", "b": "xyz", "c": "x"})
    assert factors.sizes == (2, 3, 1)
    assert factors.pairs == ((0, 1), (0, 2), (1, 2))


def test_lists_that_do_not_match_are_refused() -> None:
    with pytest.raises(DomainError, match="as many names"):
        Factors(("a",), (), ())


def test_the_lowest_come_first_and_equal_ones_in_their_order() -> None:
    assert lowest_first(np.array([2.0, 1.0, 2.0, 0.0])) == [3, 1, 0, 2]
