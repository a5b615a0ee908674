"""From the evidence of one comparison to a verdict: a word, or the reason why there is none yet. Pure.

An undecided comparison also gets an estimate of the number of blocks that would decide it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.ranks import fewest, rank

VerdictWord = Literal["faster", "slower", "no difference", "undecided"]

SETTLED_RUNS: Final = 3
"""A side is settled when this many runs, the fastest included, agree on how fast it is undisturbed."""

NEAR: Final = 0.02
"""Runs agree if they lie within this share above the fastest; where the difference is large, see :func:`tolerance`."""

MOST_FAILED: Final = 0.2
"""If a larger share of a side's trials fails, the runs that succeed are not a fair sample of it."""

MOST_BLOCKS: Final = 1000
"""Nobody waits for more blocks than this: an estimate above it is not reported."""


@dataclass(frozen=True, slots=True)
class Side:
    """The runs of one side of a comparison: how many gave a value, how many of these lie near its fastest, failures."""

    name: str
    runs: int = 0
    near: int = 0
    causes: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def failed(self) -> int:
        """How many trials gave no value."""
        return sum(self.causes.values())

    @property
    def failures(self) -> str:
        """The failures as a sentence, with the causes and the share of all trials."""
        causes = ", ".join(f"{cause} {count}" for cause, count in sorted(self.causes.items()))
        return f"{self.failed} of {self.failed + self.runs} trials of {self.name} failed ({causes})"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything that a verdict follows from.

    ``one`` is compared with ``other``. ``logs`` (pairs,) holds the natural logarithms of their ratios, one for each
    block that has both; ``blocks`` counts the blocks in which either was tried. ``low`` and ``high`` are the ends of
    the ratio's interval, ``fastest`` is the ratio of the fastest runs. ``alpha`` is the probability that the interval
    misses the truth, ``family`` the number of comparisons that share the error. A run lies near the fastest of its
    side if it is slower by at most the share ``within`` (:func:`tolerance`).
    """

    one: Side
    other: Side
    logs: NDArray[np.float64]
    blocks: int
    low: float
    high: float
    fastest: float
    delta: float
    alpha: float
    family: int
    anytime: bool
    within: float = NEAR


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the reason if it is ``undecided`` (else a remark on failures), and how many blocks would decide."""

    verdict: VerdictWord
    why: str
    settled: bool
    blocks_to_decide: int | None


def decide(low: float, high: float, delta: float) -> VerdictWord:
    """The verdict for an interval of a ratio to the baseline, from ``low`` to ``high``; below 1 is faster.

    An interval that lies inside 1 / (1 + delta) … 1 + delta is ``no difference`` (of more than delta), even if it
    excludes 1: the difference is then real, but too small to matter. Otherwise an interval that excludes 1 is
    ``faster`` or ``slower``, and one that includes 1 is ``undecided``.

    >>> decide(0.93, 0.97, 0.01), decide(1.02, 1.9, 0.01)
    ('faster', 'slower')
    >>> decide(0.996, 0.999, 0.01), decide(0.9, 1.1, 0.01)
    ('no difference', 'undecided')
    """
    if low * (1 + delta) >= 1 and high <= 1 + delta:
        return "no difference"
    if high < 1:
        return "faster"
    return "slower" if low > 1 else "undecided"


def tolerance(verdict: VerdictWord, low: float, high: float, fastest: float) -> float:
    """The share within which the fastest runs of a side must agree: a quarter of the difference, at least NEAR.

    The difference is the smaller of two: from 1 to the nearer end of the interval, and from 1 to the ratio of the
    fastest runs. So a large difference is not doubted only because a guest's own times vary, as they do where vCPUs
    contend for a lock.

    >>> tolerance("slower", 1.05, 1.08, 1.06), round(tolerance("slower", 2.0, 2.7, 2.2), 2)
    (0.02, 0.19)
    >>> tolerance("faster", 0.79, 0.92, 1.12), tolerance("no difference", 0.995, 1.004, 1.0)
    (0.02, 0.02)
    """
    match verdict:
        case "slower":
            least = min(math.log(low), math.log(fastest))
        case "faster":
            least = min(-math.log(high), -math.log(fastest))
        case "no difference" | "undecided":
            least = 0.0
    return max(NEAR, math.expm1(least / 4))


