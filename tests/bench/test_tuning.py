"""The simulation of tunings: its table on a few of them, and that accelkit is nearer the best than its peers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import tuning


def test_the_table_has_a_row_for_each_case_and_a_column_for_each_method() -> None:
    case = tuning.CASES[2]._replace(trials=60)
    lines = tuning.table(1, [case]).splitlines()
    assert lines[0] == "| surface, trials | accelkit | halving | TPE | random |"
    assert lines[2].startswith("| 200 points, 1% noise, mostly additive, 60 trials |")
    assert len(lines) == 3


def test_no_method_takes_more_trials_than_it_has() -> None:
    truth = tuning.KINDS["rough"](tuning.SMALL, np.random.default_rng(1))
    for name, method in tuning.METHODS.items():
        host = tuning.Host(truth, tuning.Noise(sigma=0.05), 90, np.random.default_rng(1))
        assert 0 <= method(host, 1) < truth.size, name
        assert 0 <= host.left < 20, name


def test_accelkit_is_nearer_the_best_than_random_points() -> None:
    case = tuning.CASES[3]
    assert tuning.regrets("accelkit", case, 4).mean() < tuning.regrets("random", case, 4).mean()
