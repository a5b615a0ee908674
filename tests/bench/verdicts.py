"""How many trials a verdict takes, by simulation: ``python tests/bench/verdicts.py [STUDIES]``.

Prints the table that README.md has, as Markdown. Two configurations, of which one is slower by some percent, are
measured in blocks with normal noise; each practice sees the same values. Told is the fewest trials, of both together,
with which at least 80% of studies say what is slower. The last row is of equal configurations. The practices:

- accelkit: a verdict by :func:`accelkit.study.compare`; for 12 pairs or more that is the interval alone.
- pyperf: Student's t test on both samples, two-sided at 95% (``pyperf compare_to``).
- hyperfine: means ± 1 standard deviation, as it prints them, do not overlap; it makes no test of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.simulate import records_of

from accelkit.study import compare
from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.neighbours import neighbours
from accelkit.study.analysis.verdict import FEW_PAIRS, decide

EFFECTS: Final = (0.02, 0.05, 0.2)
NOISES: Final = (0.01, 0.03, 0.1)
BLOCKS: Final = (
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    12,
    14,
    17,
    20,
    25,
    30,
    40,
    50,
    70,
    100,
    140,
    200,
    300,
    500,
    700,
    1000,
)
POWER: Final = 0.8
STUDIES: Final = 400

Values = NDArray[np.float64]


def accelkit(base: Values, other: Values) -> bool:
    """Whether ``compare`` says that ``other`` is slower; both are (blocks,)."""
    if len(base) < FEW_PAIRS:
        rows = compare(records_of({"base": base.tolist(), "other": other.tolist()}), "base")
        return rows[0].verdict == "slower"
    logs = np.log(other / base)
    _, low, high = np.exp(intervals(logs[None], 0.05, False, [neighbours(logs).independent]))
    return decide(float(low[0]), float(high[0]), 0.01) == "slower"


def pyperf(base: Values, other: Values) -> bool:
    """Whether Student's t test with equal variances finds ``other`` slower."""
    n = len(base)
    error = np.sqrt((base.var(ddof=1) + other.var(ddof=1)) / n)
    return bool((other.mean() - base.mean()) / error > t_quantile(2 * n - 2))


def t_quantile(freedom: int) -> float:
    """The 97.5% quantile of Student's t, by three terms of its expansion (Abramowitz and Stegun, 26.7.5).

    >>> round(t_quantile(10), 2), round(t_quantile(100), 3)
    (2.23, 1.984)
    """
    z = NormalDist().inv_cdf(0.975)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def hyperfine(base: Values, other: Values) -> bool:
    """Whether mean less deviation of ``other`` lies above mean plus deviation of ``base``."""
    return bool(other.mean() - other.std(ddof=1) > base.mean() + base.std(ddof=1))


PRACTICES: Final[Mapping[str, Callable[[Values, Values], bool]]] = {
    "accelkit": accelkit,
    "pyperf": pyperf,
    "hyperfine": hyperfine,
}


def trials(
    practice: Callable[[Values, Values], bool], effect: float, noise: float, studies: int
) -> int | None:
    """The fewest trials with which 80% of ``studies`` find the effect; None if 1,000 blocks are too few."""
    rng: Any = np.random.default_rng([int(1000 * effect), int(1000 * noise)])
    logs = noise * rng.standard_normal((studies, 2, BLOCKS[-1]))
    values = np.exp(logs) * np.array([1.0, 1 + effect])[:, None]
    for blocks in BLOCKS:
        found = sum(practice(base[:blocks], other[:blocks]) for base, other in values)
        if found >= POWER * studies:
            return 2 * blocks
    return None


def table(studies: int) -> str:
    """The table, as Markdown."""
    lines = [f"| effect | noise | {' | '.join(PRACTICES)} |", f"|---:|---:|{'---:|' * len(PRACTICES)}"]
    for effect in EFFECTS:
        for noise in NOISES:
            told = [trials(practice, effect, noise, studies) for practice in PRACTICES.values()]
            cells = " | ".join("never" if number is None else f"{number:,}" for number in told)
            lines.append(f"| {effect:.0%} | {noise:.0%} | {cells} |")
    wrong = " | ".join(f"{false_winners(practice, studies):.0%}" for practice in PRACTICES.values())
    lines.append(f"| 0%, wrongly slower with 40 trials | 1%, drift 10% | {wrong} |")
    return "\n".join(lines)


def false_winners(practice: Callable[[Values, Values], bool], studies: int, blocks: int = 20) -> float:
    """The share of studies of equal configurations that call one slower, on a host that slows down by 10% meanwhile.

    accelkit takes both in turn, in random order; the others measure one after the other, as they do.
    """
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(studies):
        place = np.arange(2 * blocks).reshape(2, blocks)
        if practice is accelkit:
            place = rng.permuted(place.reshape(blocks, 2, order="C"), axis=1).T
        base, other = np.exp(0.01 * rng.standard_normal((2, blocks)) + 0.1 * place / (2 * blocks))
        wrong += practice(base, other)
    return wrong / studies


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else STUDIES))
