"""Whether the number of blocks was fixed before anybody could look: by the budgets of the calls."""

from __future__ import annotations

import pytest

from accelkit.study.budget import CHANGED, NOT_ENDED, PRECISION, Budget, look


def blocks(number: int, trials: int, *, ended: bool = False) -> Budget:
    return Budget(number, None, False, trials, ended)


@pytest.mark.parametrize(
    ("budgets", "trials", "why"),
    [
        ([], 100, ""),
        ([blocks(20, 0)], 0, NOT_ENDED),
        ([blocks(20, 0)], 39, NOT_ENDED),
        ([blocks(20, 0, ended=True)], 40, ""),
        # interrupts and repetitions of the same call
        ([blocks(20, 0), blocks(20, 7), blocks(20, 9, ended=True)], 40, ""),
        ([blocks(20, 0, ended=True), blocks(20, 40, ended=True)], 40, ""),
        ([blocks(20, 0), blocks(20, 7)], 9, NOT_ENDED),
        # other budgets: before any trial, after some, without effect
        ([blocks(5, 0), blocks(20, 0, ended=True)], 40, ""),
        ([blocks(20, 0, ended=True), blocks(40, 40, ended=True)], 80, CHANGED),
        ([blocks(20, 0), blocks(40, 7, ended=True)], 80, CHANGED),
        ([blocks(20, 0), blocks(10, 7, ended=True)], 20, CHANGED),
        ([blocks(20, 0), blocks(10, 30, ended=True)], 30, NOT_ENDED),
        ([blocks(20, 0, ended=True), blocks(10, 40, ended=True)], 40, ""),
        ([blocks(20, 0, ended=True), blocks(40, 40), blocks(20, 50, ended=True)], 50, CHANGED),
        # time and precision
        ([Budget(None, 60.0, False, 0, ended=True)], 40, ""),
        ([Budget(None, 60.0, False, 0, ended=True), Budget(None, 90.0, False, 40)], 44, CHANGED),
        ([Budget(None, None, True, 0, ended=True)], 40, PRECISION),
        ([Budget(None, None, True, 0, ended=True), blocks(40, 40, ended=True)], 80, PRECISION),
        ([blocks(20, 0, ended=True), Budget(None, None, True, 40)], 50, PRECISION),
    ],
)
def test_only_a_budget_that_was_kept_to_its_end_fixes_the_number(
    budgets: list[Budget], trials: int, why: str
) -> None:
    assert look(budgets, trials) == why
