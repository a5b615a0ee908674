"""How long it takes to compare many trials: ``pytest tests/bench/test_comparing.py -m bench -s``."""

from __future__ import annotations

import time

import numpy as np
import pytest
from support import simulate
from support.simulate import BUSY

from accelkit.study.analysis.compare import compare


@pytest.mark.bench
def test_how_long_ten_thousand_trials_take() -> None:
    rng = np.random.default_rng(16)
    truth = {"tcg": 1.0, **{f"x{i}": 1 + i / 100 for i in range(39)}}
    everything = simulate.study(truth, 50, BUSY, rng, guests=("a", "b", "c", "d", "e"))
    assert len(everything) == 10_000
    started = time.perf_counter()
    assert len(compare(everything, "tcg")) == 195
    print(f"10,000 trials compared in {time.perf_counter() - started:.3f} s")
