"""Which cells are measured only in one of some blocks, since when, and in which blocks their turn is. Pure.

A study that is resumed must make the same plan: so the turns of a cell follow from seed, block and cell alone, by a
hash, and from no clock and no count of what was done. Of each eight blocks (0 to 7, 8 to 15 …) the turn is one, at a
place that changes from eight to eight. So the retries of many cells spread over the blocks, which stay equally long,
and no retry falls in step with something that happens at regular intervals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from accelkit.study.model import Cell

RETRIED: Final = 8
"""A cell that was dropped is measured in one of so many blocks."""

RAREST: Final = 64
"""A cell that always fails is measured in one of so many blocks at least."""

FEWEST_FAILURES: Final = 3
"""A cell is dropped after this many trials if all of them failed."""


def retries_of_failing(failed: int) -> int:
    """In one of how many blocks a cell is tried that ``failed`` in all of so many trials, :data:`FEWEST_FAILURES` or more.

    >>> [retries_of_failing(failed) for failed in (3, 4, 5, 6, 7)]
    [8, 16, 32, 64, 64]
    """
    return min(RETRIED << min(failed - FEWEST_FAILURES, 9), RAREST)


def is_turn(seed: int, block: int, cell: Cell, every: int) -> bool:
    """Whether ``block`` is the one of ``every`` blocks in which the cell is measured.

    >>> cell = Cell("7.2", "cpu", "tcg")
    >>> [block for block in range(40) if is_turn(0, block, cell, 8)]
    [6, 10, 17, 29, 38]
    """
    key = json.dumps([seed, block // every, every, *cell])
    place = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") % every
    return block % every == place


@dataclass(frozen=True, slots=True)
class Drops:
    """The drops and returns of a study, as its store notes them.

    ``steps`` has for each cell that was ever dropped, in the order of the blocks, from which block on it is measured in
    one of how many blocks; 1 of 1 is a return.

    >>> cell = Cell("7.2", "cpu", "tcg")
    >>> drops = Drops({cell: ((10, 8), (25, 1), (40, 8))})
    >>> drops.now, drops.every(cell, 9), drops.every(cell, 10), drops.every(cell, 30)
    ({Cell(build='7.2', guest='cpu', configuration='tcg'): 40}, 1, 8, 1)
    """

    steps: Mapping[Cell, tuple[tuple[int, int], ...]] = field(
        default_factory=dict[Cell, tuple[tuple[int, int], ...]]
    )

    @property
    def now(self) -> dict[Cell, int]:
        """The cells that are dropped now, each with the block since which it is."""
        return {cell: since for cell, steps in self.steps.items() if (since := _since(steps)) is not None}

    def every(self, cell: Cell, block: int) -> int:
        """The cell is measured in one of so many blocks by what is known in ``block``: 1 if it is not dropped."""
        return next((every for since, every in reversed(self.steps.get(cell, ())) if since <= block), 1)

    def resting(self, seed: int, block: int) -> frozenset[Cell]:
        """The cells that are dropped and whose turn ``block`` is not."""
        return frozenset(
            cell
            for cell in self.steps
            if (every := self.every(cell, block)) > 1 and not is_turn(seed, block, cell, every)
        )

    def changes(self, losers: Mapping[Cell, int], cells: Iterable[Cell], block: int) -> dict[Cell, int]:
        """Which of ``cells`` are dropped or return in ``block`` if just ``losers`` have lost, as :meth:`changed` takes it."""
        wanted = ((cell, losers.get(cell, 1)) for cell in cells)
        return {cell: every for cell, every in wanted if every != self.every(cell, block)}

    def were_tried(self, cells: Iterable[Cell], block: int) -> bool:
        """Whether all of ``cells`` have been dropped for so long before ``block`` that each was tried again."""
        now = self.now
        return all(cell in now and now[cell] + 2 * RETRIED <= block for cell in cells)

    def changed(self, block: int, every: Mapping[Cell, int]) -> Drops:
        """These, and that from ``block`` on each cell of ``every`` is measured in one of so many blocks."""
        steps = dict(self.steps)
        for cell, number in every.items():
            steps[cell] = tuple(sorted({**dict(steps.get(cell, ())), block: number}.items()))
        return Drops(steps)

    def left_out(self, seed: int, first: int, end: int) -> int:
        """How many trials of the blocks from ``first`` to before ``end`` are left out if nothing else changes."""
        lasting = ((cell, self.every(cell, first)) for cell in self.now)
        return sum(
            max(0, end - first) - _turns(seed, cell, every, first, end)
            for cell, every in lasting
            if every > 1
        )


def _since(steps: Iterable[tuple[int, int]]) -> int | None:
    """The block since which a cell is dropped; None if it is not."""
    since: int | None = None
    for block, every in steps:
        since = None if every == 1 else block if since is None else since
    return since


def _turns(seed: int, cell: Cell, every: int, first: int, end: int) -> int:
    """How many turns a cell has in the blocks from ``first`` to before ``end``: one in each whole ``every`` of them."""
    low, high = -(-first // every), end // every
    if low >= high:
        return sum(is_turn(seed, block, cell, every) for block in range(first, end))
    ends = (*range(first, low * every), *range(high * every, end))
    return high - low + sum(is_turn(seed, block, cell, every) for block in ends)
