"""The error of judging the newest store, simulated: where sessions spread alike, it is rarely slower."""

from __future__ import annotations

import numpy as np
import pytest
from support.simulate import at_most

from accelkit.study.across.series import compare_newest

STORES = 4000


@pytest.mark.parametrize("before", [3, 5, 12])
@pytest.mark.parametrize(("kind", "rate"), [("normal", 0.05), ("heavy tails", 0.06)])
def test_the_newest_of_equal_sessions_rarely_differs(before: int, kind: str, rate: float) -> None:
    rng = np.random.default_rng(before)
    draw = rng.standard_normal if kind == "normal" else lambda size: rng.standard_t(3, size)
    values = 0.01 * draw((STORES, before + 1))
    found = sum(
        compare_newest(row[:-1].tolist(), float(row[-1]), 0.05, 1e-9).verdict != "undecided" for row in values
    )
    assert found / STORES <= at_most(rate, STORES)


def test_a_slower_one_is_found() -> None:
    rng = np.random.default_rng(1)
    values = 0.01 * rng.standard_normal((200, 9))
    found = sum(
        compare_newest(row[:-1].tolist(), 0.05 + float(row[-1]), 0.05, 0.01).verdict == "slower"
        for row in values
    )
    assert found > 190
