"""What it costs to know more: how many blocks, how long they take, and how often they are enough. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.model import Cell
from accelkit.study.progress import duration


@dataclass(frozen=True, slots=True)
class Cost:
    """``blocks`` in all, of which ``more`` are still to come and take about so many ``seconds``, None if unknown.

    ``share`` of the studies like this one would decide with them.
    """

    blocks: int
    more: int
    seconds: float | None
    share: float


def seconds_a_block(result: Analysis) -> float | None:
    """How long a further block takes, by the trials so far; None where they do not say. Dropped cells take none."""
    walls: dict[Cell, list[float]] = defaultdict(list)
    for record in result.trials:
        if record.trial.cell not in result.dropped:
            walls[record.trial.cell].append(record.wall)
    return sum(map(fmean, walls.values())) or None


def cost(result: Analysis, undecided: Iterable[Comparison]) -> Cost | None:
    """What deciding all of ``undecided`` costs that some number of blocks would decide; None if there are none."""
    known = [row for row in undecided if row.blocks_to_decide is not None]
    if not known:
        return None
    last = max(known, key=lambda row: row.blocks_to_decide or 0)
    return cost_of(result, last.blocks_to_decide or 0, last.decides or 0.5)


def cost_of(result: Analysis, blocks: int, share: float) -> Cost:
    """What it costs to have so many ``blocks`` in all, with which the ``share`` of such studies decide."""
    done = len({record.trial.block for record in result.records})
    more, each = max(0, blocks - done), seconds_a_block(result)
    return Cost(blocks, more, None if each is None else each * more, share)


def cost_words(price: Cost) -> str:
    """The cost as a sentence.

    >>> cost_words(Cost(60, 48, 200.0, 0.72))
    'With 60 blocks, 48 more (about 3 min 20 s), 7 of 10 such studies would decide.'
    >>> cost_words(Cost(24, 4, None, 0.99))
    'With 24 blocks, 4 more, 9 of 10 such studies would decide.'
    """
    time = "" if price.seconds is None else f" (about {duration(max(1.0, price.seconds))})"
    more = f", {price.more} more{time}," if price.more else ""
    return f"With {price.blocks} blocks{more} {studies(price.share)} would decide."


def studies(share: float) -> str:
    """A share of studies in plain words.

    >>> studies(0.5), studies(0.79), studies(1.0)
    ('5 of 10 such studies', '7 of 10 such studies', '9 of 10 such studies')
    """
    return f"{min(9, max(1, int(10 * share + 1e-9)))} of 10 such studies"
