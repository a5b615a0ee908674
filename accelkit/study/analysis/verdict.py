"""From the evidence of one comparison to a verdict: a word, the reason where there is none yet, and named doubts. Pure.

The word follows from the interval alone. Only where blocks are few, one lucky or unlucky hour can be all of them, and
the fastest runs must confirm it. An undecided comparison also gets the number of blocks that would probably decide it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.doubts import Doubt, contradicts, shown
from accelkit.study.analysis.neighbours import Neighbours
from accelkit.study.analysis.ranks import fewest
from accelkit.study.analysis.replay import MOST_BLOCKS, pairs_needed

VerdictWord = Literal["faster", "slower", "no difference", "undecided"]

FEW_PAIRS: Final = 12
"""With fewer pairs than this the fastest runs must confirm a verdict; from here on the interval is enough."""

CONFIRMING: Final = 3
"""A side is confirmed when this many runs, the fastest included, agree on how fast it is undisturbed."""

NEAR: Final = 0.02
"""Runs agree if they lie within this share above the fastest; where the difference is large, see :func:`tolerance`."""

MOST_FAILED: Final = 0.2
"""If a larger share of a side's trials fails, the runs that succeed are not a fair sample of it."""


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

    ``one`` is compared with ``other``. ``logs`` (pairs,) holds the natural logarithms of their ratios in the order of
    the blocks, one for each block that has both; ``blocks`` counts the blocks in which either was tried.
    ``neighbours`` says how alike neighbouring ratios are. ``ratio`` is the typical one, the median, ``low`` and
    ``high`` are the ends of its interval. ``undisturbed``, ``paid`` and ``cpu`` are the other ratios of
    :class:`accelkit.study.analysis.compare.Comparison`, ``fastest`` is that of the fastest runs. ``alpha`` is the
    probability that the interval misses the truth, ``family`` the number of comparisons that share the error. A run
    lies near the fastest of its side if it is slower by at most the share ``within`` (:func:`tolerance`).
    """

    one: Side
    other: Side
    logs: NDArray[np.float64]
    blocks: int
    neighbours: Neighbours
    low: float
    high: float
    undisturbed: float
    paid: float
    fastest: float
    delta: float
    alpha: float
    family: int
    anytime: bool
    within: float = NEAR

    @property
    def ratio(self) -> float:
        """The typical ratio: the median over the pairs."""
        return math.exp(float(np.median(self.logs)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the reason if it is ``undecided`` and how many blocks would probably decide, and doubts."""

    verdict: VerdictWord
    why: str = ""
    doubts: tuple[Doubt, ...] = ()
    blocks_to_decide: int | None = None
    decides: float | None = None


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
    """The verdict that ``evidence`` allows; ``undecided``, with the reason, if too little speaks for one.

    In this order: too many failures, a side without runs, an interval that includes 1. With fewer than
    :data:`FEW_PAIRS` pairs also: a side whose fastest run stands alone, fastest runs that contradict the verdict.

    >>> logs = np.log([0.79, 0.80, 0.83, 0.85, 0.87, 0.88, 0.90, 0.92])
    >>> seen = {
    ...     "low": 0.79,
    ...     "high": 0.92,
    ...     "undisturbed": 0.84,
    ...     "paid": 0.85,
    ...     "neighbours": Neighbours(0.0, 8),
    ... }
    >>> rule = {"delta": 0.01, "alpha": 0.05, "family": 1, "anytime": False}
    >>> judge(Evidence(Side("multi", 8, 5), Side("tcg", 8, 4), logs, 8, fastest=0.84, **seen, **rule)).verdict
    'faster'
    >>> alone = judge(Evidence(Side("multi", 8, 5), Side("tcg", 8, 1), logs, 8, fastest=1.12, **seen, **rule))
    >>> alone.why
    '8 blocks are few, and 1 of 8 runs of tcg came within 2% of its fastest, 3 must'
    >>> alone.blocks_to_decide
    12
    """
    sides = (evidence.one, evidence.other)
    pairs, least = len(evidence.logs), fewest(evidence.alpha, evidence.anytime)
    broken = [side for side in sides if side.failed > MOST_FAILED * (side.failed + side.runs)]
    if broken:
        return Judgement("undecided", "; ".join(side.failures for side in broken))
    absent = [side.name for side in sides if not side.runs]
    if absent or not pairs:
        why = f"no run yet of {' and '.join(absent)}" if absent else "no block has both"
        return Judgement("undecided", why)
    verdict = decide(evidence.low, evidence.high, evidence.delta)
    if verdict == "undecided":
        return _undecided(evidence, _too_little(evidence, least), least)
    if pairs < FEW_PAIRS and (why := _unconfirmed(evidence, verdict)):
        return _undecided(evidence, f"{_blocks(pairs)} are few, and {why}", FEW_PAIRS)
    return Judgement(verdict, doubts=tuple(_doubts(evidence, verdict)))