def judge(evidence: Evidence) -> Judgement:
    """The verdict that ``evidence`` allows; ``undecided``, with the reason, if anything speaks against one.

    In this order: too many failures, a side without runs, an interval that includes 1, a side that is not settled,
    fastest runs that contradict the verdict.

    >>> logs = np.log([0.79, 0.80, 0.83, 0.85, 0.87, 0.88, 0.90, 0.92])
    >>> ends = {"low": 0.79, "high": 0.92, "delta": 0.01, "alpha": 0.05, "family": 1, "anytime": False}
    >>> judge(Evidence(Side("multi", 8, 5), Side("tcg", 8, 4), logs, 8, fastest=0.84, **ends)).verdict
    'faster'
    >>> unsettled = judge(Evidence(Side("multi", 8, 5), Side("tcg", 8, 1), logs, 8, fastest=1.12, **ends))
    >>> unsettled.why
    'not settled: 1 of 8 runs of tcg came within 2% of its fastest, 3 must'
    >>> unsettled.blocks_to_decide
    24
    """
    sides = (evidence.one, evidence.other)
    pairs = len(evidence.logs)
    settled = all(side.near >= SETTLED_RUNS for side in sides)

    def undecided(why: str, blocks: int | None) -> Judgement:
        return Judgement("undecided", why, settled, blocks)

    broken = [side for side in sides if side.failed > MOST_FAILED * (side.failed + side.runs)]
    if broken:
        return undecided("; ".join(side.failures for side in broken), None)
    absent = [side.name for side in sides if not side.runs]
    if absent:
        return undecided(f"no run yet of {' and '.join(absent)}", fewest(evidence.alpha, evidence.anytime))
    if not pairs:
        return undecided("no block has both", fewest(evidence.alpha, evidence.anytime))
    verdict = decide(evidence.low, evidence.high, evidence.delta)
    wait = [_runs_to_settle(side) for side in sides if side.near < SETTLED_RUNS]
    if verdict == "undecided":
        needed = _pairs_to_decide(evidence)
        if needed is not None:
            wait.append(math.ceil(needed * max(evidence.blocks, pairs) / pairs))
            needed = max(wait) if max(wait) <= MOST_BLOCKS else None
        least = fewest(evidence.alpha, evidence.anytime)
        if pairs < least:
            among = f" for one of {evidence.family} comparisons" if evidence.family > 1 else ""
            return undecided(f"{_blocks(pairs)}, and {least} are the fewest{among}", needed)
        return undecided(
            f"{_blocks(pairs)} leave it between {evidence.low:.3g} and {evidence.high:.3g}", needed
        )
    if not settled:
        why = ", ".join(
            f"{side.near} of {side.runs} runs of {side.name}" for side in sides if side.near < SETTLED_RUNS
        )
        tail = f"came within {evidence.within:.0%} of its fastest, {SETTLED_RUNS} must"
        return undecided(f"not settled: {why} {tail}", max(wait) if max(wait) <= MOST_BLOCKS else None)
    if not _agrees(verdict, evidence.fastest, evidence.delta):
        why = (
            f"half of the blocks say {math.exp(float(np.median(evidence.logs))):.3g} or more, the fastest runs "
            f"{evidence.fastest:.3g}: something else slows one side more than the other"
        )
        return undecided(why, None)
    return Judgement(verdict, "; ".join(side.failures for side in sides if side.failed), settled, None)


def _blocks(count: int) -> str:
    return "1 block" if count == 1 else f"{count} blocks"


def _agrees(verdict: VerdictWord, fastest: float, delta: float) -> bool:
    """Whether the ratio of the fastest runs, which is known to within NEAR, allows ``verdict``."""
    if verdict == "no difference":
        room = (1 + NEAR) * (1 + delta)
        return 1 / room <= fastest <= room
    return fastest <= 1 + NEAR if verdict == "faster" else fastest * (1 + NEAR) >= 1


def _runs_to_settle(side: Side) -> int:
    """About how many runs it takes until enough of them come near the fastest, at the rate so far."""
    return math.ceil(SETTLED_RUNS * side.runs / side.near)


def _pairs_to_decide(evidence: Evidence) -> int | None:
    """About how many pairs would give a verdict, if further ones are like those so far; None for over MOST_BLOCKS.

    To first order, the k-th smallest of N numbers is expected at the k / (N + 1) quantile of their distribution
    (David and Nagaraja, Order Statistics, 3rd edition, chapter 4). That quantile is taken from the ratios so far,
    for growing N. An estimate, rough below ten pairs.
    """
    least = max(fewest(evidence.alpha, evidence.anytime), len(evidence.logs) + 1)
    if least > MOST_BLOCKS:
        return None
    sizes: list[int] = np.unique(np.geomspace(least, MOST_BLOCKS, 100).round().astype(np.int64)).tolist()
    levels = np.array([rank(n, evidence.alpha, evidence.anytime) / (n + 1) for n in sizes])
    ends = np.exp(np.quantile(evidence.logs, [levels, 1 - levels], method="weibull"))
    for n, low, high in zip(sizes, ends[0].tolist(), ends[1].tolist(), strict=True):
        if decide(low, high, evidence.delta) != "undecided":
            return n
    return None
