"""The outlook: who may be the best, who cannot be."""

from __future__ import annotations

import numpy as np

from accelkit.study.analysis.surface import Factors, fit
from accelkit.tuning.search.layout import grid
from accelkit.tuning.search.outlook import Outlook

LAYOUT = grid(Factors.of({"a": "vwxyz"}))


def outlook(truth: list[float], noise: float, blocks: int) -> Outlook:
    rng = np.random.default_rng(1)
    numbers = np.tile(np.arange(5), blocks)
    values = np.array(truth)[numbers] + noise * rng.standard_normal(5 * blocks)
    surface = fit(LAYOUT.factors, LAYOUT.codes(numbers.tolist()), values, np.repeat(np.arange(blocks), 5))
    return Outlook.of(LAYOUT, surface, range(5))


def test_who_is_clearly_slower_is_hopeless_and_no_finalist() -> None:
    clear = outlook([0.3, 0.0, 0.5, 0.002, 0.2], 0.01, 12)
    lost = clear.hopeless()
    assert lost.keys() == {0, 2, 4}
    assert abs(lost[0] - np.exp(0.3)) < 0.03
    finalists = clear.finalists(3, np.random.default_rng(1))
    assert set(finalists) <= {1, 3}
    assert finalists[0] == clear.numbers[0]


def test_where_little_is_known_nobody_is_hopeless_and_there_are_as_many_finalists_as_asked_for() -> None:
    vague = outlook([0.01, 0.0, 0.02, 0.0, 0.01], 0.2, 3)
    assert vague.hopeless() == {}
    assert [len(vague.finalists(most, np.random.default_rng(1))) for most in (1, 2, 3)] == [1, 2, 3]
