"""How often cautions are reported for noise alone; seeds are fixed."""

from __future__ import annotations

import numpy as np
import pytest
from support import simulate
from support.simulate import HOSTS, Noise

from accelkit.host.identity import Host
from accelkit.study.analysis.cautions import cautions

HOST = Host("box", "0", "Linux", "a CPU", cpus=2)
TRUTH = {"tcg": 1.0, "x": 1.1, "y": 0.9}


def kinds_of(noise: Noise, seed: int) -> list[str]:
    records = simulate.study(TRUTH, 20, noise, np.random.default_rng(seed))
    return [caution.kind for caution in cautions(records, HOST)]


@pytest.mark.parametrize("host", ["noisy", "heavy tails", "busy", "very busy", "bursts", "outliers"])
def test_noise_is_not_taken_for_drift_or_a_slow_start_or_two_modes(host: str) -> None:
    reports = [kind for seed in range(60) for kind in kinds_of(HOSTS[host], seed)]
    assert len(reports) - reports.count("two modes") <= 2, reports
    # Where half of the runs are disturbed, or a tenth take ten times as long, there may well be two kinds.
    assert host not in {"noisy", "heavy tails"} or reports.count("two modes") <= 2
