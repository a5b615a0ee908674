"""The numbers of a sample: distinct, the same for the same seed, of any size."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import DomainError
from accelkit.recipes.drawing import drawn


@given(st.integers(1, 1 << 70), st.integers(0, 30), st.integers())
def test_numbers_are_distinct_below_the_size_and_the_same_for_the_same_seed(
    size: int, n: int, seed: int
) -> None:
    numbers = drawn(size, n, seed)
    assert len(set(numbers)) == len(numbers) == min(size, n)
    assert all(0 <= number < size for number in numbers)
    assert numbers == drawn(size, n, seed)


@pytest.mark.parametrize(
    ("n", "seed", "says"),
    [(-1, 1, "sample: got -1; takes how many points"), ("3", 1, "sample: got '3'"), (1, "x", "sample: seed is 'x'"),
     (10_000_001, 1, "takes at most 10000000 points")],
)  # fmt: skip
def test_other_arguments_are_refused(n: Any, seed: Any, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        drawn(1 << 80, n, seed)
