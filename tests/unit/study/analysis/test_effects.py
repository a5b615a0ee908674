"""Effects from what was measured: verdicts by their ends, the order of properties, what is known of few points."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from accelkit.study.analysis.effects import MOST_POINTS, Effects, GuestEffects, effects_of
from accelkit.study.analysis.factorial import Measured

LEVELS = {"size": ("8", "64"), "thread": ("single", "multi"), "split": ("on", "off")}
CODES = np.array(list(product(range(2), repeat=3)))


def found(truth: np.ndarray, noise: float, blocks: int = 20, alpha: float = 0.05) -> GuestEffects:
    logs = truth[:, None] + np.random.default_rng(1).normal(0, noise, (len(truth), blocks))
    return effects_of(Measured(LEVELS, CODES, (0, 0, 0), logs), "7.2", "smp", 0.01, alpha)


def test_what_matters_comes_first_and_the_largest_before_the_others() -> None:
    group = found(CODES @ [0.1, 0.5, 0.0], 0.001)
    assert [main.name for main in group.mains] == ["thread", "size", "split"]
    assert (group.of("matters"), group.of("no difference")) == (("thread", "size"), ("split",))
    assert group.together == ()


@pytest.mark.parametrize(
    ("effect", "noise", "verdict"),
    [
        (0.0, 0.001, "no difference"),
        (0.005, 0.0005, "no difference"),
        (0.0, 0.1, "unknown"),
        (0.03, 0.001, "matters"),
    ],
)
def test_the_verdict_follows_from_the_ends(effect: float, noise: float, verdict: str) -> None:
    """Half a percent is no difference, even where it is sure."""
    main = next(main for main in found(CODES @ [effect, 0.0, 0.0], noise).mains if main.name == "size")
    assert main.verdict == verdict
    assert (main.limit <= 1.01) is (verdict == "no difference")
    assert 1 <= main.least <= main.most <= main.limit


def test_a_smaller_error_makes_wider_intervals() -> None:
    wide, narrow = (found(np.zeros(8), 0.01, alpha=alpha).mains[0].limit for alpha in (0.001, 0.05))
    assert wide > narrow


def test_too_many_points_and_none_have_no_effects() -> None:
    many = np.zeros((MOST_POINTS + 1, 1), dtype=np.int64)
    for codes in (many, many[:0]):
        group = effects_of(
            Measured({"a": ("x",)}, codes, (0,), np.zeros((len(codes), 2))), "", "", 0.01, 0.05
        )
        assert (group.mains, group.interactions, group.points) == ((), (), len(codes))


def test_rows_have_the_same_keys_and_no_infinite_number() -> None:
    rows = Effects((found(np.zeros(8), 0.01, blocks=3),)).rows()
    assert len({tuple(row) for row in rows}) == 1
    assert {row["high"] for row in rows} == {None}
    assert len(rows) == 3 + 3
