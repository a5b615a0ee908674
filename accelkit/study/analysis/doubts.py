"""Doubts: what the runs of a comparison say beside its typical ratio, by name. A doubt never changes a verdict. Pure."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

DoubtKind = Literal["load", "average", "neighbours", "failures"]

NOTABLE: Final = 0.02
"""Ratios that are nearer to each other than this share do not contradict each other."""


class Doubt(NamedTuple):
    """One of them: its kind, and what was seen, as a sentence without its end."""

    kind: DoubtKind
    text: str


def contradicts(verdict: str, other: float, ratio: float, low: float, high: float) -> bool:
    """Whether the ratio ``other`` disagrees with what is said of ``ratio``, in sign or by more than the interval's width.

    ``other`` may differ from ``ratio`` by as much as low … high is wide, and by 2% at least. Beside ``faster`` and
    ``slower`` it may also not lie by more than 2% on the other side of 1. False where a ratio or an end is unknown.

    >>> contradicts("faster", 1.30, 0.84, 0.79, 0.92), contradicts("faster", 0.87, 0.84, 0.79, 0.92)
    (True, False)
    """
    if not (0 < other < math.inf and 0 < low <= high < math.inf):
        return False
    if abs(math.log(other / ratio)) > max(math.log(high / low), math.log1p(NOTABLE)):
        return True
    return (verdict == "faster" and other > 1 + NOTABLE) or (
        verdict == "slower" and other * (1 + NOTABLE) < 1
    )


def shown(ratio: float) -> str:
    """A ratio with three digits, as a doubt says it.

    >>> shown(0.8412), shown(23.96), shown(131.7)
    ('0.841', '24.0', '132')
    """
    return f"{ratio:.0f}" if ratio >= 99.95 else f"{ratio:#.3g}"
