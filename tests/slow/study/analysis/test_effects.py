"""Effects of simulated studies and searches whose truth is known: how often an interval of a table misses its truth.

Seeds are fixed, so a rate is the same in each run; the room beside a stated rate is three standard errors of it.
"""

from __future__ import annotations

import zlib
from itertools import product

import numpy as np
import pytest
from support.simulate import INDEPENDENT, Noise, at_most, disturb, slots

from accelkit.study.analysis.factorial import Contrast, Measured, interactions, mains

SIZES = (3, 2, 2)
LEVELS = {f"p{place}": tuple(map(str, range(size))) for place, size in enumerate(SIZES)}
CODES = np.array(list(product(*map(range, SIZES))))
STUDIES, BLOCKS = 60, 20
ALPHA = 0.05


def response(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(points,) logarithms: one property matters, one does nothing, two act together; each point has its own rest."""
    first = rng.normal(0, 0.1, 8)[codes[:, 0]]
    both = rng.normal(0, 0.05, (8, 8))[codes[:, 0], codes[:, 1]]
    return first + both + rng.normal(0, 0.002, len(codes))


def noise_of(kind: str, codes: np.ndarray, blocks: int, rng: np.random.Generator) -> np.ndarray:
    """(points, blocks); of two kinds the second is that of the points with the last level of the second property."""
    sides, shape = INDEPENDENT[kind], (blocks, len(codes))
    turns = slots(shape, rng)
    if isinstance(sides, Noise):
        return disturb(sides, shape, rng, turns).T
    # The mean of the noise is no effect of the property.
    quiet, loud = (disturb(side, shape, rng, turns).T - side.skew * (1 - np.log(2)) for side in sides)
    return np.where((codes[:, 1] == 1)[:, None], loud, quiet)


def true(row: Contrast, codes: np.ndarray, logs: np.ndarray) -> float:
    """The contrast of the truth, over all points."""

    def mean(*levels: tuple[int, int]) -> float:
        return float(
            logs[np.logical_and.reduce([codes[:, place] == level for place, level in levels])].mean()
        )

    if row.given is None or row.instead is None:
        return mean(row.of) - mean(row.beside)
    there = mean(row.of, row.given) - mean(row.beside, row.given)
    return there - mean(row.of, row.instead) + mean(row.beside, row.instead)


def misses(rows: tuple[Contrast, ...], codes: np.ndarray, logs: np.ndarray) -> bool:
    assert rows
    return any(not row.low <= true(row, codes, logs) <= row.high for row in rows)


def random(kind: str) -> np.random.Generator:
    return np.random.default_rng([STUDIES, zlib.crc32(kind.encode())])


def all_there(values: np.ndarray, _: np.random.Generator) -> np.ndarray:
    return values


def missed(kind: str, change=all_there) -> tuple[float, float]:
    """The shares of studies in which a main effect, and an interaction, misses; ``change`` takes away what is lost."""
    rng, found = random(kind), []
    for _ in range(STUDIES):
        logs = response(CODES, rng)
        values = (
            logs[:, None] + noise_of(kind, CODES, BLOCKS, rng) + rng.normal(0, 0.2, BLOCKS)
        )  # blocks differ
        measured = Measured(LEVELS, CODES, (0, 0, 0), change(values, rng))
        found.append([misses(ask(measured, ALPHA), CODES, logs) for ask in (mains, interactions)])
    one, other = np.mean(found, axis=0)
    return float(one), float(other)


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_the_intervals_of_a_table_hold_all_at_once(kind: str) -> None:
    assert max(missed(kind)) <= at_most(ALPHA, STUDIES)


@pytest.mark.parametrize("kind", ["quiet", "busy", "drift", "heavy tails"])
def test_failures_and_configurations_that_were_dropped_change_nothing(kind: str) -> None:
    """One in ten trials fails; a third of the points is measured in one of eight blocks from the ninth on."""

    def change(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        lost = rng.random(values.shape) < 0.1
        late = np.arange(BLOCKS) >= 8
        rare = (rng.random(len(CODES)) < 1 / 3)[:, None] & late & (rng.random(values.shape) < 7 / 8)
        return np.where(lost | rare, np.nan, values)

    assert max(missed(kind, change)) <= at_most(ALPHA, STUDIES)


def test_properties_that_do_nothing_are_not_said_to_matter() -> None:
    rng, wrong, told = random("nothing"), 0, 0
    for _ in range(STUDIES):
        values = noise_of("normal 1%", CODES, BLOCKS, rng)
        rows = mains(Measured(LEVELS, CODES, (0, 0, 0), values), ALPHA)
        wrong += any(row.low > 0 or row.high < 0 for row in rows)
        told += all(max(abs(row.low), abs(row.high)) < np.log(1.01) for row in rows)
    assert wrong / STUDIES <= at_most(ALPHA, STUDIES)
    assert told / STUDIES > 0.8  # and "no difference of more than 1%" is an answer


def test_a_property_that_matters_by_one_percent_is_found() -> None:
    rng, found = random("found"), 0
    for _ in range(STUDIES):
        values = noise_of("normal 1%", CODES, BLOCKS, rng) + 0.01 * CODES[:, 1:2]
        rows = mains(Measured(LEVELS, CODES, (0, 0, 0), values), ALPHA)
        found += any(row.low > 0 for row in rows if row.of[0] == 1)
    assert found / STUDIES > 0.95


SPACE = (5, 4, 4, 2)
POINTS = np.array(list(product(*map(range, SPACE))))


@pytest.mark.parametrize("kind", ["quiet", "noisy", "heavy tails", "busy"])
def test_the_few_points_that_a_search_chose_tell_of_all_points(kind: str) -> None:
    """In each block the four best so far, and eight others; blocks differ, and nothing is planned in advance."""
    rng, studies, found = random(kind), 16, []
    levels = {f"p{place}": tuple(f"v{level}" for level in range(size)) for place, size in enumerate(SPACE)}
    for _ in range(studies):
        truth = response(POINTS, rng)
        noise = noise_of(kind, POINTS, 12, rng)
        values = np.full(noise.shape, np.nan)
        for block in range(12):
            seen = np.isfinite(values).sum(axis=1)
            means = np.where(seen, np.nansum(values, axis=1) / np.maximum(seen, 1), np.inf)
            best = np.argsort(means)[:4] if block else []
            points = np.unique([0, *best, *rng.choice(len(POINTS), 8, replace=False)])
            values[points, block] = truth[points] + noise[points, block]
        tried = np.isfinite(values).any(axis=1)
        measured = Measured(levels, POINTS[tried], (0, 0, 0, 0), values[tried], is_search=True)
        found.append(misses(mains(measured, ALPHA), POINTS, truth))
    assert np.mean(found) <= at_most(ALPHA, studies)
