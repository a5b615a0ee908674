"""Panels: which records have a logarithm, and how drift and slow blocks are read from the table."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.simulate import records_of

from accelkit.study.analysis.panel import panel
from accelkit.study.model import Record, Trial


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan, None])
def test_a_value_that_is_not_a_number_above_0_counts_as_a_failure(value: float | None) -> None:
    table = panel([Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=value)])
    assert table.causes[0] == {"no-value": 1}
    assert np.isnan(table.logs).all()


def test_the_later_of_two_records_of_a_trial_counts() -> None:
    trial = Trial("7.2", "cpu", "tcg", 0, 0)
    table = panel([Record(trial, "no-space"), Record(trial, "ok", value=1.0)])
    assert table.causes[0] == {}
    assert table.logs.tolist() == [[0.0]]


def test_levels_are_medians_over_the_cells_of_how_slow_a_block_was() -> None:
    table = panel(records_of({"tcg": [1.0, 1.0, 2.0], "x": [10.0, 10.0, 20.0], "bad": [None, None, None]}))
    assert np.exp(table.levels()) == pytest.approx([1, 1, 2])
    empty = panel(records_of({"tcg": [1.0, None]}))
    assert np.isnan(empty.levels()).tolist() == [False, True]


@pytest.mark.parametrize(("change", "blocks"), [(0.1, 20), (-0.1, 20), (0.0, 20), (0.1, 7)])
def test_drift_needs_eight_blocks_and_takes_its_sign_from_the_direction(change: float, blocks: int) -> None:
    values = [math.exp(change * block / (blocks - 1)) for block in range(blocks)]
    drift = panel(records_of({"tcg": values, "x": [2 * value for value in values]})).drift()
    assert drift == pytest.approx(change if blocks >= 8 else 0.0)


def test_runs_are_held_against_the_fastest_of_their_cell_without_the_drift() -> None:
    table = panel(records_of({"tcg": [1.0, 1.1, None], "x": [3.0, 2.0, 2.0]}))
    assert np.exp(table.behind_fastest()) == pytest.approx(np.array([[1, 1.1, np.inf], [1.5, 1, 1]]))
    assert np.exp(table.fastest()) == pytest.approx([1, 2])
    drifting = [1.01**block for block in range(20)]
    assert panel(records_of({"tcg": drifting})).behind_fastest() == pytest.approx(np.zeros((1, 20)), abs=1e-9)
