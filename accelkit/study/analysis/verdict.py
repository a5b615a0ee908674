"""From the evidence to a word, to the reason why there is none, and to the number of blocks it would take."""

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
"""How many runs, the fastest among them, must agree on what a configuration can do undisturbed."""

NEAR: Final = 0.02
"""Runs agree when they are within this share of the fastest; where the difference is large, a larger one."""

MOST_FAILED: Final = 0.2
"""When a larger share of a side's trials fails, those that do not are no fair sample of it."""

MOST_BLOCKS: Final = 1000
"""More blocks than this nobody waits for: no number is then given."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a comparison did: runs that gave a figure, how many near its fastest, failures."""

    name: str
    runs: int = 0
    near: int = 0
    causes: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def failed(self) -> int:
        """How many trials gave no figure."""
        return sum(self.causes.values())

    @property
    def failures(self) -> str:
        """The failures in words."""
        causes = ", ".join(f"{cause} {count}" for cause, count in sorted(self.causes.items()))
        return f"{self.failed} of {self.failed + self.runs} trials of {self.name} failed ({causes})"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that a verdict is made of. ``logs`` (pairs,) are logarithms of ratios, one a block.

    ``low``, ``high`` and ``fastest`` are ratios, ``alpha`` is the interval's chance to miss, shared with
    ``family`` comparisons; ``blocks`` were tried on either side; ``within`` is the share that makes a run
    one near the fastest (:func:`tolerance`).
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
    """A verdict, why it is not another, and about how many blocks in all would give one."""

    verdict: VerdictWord
    why: str
    settled: bool
    blocks_to_decide: int | None


def decide(low: float, high: float, delta: float) -> VerdictWord:
    """The word for a ratio to the baseline between ``low`` and ``high``; smaller is faster.

    The whole interval inside 1 / (1 + delta) … 1 + delta is ``no difference`` (of more than delta),
    even when it leaves out 1: the difference is real then, and not worth having. Otherwise an interval
    that leaves out 1 is ``faster`` or ``slower``, and any other is ``undecided``.

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
    """The share within which a side's fastest runs must agree: a quarter of the difference, NEAR at least.

    The difference is the lesser of what the interval's nearer end says and what the fastest runs say.
    So a large one is not doubted because a guest's own times vary, as where vCPUs contend for a lock.

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


def judge(seen: Evidence) -> Judgement:
    """The verdict of ``seen``; undecided, with the reason, when anything speaks against one.

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
    sides = (seen.one, seen.other)
    pairs = len(seen.logs)
    settled = all(side.near >= SETTLED_RUNS for side in sides)

    def undecided(why: str, blocks: int | None) -> Judgement:
        return Judgement("undecided", why, settled, blocks)

    broken = [side for side in sides if side.failed > MOST_FAILED * (side.failed + side.runs)]
    if broken:
        return undecided("; ".join(side.failures for side in broken), None)
    absent = [side.name for side in sides if not side.runs]
    if absent:
        return undecided(f"no run yet of {' and '.join(absent)}", fewest(seen.alpha, seen.anytime))
    if not pairs:
        return undecided("no block has both", fewest(seen.alpha, seen.anytime))
    verdict = decide(seen.low, seen.high, seen.delta)
    wait = [_runs_to_settle(side) for side in sides if side.near < SETTLED_RUNS]
    if verdict == "undecided":
        needed = _pairs_to_decide(seen)
        if needed is not None:
            wait.append(math.ceil(needed * max(seen.blocks, pairs) / pairs))
            needed = max(wait) if max(wait) <= MOST_BLOCKS else None
        least = fewest(seen.alpha, seen.anytime)
        if pairs < least:
            among = f" for one of {seen.family} comparisons" if seen.family > 1 else ""
            return undecided(f"{_blocks(pairs)}, and {least} are the fewest{among}", needed)
        return undecided(f"{_blocks(pairs)} leave it between {seen.low:.3g} and {seen.high:.3g}", needed)
    if not settled:
        why = ", ".join(
            f"{side.near} of {side.runs} runs of {side.name}" for side in sides if side.near < SETTLED_RUNS
        )
        tail = f"came within {seen.within:.0%} of its fastest, {SETTLED_RUNS} must"
        return undecided(f"not settled: {why} {tail}", max(wait) if max(wait) <= MOST_BLOCKS else None)
    if not _agrees(verdict, seen.fastest, seen.delta):
        why = (
            f"half of the blocks say {math.exp(float(np.median(seen.logs))):.3g} or more, the fastest runs "
            f"{seen.fastest:.3g}: something else slows one side more than the other"
        )
        return undecided(why, None)
    return Judgement(verdict, "; ".join(side.failures for side in sides if side.failed), settled, None)


def _blocks(count: int) -> str:
    return "1 block" if count == 1 else f"{count} blocks"


def _agrees(verdict: VerdictWord, fastest: float, delta: float) -> bool:
    """Whether the fastest runs could be so; they are known to within NEAR."""
    if verdict == "no difference":
        room = (1 + NEAR) * (1 + delta)
        return 1 / room <= fastest <= room
    return fastest <= 1 + NEAR if verdict == "faster" else fastest * (1 + NEAR) >= 1


def _runs_to_settle(side: Side) -> int:
    """About how many runs until enough of them come near the fastest, at the rate so far."""
    return math.ceil(SETTLED_RUNS * side.runs / side.near)


def _pairs_to_decide(seen: Evidence) -> int | None:
    """About how many pairs would give a verdict, if more of them look like those so far.

    The expected place of the k-th of N numbers is the k / (N + 1) quantile of their distribution (David
    and Nagaraja, Order Statistics, 3rd edition, chapter 4, to first order); that quantile is read off
    the ratios so far, for growing N. An estimate, rough below ten pairs.
    """
    least = max(fewest(seen.alpha, seen.anytime), len(seen.logs) + 1)
    if least > MOST_BLOCKS:
        return None
    sizes: list[int] = np.unique(np.geomspace(least, MOST_BLOCKS, 100).round().astype(np.int64)).tolist()
    levels = np.array([rank(n, seen.alpha, seen.anytime) / (n + 1) for n in sizes])
    ends = np.exp(np.quantile(seen.logs, [levels, 1 - levels], method="weibull"))
    for n, low, high in zip(sizes, ends[0].tolist(), ends[1].tolist(), strict=True):
        if decide(low, high, seen.delta) != "undecided":
            return n
    return None