def _too_little(evidence: Evidence, least: int) -> str:
    """Why the interval decides nothing."""
    pairs, independent = len(evidence.logs), evidence.neighbours.independent
    if pairs < least:
        among = f" for one of {evidence.family} comparisons" if evidence.family > 1 else ""
        return f"{_blocks(pairs)}, and {least} are the fewest{among}"
    alike = f" (which count as {independent}, as neighbours are alike)" if independent < pairs else ""
    return f"{_blocks(pairs)}{alike} leave it between {evidence.low:.3g} and {evidence.high:.3g}"


def _unconfirmed(evidence: Evidence, verdict: VerdictWord) -> str:
    """Why the fastest runs do not confirm a verdict of few blocks; empty if they do."""
    alone = [side for side in (evidence.one, evidence.other) if side.near < CONFIRMING]
    if alone:
        near = ", ".join(f"{side.near} of {side.runs} runs of {side.name}" for side in alone)
        return f"{near} came within {evidence.within:.0%} of its fastest, {CONFIRMING} must"
    if _agrees(verdict, evidence.fastest, evidence.delta):
        return ""
    return f"half of them say {shown(evidence.ratio)} or more, the fastest runs {shown(evidence.fastest)}"


def _doubts(evidence: Evidence, verdict: VerdictWord) -> Iterator[Doubt]:
    ratio, ends = evidence.ratio, (evidence.low, evidence.high)
    if contradicts(verdict, evidence.undisturbed, ratio, *ends):
        yield Doubt(
            "load",
            f"depends on load: {shown(evidence.undisturbed)} when undisturbed, {shown(ratio)} in the median",
        )
    if contradicts(verdict, evidence.paid, ratio, *ends):
        yield Doubt(
            "average",
            f"{shown(evidence.paid)} on average, {shown(ratio)} in the median: a few runs are far slower",
        )
    pairs, independent = len(evidence.logs), evidence.neighbours.independent
    if independent < pairs and verdict != "undecided":  # that says it as its reason
        yield Doubt("neighbours", f"{_blocks(pairs)} count as {independent}, as neighbours are alike")
    failed = "; ".join(side.failures for side in (evidence.one, evidence.other) if side.failed)
    if failed:
        yield Doubt("failures", failed)


def _undecided(evidence: Evidence, why: str, least: int) -> Judgement:
    """No verdict yet, why not, and how many blocks, some of which fail, would probably give one.

    Who adds blocks because of this has looked: the number is that of intervals for any time, which will then be made.
    """
    pairs, doubts = len(evidence.logs), tuple(_doubts(evidence, "undecided"))
    least = max(least, fewest(evidence.alpha, anytime=True))
    needed = pairs_needed(evidence.logs, evidence.neighbours, evidence.alpha, evidence.delta, True, least)
    if needed is None:
        return Judgement("undecided", why, doubts)
    blocks = math.ceil(needed.pairs * max(evidence.blocks, pairs) / pairs)
    if blocks > MOST_BLOCKS:
        return Judgement("undecided", why, doubts)
    return Judgement("undecided", why, doubts, blocks, needed.share)


def _blocks(count: int) -> str:
    return "1 block" if count == 1 else f"{count} blocks"


def _agrees(verdict: VerdictWord, fastest: float, delta: float) -> bool:
    """Whether the ratio of the fastest runs, which is known to within NEAR, allows ``verdict``."""
    if verdict == "no difference":
        room = (1 + NEAR) * (1 + delta)
        return 1 / room <= fastest <= room
    return fastest <= 1 + NEAR if verdict == "faster" else fastest * (1 + NEAR) >= 1
