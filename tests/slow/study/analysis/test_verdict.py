"""Estimates of how many blocks would decide, against the number that really does."""

from __future__ import annotations

import numpy as np
from support import simulate
from support.simulate import Noise

from accelkit.study.analysis.compare import compare


def test_the_estimate_of_blocks_to_decide_is_about_right() -> None:
    rng = np.random.default_rng(12)
    estimates, needed = [], []
    for _ in range(60):
        everything = simulate.study({"tcg": 1.0, "x": 1.01}, 400, Noise(sigma=0.01), rng)
        (early,) = compare([r for r in everything if r.trial.block < 12], "tcg", delta=0.001)
        if early.verdict != "undecided" or early.blocks_to_decide is None:
            continue
        for blocks in range(12, 401, 4):
            (row,) = compare([r for r in everything if r.trial.block < blocks], "tcg", delta=0.001)
            if row.verdict != "undecided":
                break
        estimates.append(early.blocks_to_decide)
        needed.append(blocks)
    assert len(estimates) > 30
    assert 1 / 3 < np.median(estimates) / np.median(needed) < 3
