"""The best of studies whose truth is known: 19 kinds of noise, 20 blocks, 2 and 8 configurations.

Seeds are fixed, so a rate is the same in each run; the room beside a stated rate is three standard errors of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from support.simulate import INDEPENDENT, WANDERING, at_most, panel_of

from accelkit.study.analysis.pick import pick
from accelkit.study.model import Build, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.standards import Standards

KINDS = {**INDEPENDENT, **WANDERING}
STUDIES = 30


class Rates(NamedTuple):
    """The shares of studies with a decided best, and with one that is slower than the truth by more than delta."""

    decided: float
    wrong: float


@cache
def rates(kind: str, truth: tuple[float, ...], blocks: int = 20, studies: int = STUDIES) -> Rates:
    points = [stored_configuration(f"c{n}", ("-accel", f"tcg,tb-size={2**n}")) for n in range(len(truth))]
    plan = Plan([Build("7.2", ("q",), "7.2")], points, [StoredGuest("cpu", "")], "c0")
    rng = np.random.default_rng([blocks, len(truth), round(1000 * truth[-1])])
    decided = wrong = 0
    for _ in range(studies):
        table = panel_of(truth, blocks, KINDS[kind], rng)
        best = pick(plan, table, "7.2", {"cpu": 1.0}, Standards(), {})
        decided += best.decided
        wrong += best.decided and truth[int(best.name[1:])] > min(truth) * 1.01
    return Rates(decided / studies, wrong / studies)


def truths(count: int) -> Sequence[tuple[float, ...]]:
    """All others a little slower than the baseline, the last a little faster, much faster, and a ladder."""
    others = count - 1
    return [
        (1.0, *[1.015] * others),
        (*[1.02] * others, 1.0),
        (*[1.0] * others, 0.8),
        tuple(1 + 0.015 * step for step in range(others, -1, -1)),
    ]


@pytest.mark.parametrize("count", [2, 8])
@pytest.mark.parametrize("kind", KINDS)
def test_a_decided_best_is_wrong_in_5_percent_at_most(kind: str, count: int) -> None:
    seen = [rates(kind, truth) for truth in truths(count)]
    assert np.mean([rate.wrong for rate in seen]) <= at_most(0.05, STUDIES * len(seen))


@pytest.mark.parametrize(
    "kind",
    [
        "quiet",
        "noisy",
        "heavy tails",
        "bursts",
        "drift",
        "normal 1%",
        "two modes",
        "skewed",
        "one side heavy",
    ],
)
def test_a_clear_winner_is_decided_nearly_always(kind: str) -> None:
    """In 90% of studies of 8 configurations, in 95% of those of 2."""
    for truth, rate in (((*[1.0] * 7, 0.8), 0.9), ((1.0, 0.8), 0.95)):
        decided = rates(kind, truth, studies=60).decided
        assert 1 - decided <= at_most(1 - rate, 60)


@pytest.mark.parametrize("kind", ["quiet", "noisy", "busy", "outliers", "normal 1%", "skewed"])
def test_more_blocks_mean_no_fewer_decisions(kind: str) -> None:
    for truth in ((1.0, 1.0, 1.0), (1.0, 1.0, 0.95)):
        decided = [rates(kind, truth, blocks).decided for blocks in (12, 20, 50, 100)]
        for fewer, more in pairwise(decided):
            assert more >= fewer - 3 * np.sqrt(max(fewer * (1 - fewer), 0.03) / STUDIES)
        assert truth[-1] == 1 or 1 - decided[-1] <= at_most(0.05, STUDIES)
