"""Which configuration is the best one: candidates compared with each other, block by block. Pure.

**The candidates** are all configurations, the baseline among them, but those that fail in more than a fifth of their
blocks, with any of the guests, and those that racing dropped: they lost, by a rule with an error of its own
(:mod:`accelkit.study.analysis.racing`), and are typically slower than another by more than delta still. Over several
guests a block's value is the weighted geometric mean of those with the guests; there a configuration that was dropped
with one guest is a candidate still, since what it loses with one it may win with another.

**The rule**: a candidate *qualifies* if it was shown to be slower than no other candidate by more than delta: each of
the intervals of its ratios to the others ends at 1 + delta at the most, and with fewer than 12 blocks the fastest runs
confirm it. A candidate that is not the baseline must also be faster than the baseline, by the verdict that the table
says of it. Of those that qualify the best is the one that changes the fewest properties of the baseline, so that no
setting is recommended that showed no effect; of several such the fastest. If none qualifies, nothing is decided; the
fastest then is the one whose typical ratio to its strongest rival is the smallest, or the baseline if that one was shown
to make no difference to it.

Whether neighbouring blocks are alike is checked for all comparisons of a candidate at once (``neighbours_together``).

**The error**: let b be the truly best candidate. A wrong pick, one that is slower than b by more than delta, must have
been compared with b, and its interval must have ended below the truth. Whichever candidate the data favour, this is one
of the comparisons *with b*, of which there are one fewer than candidates; so there is no winner's curse, and the
comparisons of all pairs need not share the error (multiple comparisons with the best: Hsu, Annals of Statistics 9, 1981,
p. 1026; Hsu, Multiple Comparisons, 1996, chapter 4). The intervals are those of the table, made for as many comparisons
as the table has. So the best one's ratio to the baseline is that of its row; a pick is wrong with half the probability
that a row is, since only one end of an interval matters; and this holds for all guests and builds of a study at once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.errors import StudyError, nearest
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.candidates import Field, excluded_from, field_of
from accelkit.study.analysis.compare import Comparison, compare_pairs
from accelkit.study.analysis.intervals import intervals
from accelkit.study.analysis.neighbours import Neighbours, neighbours, neighbours_together
from accelkit.study.analysis.panel import Panel, over_guests
from accelkit.study.analysis.ranks import fewest
from accelkit.study.analysis.replay import MOST_BLOCKS, SHARE, Needed, Replays, sizes
from accelkit.study.analysis.verdict import FEW_PAIRS
from accelkit.study.model import Cell
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards


def pick(
    plan: Plan,
    table: Panel,
    build: str,
    weights: Mapping[str, float],
    standards: Standards,
    dropped: Mapping[Cell, int],
) -> Best:
    """The best configuration on ``build`` over the guests of ``weights``, decided or not.

    ``table`` has the trials of the whole study; ``dropped`` the cells that racing dropped, each with the block since which it is.
    """
    base = next(point for point in plan.configurations if point.name == plan.baseline)
    others = [cell for cell in table.cells if cell.configuration != plan.baseline]
    guest = ", ".join(weights)
    if len(weights) > 1:
        table = over_guests(table, build, weights, guest)
        others = list({cell[::2]: cell for cell in others}.values())
    excluded = excluded_from(plan, table, Cell(build, guest, ""), dropped, standards.delta)
    points = tuple(point for point in plan.configurations if point.name not in excluded)
    given_up = {cell.configuration for cell in dropped if cell.build == build and cell.guest in weights}
    field = field_of(points, base, table, (build, guest), given_up, standards, max(1, len(others)))
    runs = np.isfinite(field.logs).any(axis=1)
    if not runs.any():
        why = "no configuration gave a value" if excluded else "nothing has been measured yet"
        return Best(base, base, build, weights, False, (), excluded, standards, why=why)
    near = _near(field)
    for row in near.order:
        rivals = _qualifying(field, row) if near.passes[row] else None
        if rivals is not None:
            return Best(points[row], base, build, weights, True, points, excluded, standards, rivals)
    row, rivals = _fastest(field, near.fastest)
    blocks, share = _needed(field, {row, row if field.base is None else field.base}) or (None, None)
    why = _why(field, rivals)
    return Best(
        points[row], base, build, weights, False, points, excluded, standards, rivals, why, blocks, share
    )


class Near(NamedTuple):
    """The candidates that may qualify: in the order of preference, the fastest of all, and which pass so far."""

    order: tuple[int, ...]
    fastest: int
    passes: Mapping[int, bool]


def counted_weights(weights: Mapping[str, float], guests: Sequence[str]) -> dict[str, float]:
    """How often each of the ``guests`` counts, by default once; one of weight 0 is left out.

    Raises StudyError for the weight of another guest, for one below 0, and if none is left.

    >>> counted_weights({"smp": 3, "io": 0}, ["smp", "cpu", "io"])
    {'smp': 3.0, 'cpu': 1.0}
    """
    for guest, weight in weights.items():
        if guest not in guests:
            raise StudyError(f"guest {guest!r}: is not in this study; {nearest(guest, guests)}")
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight < math.inf:  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
            raise StudyError(f"weights: {guest} has {weight!r}; takes a number from 0 on, as 3")
    counted = {guest: float(weights.get(guest, 1)) for guest in guests if weights.get(guest, 1)}
    if not counted:
        raise StudyError("weights: all are 0; give one guest a larger one")
    return counted


def _near(field: Field) -> Near:
    """The candidates that may qualify, found without asking how alike neighbouring blocks are.

    What fails here fails for good, as alike neighbours only make intervals wider. No candidate qualifies that is
    typically slower than any other by more than delta, so only those that are near one fast one are compared with all.
    """
    logs, room = field.logs, field.room
    first = int(np.nanargmin(intervals(logs - field.table.levels(), field.alpha)[0]))
    behind = intervals(logs - logs[first], field.alpha)[0]
    worst: dict[int, float] = {}
    passes: dict[int, bool] = {}
    for row in np.flatnonzero(behind <= room).tolist():
        others = np.delete(logs, row, axis=0)
        typical, _, high = intervals(logs[row] - others, field.alpha, field.standards.anytime)
        known = typical[np.isfinite(typical)]
        worst[row] = float(known.max()) if len(known) else -math.inf
        passes[row] = bool((high <= room).all())
    order = sorted(worst, key=lambda row: (field.changes[row], worst[row]))
    return Near(tuple(order), min(order, key=lambda row: worst[row]), passes)


def _qualifying(field: Field, row: int) -> tuple[Comparison, ...] | None:
    """The comparisons of a candidate with the others, if they show that it qualifies; else None."""
    behind, alike = _behind_others(field, row)
    shape = (len(behind), field.logs.shape[1])
    worth = [kind.independent for kind in alike]
    high = intervals(np.reshape(behind, shape), field.alpha, field.standards.anytime, worth)[2]
    if not (high <= field.room).all():
        return None
    rivals = _rivals(field, row)
    return None if any(_unshown(field, rival) for rival in rivals) else rivals


def _fastest(field: Field, row: int) -> tuple[int, tuple[Comparison, ...]]:
    """``row``, the fastest, and its comparisons; the baseline where it was shown to make no difference to that."""
    rivals = _rivals(field, row)
    if any(_is_base(field, rival) and rival.verdict == "no difference" for rival in rivals):
        row = row if field.base is None else field.base
        rivals = _rivals(field, row)
    return row, rivals


def _behind_others(field: Field, row: int) -> tuple[list[NDArray[np.float64]], list[Neighbours]]:
    """The logarithms of the ratios of a candidate to each other one, (blocks,) each, and how alike neighbours are.

    That is checked for all at once, but for the baseline by itself, as in the table.
    """
    others = [place for place in range(len(field.points)) if place != row]
    behind = [field.logs[row] - field.logs[place] for place in others]
    known = [logs[np.isfinite(logs)] for logs in behind]
    alike = list(neighbours_together(known))
    if field.base in others:
        place = others.index(field.base)
        alike[place] = neighbours(known[place])
    return behind, alike


def _rivals(field: Field, row: int) -> tuple[Comparison, ...]:
    """The candidate against each other one, the fastest of them first; those without a ratio last."""
    pairs = [(field.cells[row], other) for other in field.cells if other is not field.cells[row]]
    alike = _behind_others(field, row)[1]
    found = compare_pairs(field.table, pairs, field.standards, family=field.family, alike=alike)
    return tuple(sorted(found, key=lambda rival: math.inf if math.isnan(rival.ratio) else -rival.ratio))


def _is_base(field: Field, rival: Comparison) -> bool:
    return field.base is not None and rival.baseline == field.points[field.base].name


def _unshown(field: Field, rival: Comparison) -> bool:
    """Whether the comparison of a candidate with another one does not show what it has to."""
    if _is_base(field, rival):
        return rival.verdict != "faster"
    return rival.verdict not in ("faster", "no difference") and not (
        rival.pairs >= FEW_PAIRS and rival.high <= 1 + field.standards.delta
    )


def _why(field: Field, rivals: Sequence[Comparison]) -> str:
    """What the comparisons of the fastest so far do not show."""
    unshown = [rival for rival in rivals if _unshown(field, rival)]
    first = next((rival for rival in unshown if not rival.pairs), unshown[0])
    more = f" and {len(unshown) - 1} more" if len(unshown) > 1 else ""
    shows = f"is not shown to be {'faster than' if _is_base(field, first) else 'as fast as'}"
    reason = first.why or f"it is {first.verdict}"
    return f"{first.configuration} {shows} {first.baseline}{more} ({reason})"


def _needed(field: Field, rows: Collection[int]) -> Needed | None:
    """The fewest blocks in total with which one of ``rows`` qualifies in most replays; None above MOST_BLOCKS.

    A replay is that of each comparison. The share in which all of them show what they have to is at least 1 less the
    shares in which one does not.
    """
    blocks = int(field.tried.sum(axis=1).max())
    start = max(blocks + 1, fewest(field.alpha, field.standards.anytime))
    if start > MOST_BLOCKS:
        return None
    candidates = [_Comparisons(field, row) for row in rows]
    for size in sizes(start):
        share = max(candidate.share(size) for candidate in candidates)
        if share >= SHARE:
            return Needed(size, share)
    return None


class _Comparisons:
    """The comparisons of a candidate with the others, to be replayed with more blocks."""

    def __init__(self, field: Field, row: int) -> None:
        self.field, self.replays = field, list[tuple[Replays, int, bool, bool]]()
        others = [place for place in range(len(field.points)) if place != row]
        for other, logs, kind in zip(others, *_behind_others(field, row), strict=True):
            known = logs[np.isfinite(logs)]
            replays = Replays(known, kind, field.alpha, field.standards.delta, field.standards.anytime)
            blocks = int((field.tried[row] | field.tried[other]).sum())
            ends = bool({row, other} & field.given_up)
            self.replays.append((replays, blocks, other == field.base, ends))

    def share(self, size: int) -> float:
        """The share of replays of ``size`` blocks in which all comparisons show what they have to, or less."""
        share = 1.0
        for replays, blocks, is_base, ends in self.replays:
            if not replays.pairs:
                return 0.0
            pairs = replays.pairs if ends else size * replays.pairs // blocks
            shows = replays.share("faster", pairs)
            if not is_base and pairs >= FEW_PAIRS:
                shows = max(shows, replays.share("as fast", pairs))
            elif not is_base:
                same = replays.share("not slower", pairs) + replays.share("not faster", pairs) - 1
                shows = max(shows, same)
            share -= 1 - shows
            if share < SHARE:
                return 0.0
        return share
