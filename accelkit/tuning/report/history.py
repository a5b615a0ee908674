"""How a search went: its incumbent after ever more trials, and what was found out of each point. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from accelkit.study.model import Record
from accelkit.study.report.scales import evenly
from accelkit.study.searched import Terms
from accelkit.tuning.finalists import FEWEST_BLOCKS, costs_of, latest_of, reasons_of
from accelkit.tuning.levels import levels

MOST_STEPS: Final = 60
"""Times at which the incumbent is asked for; of many blocks, evenly."""

MANY: Final = 20_000
"""Trials from which on it is asked for a quarter as often: each time all trials so far count."""


class Step(NamedTuple):
    """The incumbent once so many ``trials`` were done: its cost as a multiple of the baseline's by what was known then."""

    trials: int
    name: str
    ratio: float


class Tried(NamedTuple):
    """A point that was tried: the trial with which its first block was done, and its cost by all blocks of the search."""

    trials: int
    name: str
    ratio: float


class History(NamedTuple):
    """A search from its first block to its last."""

    steps: tuple[Step, ...] = ()
    tried: tuple[Tried, ...] = ()
    trials: int = 0


def history(records: Iterable[Record], terms: Terms, baseline: str) -> History:
    """How the search of ``records`` went; empty while the baseline has no value.

    An incumbent was measured in two blocks, as soon as any point besides the baseline was. Levels are those of
    :mod:`accelkit.tuning.levels`, by the blocks until then.

    >>> from accelkit.study.model import Trial
    >>> terms = Terms("", 2, {"smp": 1.0}, {"time": 1.0})
    >>> values = {"tcg": 2.0, "tcg,thread=multi": 1.0}
    >>> records = [
    ...     Record(Trial("7.2", "smp", name, block, 0), "ok", value=value)
    ...     for block in range(2)
    ...     for name, value in values.items()
    ... ]
    >>> history(records, terms, "tcg").steps[-1]
    Step(trials=4, name='tcg,thread=multi', ratio=0.5)
    """
    known = latest_of(records)
    reasons = reasons_of(known, terms)
    counted = Counter(record.trial.block for record in known)
    numbers = sorted(counted)
    done, total = dict[int, int](), 0
    for number in numbers:
        total += counted[number]
        done[number] = total
    rows = sorted((row for row in costs_of(known, terms) if row[0] not in reasons), key=lambda row: row[1])
    most = MOST_STEPS if len(known) < MANY else MOST_STEPS // 4
    steps: list[Step] = []
    for number in evenly(numbers, most):
        found = levels(row for row in rows if row[1] <= number)
        if baseline not in found:
            continue
        sure = {name for name, level in found.items() if level.blocks >= FEWEST_BLOCKS and name != baseline}
        sure = {baseline, *sure} if sure else {*found}
        name = min(sure, key=lambda name: (found[name].value, name))
        steps.append(Step(done[number], name, math.exp(found[name].value - found[baseline].value)))
    ends = levels(rows)
    first: dict[str, int] = {}
    for name, block, _ in rows:
        first.setdefault(name, done[block])
    tried = [
        Tried(first[name], name, math.exp(level.value - ends[baseline].value))
        for name, level in ends.items()
        if baseline in ends
    ]
    return History(tuple(steps), tuple(tried), total)
