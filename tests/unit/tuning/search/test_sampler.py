"""Optuna's sampler: it proposes levels, better ones than by chance, the same for the same seed; its absence is told."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from accelkit.errors import StudyError
from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.sampler import Sampler

FACTORS = Factors.of({
    "a": tuple(str(2**k) for k in range(10)), "b": tuple(f"x{k}" for k in range(10)), "c": ("on", "off")
})  # fmt: skip


def test_it_proposes_points_near_the_best_ones() -> None:
    rng = np.random.default_rng(1)
    codes = np.column_stack([rng.integers(0, size, 200) for size in FACTORS.sizes])
    means = codes[:, 0] * 0.1 + codes[:, 1] * 0.1 + codes[:, 2] * 0.5
    sampler = Sampler(FACTORS, 200)
    proposed = sampler.proposed(codes, means, 8, seed=3)
    assert proposed.shape == (8, 3)
    assert (proposed >= 0).all()
    assert (proposed < FACTORS.sizes).all()
    assert proposed[:, 0].mean() + proposed[:, 1].mean() < 7
    assert proposed.tolist() == sampler.proposed(codes, means, 8, seed=3).tolist()
    assert sampler.name in ("TPESampler", "GPSampler")


def test_without_optuna_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r"1000000 points is too large .* pip install 'accelkit\[tune\]'"):
        Sampler(FACTORS, 1_000_000)
