"""Verdicts of studies whose truth is known: 19 kinds of noise, by the rule itself on hundreds of studies each.

Seeds are fixed, so a rate is the same in each run; the room beside a stated rate is three standard errors of it.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from support.simulate import INDEPENDENT, WANDERING, at_most, differences

from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.neighbours import neighbours
from accelkit.study.analysis.replay import pairs_needed
from accelkit.study.analysis.verdict import FEW_PAIRS, decide

KINDS = {**INDEPENDENT, **WANDERING}
BLOCKS = (20, 50, 200)
STUDIES = 200
DELTA = 0.01


class Outcomes(NamedTuple):
    """Of some studies: the verdicts, those of the interval alone, which intervals hold 1, where the check fired."""

    words: np.ndarray
    alone: np.ndarray
    holds: np.ndarray
    fired: np.ndarray


@cache
def outcomes(kind: str, blocks: int, effect: float = 0.0) -> Outcomes:
    """With 12 pairs or more the verdict is that of the interval, whose width follows from the check of neighbours."""
    assert blocks >= FEW_PAIRS
    logs = differences(
        KINDS[kind], STUDIES, blocks, np.random.default_rng([blocks, int(1000 * effect)]), effect
    )
    worth = [neighbours(row).independent for row in logs]
    words = []
    for independent in (worth, None):
        _, low, high = np.exp(intervals(logs, 0.05, False, independent))
        words.append(np.array([decide(*ends, DELTA) for ends in zip(low, high, strict=True)]))
        if independent is not None:
            holds = (low <= 1 + effect) & (high >= 1 + effect)
    return Outcomes(*words, holds, np.array(worth) < blocks)


def rate(words: np.ndarray, *wanted: str) -> float:
    return float(np.isin(words, wanted).mean()) if len(words) else 0.0


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("kind", INDEPENDENT)
def test_equal_configurations_win_or_lose_in_5_percent_at_most(kind: str, blocks: int) -> None:
    seen = outcomes(kind, blocks)
    assert rate(seen.words, "faster", "slower") <= at_most(0.05, STUDIES)
    assert seen.holds.mean() >= 1 - at_most(0.05, STUDIES)


@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("kind", WANDERING)
def test_neighbours_that_are_found_alike_make_no_false_winners(kind: str, blocks: int) -> None:
    seen = outcomes(kind, blocks)
    assert rate(seen.words[seen.fired], "faster", "slower") <= at_most(0.05, max(1, int(seen.fired.sum())))
    assert rate(seen.words, "faster", "slower") < rate(seen.alone, "faster", "slower") or not seen.fired.any()


@pytest.mark.parametrize("kind", WANDERING)
def test_strong_likeness_of_neighbours_is_found(kind: str) -> None:
    if KINDS[kind].alike < 0.5:
        assert 0.2 < outcomes(kind, 50).fired.mean() < 0.5
    else:
        assert outcomes(kind, 50).fired.mean() > 0.85


@pytest.mark.parametrize("effect", [0.01, 0.02, 0.05, 0.2])
@pytest.mark.parametrize("blocks", BLOCKS)
@pytest.mark.parametrize("kind", INDEPENDENT)
def test_the_rule_finds_what_the_interval_alone_finds(kind: str, blocks: int, effect: float) -> None:
    seen = outcomes(kind, blocks, effect)
    right = ("slower",) if effect > DELTA else ("slower", "no difference")
    power, alone = (rate(words, *right) for words in (seen.words, seen.alone))
    assert power >= 0.95 * alone - 3 * math.sqrt(0.05 * 0.95 * alone / STUDIES)


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_more_blocks_mean_no_fewer_verdicts(kind: str) -> None:
    for effect in (0.02, 0.05, 0.2):
        found = [rate(outcomes(kind, blocks, effect).words, "slower") for blocks in (12, 20, 50, 200)]
        for fewer, more in pairwise(found):
            assert more >= fewer - 3 * math.sqrt(max(fewer * (1 - fewer), 0.01) / STUDIES)


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_the_number_of_blocks_that_is_told_decides_in_half_of_the_studies(kind: str) -> None:
    """Effects of 2, 5 and 20%, after 12, 20 and 50 blocks. Of equal configurations most can never be decided."""
    told = decided = 0
    for effect in (0.02, 0.05, 0.2):
        for blocks in (12, 20, 50):
            rng = np.random.default_rng([blocks, int(1000 * effect)])
            for logs in differences(KINDS[kind], 15, 1000, rng, effect):
                if _decided(logs[:blocks]):
                    continue
                needed = pairs_needed(logs[:blocks], neighbours(logs[:blocks]), 0.05, DELTA, False, FEW_PAIRS)
                if needed is not None:
                    told += 1
                    decided += _decided(logs[: needed.pairs])
    assert decided >= 0.5 * told - 3 * math.sqrt(0.25 * max(told, 1))


@pytest.mark.parametrize("start", [12, 20])
@pytest.mark.parametrize("kind", ["noisy", "heavy tails", "busy", "normal 10%", "one side skewed"])
def test_who_adds_the_blocks_that_would_decide_is_wrong_in_5_percent_at_most(kind: str, start: int) -> None:
    """Equal configurations: after the planned blocks those that are told, by intervals for any time, and so on."""
    wrong = added = 0
    for logs in differences(KINDS[kind], STUDIES, 1000, np.random.default_rng(3)):
        blocks, word = start, _word(logs[:start])
        while word == "undecided":
            seen = logs[:blocks]
            needed = pairs_needed(seen, neighbours(seen), 0.05, DELTA, True, FEW_PAIRS)
            if needed is None:
                break
            blocks, added = needed.pairs, added + 1
            word = _word(logs[:blocks], anytime=True)
        wrong += word in ("faster", "slower")
    assert added
    assert wrong <= STUDIES * at_most(0.05, STUDIES)


@pytest.mark.parametrize("kind", ["noisy", "heavy tails", "busy", "two modes"])
def test_the_number_that_is_told_decides_in_half_of_the_studies_that_add_blocks(kind: str) -> None:
    told = decided = 0
    for effect in (0.02, 0.05, 0.2):
        for blocks in (12, 20):
            rng = np.random.default_rng([blocks, int(1000 * effect)])
            for logs in differences(KINDS[kind], 25, 1000, rng, effect):
                seen = logs[:blocks]
                if _word(seen) != "undecided":
                    continue
                needed = pairs_needed(seen, neighbours(seen), 0.05, DELTA, True, FEW_PAIRS)
                if needed is not None:
                    told += 1
                    decided += _word(logs[: needed.pairs], anytime=True) != "undecided"
    assert told
    assert decided >= 0.5 * told - 3 * math.sqrt(0.25 * told)


def _decided(logs: np.ndarray) -> bool:
    return _word(logs) != "undecided"


def _word(logs: np.ndarray, anytime: bool = False) -> str:
    _, low, high = np.exp(intervals(logs[None], 0.05, anytime, [neighbours(logs).independent]))
    return decide(float(low[0]), float(high[0]), DELTA)
