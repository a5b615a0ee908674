"""Effects: which properties matter, by how much, and which of them act together. Values and their verdicts. Pure.

How contrasts and their intervals are made is in :mod:`accelkit.study.analysis.factorial`. All intervals of a table of
effects hold at once with the confidence of the study: the error is shared evenly among the guests, and of each guest
between main effects and interactions.

What a property can change at most is the largest ratio of the times with two of its levels. As the intervals of all pairs
of levels hold at once, it lies between the largest of their low ends and the largest of their high ends. So does the
largest interaction of two properties. The verdict follows from these two ends, ``delta`` being the smallest difference
that matters:

- no difference: the larger end is at most 1 + delta.
- it matters, or the two act together: the smaller end is above 1.
- unknown: neither.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from accelkit.study.analysis.factorial import Contrast, Measured, interactions, levels_used, mains, references
from accelkit.study.analysis.tidy import Row, finite

ALL: Final = "all guests"
"""What the effects over all guests are of."""

MOST_POINTS: Final = 2000
"""Of more configurations no effects are computed: it would take minutes."""

EffectVerdict = Literal["matters", "no difference", "unknown"]


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """The time with ``value``, as a ratio to that with the property's reference, averaged over the others.

    ``low`` and ``high`` are the ends of its interval, 0 and infinity where nothing is known.
    """

    value: str
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MainEffect:
    """What one property changes by itself, on average over the others.

    ``levels`` compare each other value with the ``reference``, the baseline's value. ``most`` is the ratio of the
    times with the ``worst`` and the ``best`` value; what the property changes at most lies between ``least`` and
    ``limit``.
    """

    name: str
    reference: str
    levels: tuple[LevelEffect, ...]
    best: str
    worst: str
    most: float
    least: float
    limit: float
    verdict: EffectVerdict

    @property
    def span(self) -> tuple[float, float]:
        """Between which ratios to the reference the times with all values lie."""
        lows, highs = [level.low for level in self.levels], [level.high for level in self.levels]
        return min(lows, default=1.0), max(highs, default=1.0)


@dataclass(frozen=True, slots=True)
class Interaction:
    """How the effect of ``value`` of one property differs with ``given`` of another, where it differs most.

    Both stand beside the reference of their property. ``ratio`` is the time of both together, divided by what their
    own effects multiply to: below 1, together they are faster than apart. ``low`` and ``high`` are the ends of its interval; the largest
    interaction of these two properties is a factor between ``least`` and ``limit``, up or down.
    """

    name: str
    value: str
    other: str
    given: str
    ratio: float
    low: float
    high: float
    least: float
    limit: float
    verdict: EffectVerdict


@dataclass(frozen=True, slots=True)
class GuestEffects:
    """The effects with one ``guest``, or all together, on one ``build``, those that change most first.

    ``blocks`` and ``points`` count what they are from, ``is_grid`` says whether they are averages over the points
    that were measured (else over all points, by the response surface). ``left_out`` says of points why they are not
    among them, by their name. ``alone`` names the values that were tried with one setting of the others only, which tells no effect.
    """

    build: str
    guest: str
    mains: tuple[MainEffect, ...]
    interactions: tuple[Interaction, ...]
    blocks: int
    points: int
    is_grid: bool = True
    left_out: tuple[tuple[str, str], ...] = ()
    alone: tuple[tuple[str, str], ...] = ()

    def of(self, verdict: EffectVerdict) -> tuple[str, ...]:
        """The properties whose main effect has this verdict."""
        return tuple(main.name for main in self.mains if main.verdict == verdict)

    @property
    def together(self) -> tuple[Interaction, ...]:
        """The interactions that were shown to be there."""
        return tuple(row for row in self.interactions if row.verdict == "matters")


@dataclass(frozen=True, slots=True, repr=False)
class Effects:
    """Which properties matter, guest by guest; of several guests also over all of them.

    Differences below the share ``delta`` count as none; all intervals hold at once with the chance ``confidence``.
    ``note`` is what else should be known, ``measure`` what the ratios are of.
    """

    guests: tuple[GuestEffects, ...]
    delta: float = 0.01
    confidence: float = 0.95
    note: str = field(default="", compare=False)
    measure: str = "time"

    def rows(self) -> list[Row]:
        """A dict for each value of each property, and for each two properties; all have the same keys.

        ``effect`` is ``main`` or ``interaction``; of an interaction ``other`` and ``given`` are the second property and
        its value. Unknown numbers are None.
        """
        return [row for group in self.guests for row in _rows(group)]


def _rows(group: GuestEffects) -> list[Row]:
    where: Row = {"build": group.build, "guest": group.guest}
    rows: list[Row] = []
    for main in group.mains:
        rows += [
            where | {"effect": "main", "property": main.name, "value": level.value, "beside": main.reference,
                     "other": None, "given": None, "ratio": finite(level.ratio), "low": finite(level.low),
                     "high": finite(level.high), "verdict": main.verdict}
            for level in main.levels
        ]  # fmt: skip
    rows += [
        where | {"effect": "interaction", "property": row.name, "value": row.value, "beside": None,
                 "other": row.other, "given": row.given, "ratio": finite(row.ratio), "low": finite(row.low),
                 "high": finite(row.high), "verdict": row.verdict}
        for row in group.interactions
    ]  # fmt: skip
    return rows


def effects_of(
    measured: Measured,
    build: str,
    guest: str,
    delta: float,
    alpha: float,
    left_out: tuple[tuple[str, str], ...] = (),
) -> GuestEffects:
    """The effects in what was measured, with the chance ``alpha`` that an interval of theirs misses its truth."""
    points = len(measured.codes)
    blocks = int(np.isfinite(measured.logs).any(axis=0).sum()) if points else 0
    if not blocks or points > MOST_POINTS:
        return GuestEffects(build, guest, (), (), blocks, points, left_out=left_out)
    several = len(measured.levels) > 1
    names = list(measured.levels)
    values: list[Sequence[str]] = list(measured.levels.values())
    by_property: dict[int, list[Contrast]] = {}
    for row in mains(measured, alpha / 2 if several else alpha):
        by_property.setdefault(row.of[0], []).append(row)
    first = references(measured)
    main = [
        _main(names[place], values[place], first[place], rows, delta) for place, rows in by_property.items()
    ]
    by_pair: dict[tuple[int, int], list[Contrast]] = {}
    for row in interactions(measured, alpha / 2) if several else ():
        if row.given is not None:
            by_pair.setdefault((row.of[0], row.given[0]), []).append(row)
    pairs = [_interaction(names, values, rows, delta) for rows in by_pair.values()]
    told = {
        (place, level)
        for place, rows in by_property.items()
        for row in rows
        for _, level in (row.of, row.beside)
    }
    alone = [
        (name, values[place][level])
        for place, name in enumerate(names)
        for level in levels_used(measured.codes[:, place])
        if (place, level) not in told
    ]
    return GuestEffects(
        build, guest, tuple(sorted(main, key=_by_size)), tuple(sorted(pairs, key=_by_size)), blocks,
        points, measured.is_grid, left_out, tuple(alone),
    )  # fmt: skip


def _by_size(effect: MainEffect | Interaction) -> tuple[int, float]:
    """Those that matter first, the largest of them before the others; then the unknown ones."""
    order: Sequence[EffectVerdict] = ("matters", "unknown", "no difference")
    size = effect.most if isinstance(effect, MainEffect) else max(effect.ratio, 1 / effect.ratio)
    return order.index(effect.verdict), -size if math.isfinite(size) else 0.0


def _main(name: str, values: Sequence[str], first: int, rows: Sequence[Contrast], delta: float) -> MainEffect:
    beside = [row for row in rows if row.beside[1] == first]
    levels = [LevelEffect(values[row.of[1]], *_ratios(row)) for row in beside]
    middles = {first: 0.0} | {row.of[1]: row.middle for row in beside if not math.isnan(row.middle)}
    best, worst = min(middles, key=middles.__getitem__), max(middles, key=middles.__getitem__)
    least, limit = _ends(rows)
    return MainEffect(
        name, values[first], tuple(levels), values[best], values[worst],
        math.exp(middles[worst] - middles[best]), least, limit, _verdict(least, limit, delta),
    )  # fmt: skip


def _interaction(
    names: Sequence[str], values: Sequence[Sequence[str]], rows: Sequence[Contrast], delta: float
) -> Interaction:
    largest = max(rows, key=lambda row: -1.0 if math.isnan(row.middle) else abs(row.middle))
    (one, value), (other, given) = largest.of, largest.given or (0, 0)
    least, limit = _ends(rows)
    return Interaction(
        names[one], values[one][value], names[other], values[other][given], *_ratios(largest),
        least, limit, _verdict(least, limit, delta),
    )  # fmt: skip


def _ratios(row: Contrast) -> tuple[float, float, float]:
    return (
        math.exp(row.middle),
        math.exp(row.low),
        math.exp(min(row.high, 700.0)) if math.isfinite(row.high) else math.inf,
    )


def _ends(rows: Sequence[Contrast]) -> tuple[float, float]:
    """Between which factors, up or down, the largest of the contrasts lies."""
    least = max(0.0, *(max(row.low, -row.high) for row in rows))
    limit = max(max(abs(row.low), abs(row.high)) for row in rows)
    return math.exp(least), math.exp(limit) if limit < 700 else math.inf


def _verdict(least: float, limit: float, delta: float) -> EffectVerdict:
    if limit <= 1 + delta:
        return "no difference"
    return "matters" if least > 1 else "unknown"
