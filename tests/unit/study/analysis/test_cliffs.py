"""Cliffs: one steep step between flat sides, and nothing else."""

from __future__ import annotations

import math

import pytest

from accelkit.errors import DomainError
from accelkit.study.analysis.cliffs import cliff


@pytest.mark.parametrize(
    ("values", "ratios", "expected"),
    [
        ([1, 8, 32, 256, 1024], [66, 63, 0.96, 0.94, 1], (8, 32)),
        ([1, 2, 4, 8, 16, 32, 64], [91, 85, 80, 73, 30, 1.0, 0.98], (16, 32)),
        ([32, 1024, 1, 8], [0.96, 1, 2.7, 1.02], (1, 8)),
        ([1, 2, 3, 4], [1, 1.01, 4, 4.1], (3, 2)),
        ([1, 2, 3, 4], [math.nan, 40, 1, 1.02], (2, 3)),
        ([1, 2, 3], [16, 4, 1], None),
        ([1, 2, 3], [1.02, 1, 0.99], None),
        ([1, 2, 3], [1.0, 3.0, 1.0], None),
        ([1], [1], None),
        ([], [], None),
    ],
)
def test_a_cliff_is_one_steep_step_between_flat_sides(
    values: list[float], ratios: list[float], expected: tuple[float, float] | None
) -> None:
    step = cliff(values, ratios)
    assert (step and (step.slow, step.fast)) == expected
    if step:
        assert step.factor >= 1.5


def test_a_cliff_needs_a_ratio_for_each_value() -> None:
    with pytest.raises(DomainError, match="2 values and 1 ratios"):
        cliff([1, 2], [1.0])
    with pytest.raises(DomainError, match="least"):
        cliff([1, 2], [1.0, 2.0], least=1.0)
