"""What the records of a search say of its points: their costs in blocks, and the best point of each guest. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from accelkit.study.model import Record
from accelkit.study.searched import Terms
from accelkit.tuning.goals import broken, cost, score
from accelkit.tuning.levels import Level, levels

FEWEST_BLOCKS = 2
"""A point that was measured in fewer blocks is not taken for the best of a guest, nor for one of the front."""

PAYS = math.log(1.05)
"""What a guest pays for the pick of all, as a logarithm, from which on its own best point is confirmed, too."""


def reasons_of(records: Iterable[Record], terms: Terms) -> dict[str, str]:
    """Why points cannot be used, by name: the first failure, or the first trial that breaks a constraint."""
    reasons: dict[str, str] = {}
    for record in records:
        name = record.trial.configuration
        if name not in reasons and (why := broken(record, terms)):
            reasons[name] = why
    return reasons


def latest_of(records: Iterable[Record]) -> list[Record]:
    """Of each trial the last record."""
    return [*{record.trial.id: record for record in records}.values()]


def costs_of(records: Iterable[Record], terms: Terms) -> Iterator[tuple[str, int, float]]:
    """The logarithm of the cost of each point in each block in which all guests gave one."""
    blocks: defaultdict[tuple[str, int], list[Record]] = defaultdict(list)
    for record in records:
        blocks[record.trial.configuration, record.trial.block].append(record)
    for (name, block), parts in blocks.items():
        value = score(parts, terms)
        if value is not None:
            yield name, block, value


def best_names(records: Iterable[Record], terms: Terms, beside: str | None = None) -> dict[str, str]:
    """For each guest the name of the point that costs least with it, among those that can be used.

    With ``beside``, the name of a point, only of guests with which that costs 5% more: less is not worth the trials of
    one more finalist, as the luckiest of many points looks better by as much.
    """
    known = latest_of(records)
    reasons = reasons_of(known, terms)
    usable = [record for record in known if record.ok and record.trial.configuration not in reasons]
    best: dict[str, str] = {}
    for guest in terms.weights:
        of_guest = (
            (record.trial.configuration, record.trial.block, cost(record, terms.goals))
            for record in usable
            if record.trial.guest == guest
        )
        found = {name: row for name, row in levels(of_guest).items() if row.blocks >= FEWEST_BLOCKS}
        if not found:
            continue
        name = min(found, key=lambda name: (found[name].value, name))
        if beside not in found or found[beside].value - found[name].value > PAYS:
            best[guest] = name
    return best


def point_levels(records: Iterable[Record], terms: Terms) -> dict[str, Level]:
    """The level of each point that can be used, over all guests."""
    known = latest_of(records)
    reasons = reasons_of(known, terms)
    rows = (row for row in costs_of(known, terms) if row[0] not in reasons)
    return dict(levels(rows))
