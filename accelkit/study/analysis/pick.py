"""Which configuration is the best one: candidates compared with each other, block by block. Pure.

**The candidates** are all configurations, the baseline among them, but those that fail in more than a fifth of their
blocks, with any of the guests, and those that racing dropped: they lost, by a rule with an error of its own
(:mod:`accelkit.study.analysis.racing`), and are typically slower than another by more than delta still. Over several guests a block's value is the weighted geometric mean of those
with the guests; there a configuration that was dropped with one guest is a candidate still, since what it loses with
one it may win with another.

**The rule**: a candidate *qualifies* if it was shown to be slower than no other candidate by more than delta: each of
the intervals of its ratios to the others ends at 1 + delta at the most, and with fewer than 12 blocks the fastest runs
confirm it. A candidate that is not the baseline must also be faster than the baseline, by the verdict that the table
says of it. Of those that qualify the best is the one that changes the fewest properties of the baseline, so that no
setting is recommended that showed no effect; of several such the fastest. If none qualifies, nothing is decided; the
fastest then is the one whose typical ratio to its strongest rival is the smallest.

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
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison, compare_pairs, intervals
from accelkit.study.analysis.neighbours import Neighbours, neighbours
from accelkit.study.analysis.panel import Panel, over_guests
from accelkit.study.analysis.ranks import fewest
from accelkit.study.analysis.replay import MOST_BLOCKS, SHARE, Needed, replayed, sizes
from accelkit.study.analysis.verdict import FEW_PAIRS, MOST_FAILED, Side
from accelkit.study.model import Cell, Configuration
from accelkit.study.plan import Plan
from accelkit.study.standards import Standards


class Field(NamedTuple):
    """The candidates for the best one and what is known of them, row by row.

    ``logs`` (candidates, blocks) are the logarithms of their values, ``cells`` name them in ``table``; ``base`` is the
    row of the baseline, None if that is no candidate. Those ``given_up`` were dropped with one of several guests. Each
    interval is one of a ``family``.
    """

    points: tuple[Configuration, ...]
    cells: tuple[Cell, ...]
    table: Panel
    logs: NDArray[np.float64]
    tried: NDArray[np.bool_]
    changes: tuple[int, ...]
    base: int | None
    given_up: frozenset[int]
    standards: Standards
    family: int

    @property
    def alpha(self) -> float:
        """The probability that an interval misses the truth."""
        return (1 - self.standards.confidence) / self.family

    @property
    def room(self) -> float:
        """By how much, in logarithms, the best one may be slower than another."""
        return math.log1p(self.standards.delta)


def pick(
    plan: Plan,
    table: Panel,
    build: str,
    weights: Mapping[str, float],
    standards: Standards,
    dropped: Mapping[Cell, int],
) -> Best:
    """The best configuration on ``build`` over the guests of ``weights``, decided or not.

    ``table`` has the trials of the whole study; ``dropped`` the cells that racing dropped, each with its last block.
    """
    base = next(point for point in plan.configurations if point.name == plan.baseline)
    others = [cell for cell in table.cells if cell.configuration != plan.baseline]
    guest = ", ".join(weights)
    if len(weights) > 1:
        table = over_guests(table, build, weights, guest)
        others = list({cell[::2]: cell for cell in others}.values())
    excluded = dict(_excluded(plan, table, Cell(build, guest, ""), dropped, standards.delta))
    points = tuple(point for point in plan.configurations if point.name not in excluded)
    given_up = {cell.configuration for cell in dropped if cell.build == build and cell.guest in weights}
    field = _field(points, base, table, (build, guest), given_up, standards, max(1, len(others)))
    runs = np.isfinite(field.logs).any(axis=1)
    if not runs.any():
        why = "no configuration gave a value" if excluded else "nothing has been measured yet"
        return Best(base, base, build, weights, False, (), excluded, standards, why=why)
    near = _near(field)
    qualified = next((row for row in near.order if near.passes[row] and _qualifies(field, row)), None)
    best = near.fastest if qualified is None else qualified
    rivals = _rivals(field, best)
    found = Best(
        points[best], base, build, weights, qualified is not None, points, excluded, standards, rivals
    )
    if qualified is not None:
        return found
    blocks, share = _needed(field, {best, best if field.base is None else field.base}) or (None, None)
    return replace(found, why=_why(field, rivals), blocks_to_decide=blocks, decides=share)


def _excluded(
    plan: Plan, table: Panel, where: Cell, dropped: Mapping[Cell, int], delta: float
) -> Iterator[tuple[str, str]]:
    """The configurations that are no candidates, each with the reason."""
    failing: dict[Cell, str] = {}
    for cell, logs, causes in zip(table.cells, table.logs, table.causes, strict=True):
        side = Side(cell.configuration, int(np.isfinite(logs).sum()), 0, causes)
        if side.failed > MOST_FAILED * (side.failed + side.runs):
            failing[cell] = side.failures
    for point in plan.configurations:
        cell = where._replace(configuration=point.name)
        if cell in failing:
            yield point.name, failing[cell]
        elif cell in dropped and _behind(table, cell, failing) > math.log1p(delta):
            blocks = dropped[cell]
            yield (
                point.name,
                f"dropped after {blocks} block{'s' * (blocks != 1)}, clearly slower than another",
            )


def _behind(table: Panel, cell: Cell, failing: Container[Cell]) -> float:
    """By how much, in logarithms, a cell is typically slower than the fastest of its build and guest that runs."""
    if cell not in table.cells:
        return 0.0
    rows = [row for row, other in enumerate(table.cells) if other[:2] == cell[:2] and other not in failing]
    behind = intervals(table.logs[table.cells.index(cell)] - table.logs[rows], 0.5)[0]
    return float(np.nanmax(behind, initial=0.0))


def _field(
    points: tuple[Configuration, ...],
    base: Configuration,
    table: Panel,
    where: tuple[str, str],
    given_up: Collection[str],
    standards: Standards,
    family: int,
) -> Field:
    rows = {cell: row for row, cell in enumerate(table.cells)}
    cells = tuple(Cell(*where, point.name) for point in points)
    places = [rows.get(cell, -1) for cell in cells]  # -1, the last row, is of a cell that was never tried
    never = np.full((1, len(table.blocks)), np.nan)
    changes = [
        len({key for key, _ in base.settings.items() ^ point.settings.items()}) if point is not base else -1
        for point in points
    ]
    return Field(
        points, cells, table, np.vstack([table.logs, never])[places],
        np.vstack([table.tried, np.zeros_like(never, dtype=np.bool_)])[places], tuple(changes),
        next((row for row, point in enumerate(points) if point is base), None),
        frozenset(row for row, point in enumerate(points) if point.name in given_up), standards, family,
    )  # fmt: skip


class Near(NamedTuple):
    """The candidates that may qualify: in the order of preference, the fastest of all, and which pass so far."""

    order: tuple[int, ...]
    fastest: int
    passes: Mapping[int, bool]


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


def _qualifies(field: Field, row: int) -> bool:
    """Whether the candidate was shown to be slower than no other, and faster than the baseline if it is not that."""
    behind = [field.logs[row] - other for place, other in enumerate(field.logs) if place != row]
    worth = [neighbours(logs[np.isfinite(logs)]).independent for logs in behind]
    shape = (len(behind), field.logs.shape[1])
    high = intervals(np.reshape(behind, shape), field.alpha, field.standards.anytime, worth)[2]
    return bool((high <= field.room).all()) and not any(
        _unshown(field, rival) for rival in _rivals(field, row)
    )


def _rivals(field: Field, row: int) -> tuple[Comparison, ...]:
    """The candidate against each other one, the fastest of them first; those without a ratio last."""
    pairs = [(field.cells[row], other) for other in field.cells if other is not field.cells[row]]
    found = compare_pairs(field.table, pairs, field.standards, family=field.family)
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
    replays = [_Replay(field, row) for row in rows]
    for size in sizes(start):
        share = max(replay.share(size) for replay in replays)
        if share >= SHARE:
            return Needed(size, share)
    return None


class _Replay:
    """The comparisons of a candidate with the others, to be replayed with more blocks."""

    def __init__(self, field: Field, row: int) -> None:
        self.field, self.pairs = field, list[tuple[NDArray[np.float64], Neighbours, int, bool, bool]]()
        for other in range(len(field.points)):
            if other == row:
                continue
            logs = field.logs[row] - field.logs[other]
            logs = logs[np.isfinite(logs)]
            blocks = int((field.tried[row] | field.tried[other]).sum())
            ends = bool({row, other} & field.given_up)
            self.pairs.append((logs, neighbours(logs), blocks, other == field.base, ends))

    def share(self, size: int) -> float:
        """The share of replays of ``size`` blocks in which all comparisons show what they have to, or less."""
        field, share = self.field, 1.0
        for logs, kind, blocks, is_base, ends in self.pairs:
            if not len(logs):
                return 0.0
            pairs = len(logs) if ends else size * len(logs) // blocks
            chances = replayed(logs, kind, field.alpha, field.standards.delta, field.standards.anytime, pairs)
            if is_base:
                shows = chances.faster
            elif pairs >= FEW_PAIRS:
                shows = max(chances.faster, chances.as_fast)
            else:
                shows = max(chances.faster, chances.not_slower + chances.not_faster - 1)
            share -= 1 - shows
            if share < SHARE:
                return 0.0
        return share
