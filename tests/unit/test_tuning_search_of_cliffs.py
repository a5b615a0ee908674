"""A search finds cliffs: a setting that is many times as slow is not taken for one whose runs neighbours slowed."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.search import Search

SPACE = tcg() | tb_size(each(8, 16, 64, 256)) | thread(each(single, multi))
#: The points with the smallest cache.
SLOW = (0, 1)
FAST = 4


@pytest.mark.parametrize("cliff", [1.0, 5.0])
@pytest.mark.parametrize("disturbed", [0.0, 0.3])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_cliff_stays_in_the_surface_whatever_share_of_the_runs_is_slowed(
    cliff: float, disturbed: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)

    def score(point: int) -> float:
        late = rng.exponential(0.7) if rng.random() < disturbed else 0.0
        return 14 + (cliff if point in SLOW else 0.0) + rng.normal(0, 0.02) + late

    search = Search(SPACE, baseline=0, budget=120, seed=seed)
    for block in range(120):
        points = search.ask(block)
        if not points:
            break
        search.tell(Evaluation(point, block, score(point)) for point in points)
    means, _ = search.estimate(SLOW, beside=FAST)
    assert means == pytest.approx([cliff, cliff], abs=0.2)
    assert search.incumbent not in SLOW
    assert not set(search.finalists(3)) & set(SLOW)
