"""What a tuning is after: the cost of a trial and of a block of a point, and which points break a constraint. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from accelkit.errors import StudyError, nearest, shown
from accelkit.study.model import Record
from accelkit.study.searched import Terms

TIME: Final = "time"
MEMORY: Final = "max_rss"
GOALS: Final = (TIME, MEMORY)
"""What can be a goal: the value of a trial, which is a time, and the most memory that QEMU had, both the smaller the better."""

_SIZES: Final = {"KiB": 1, "MiB": 1 << 10, "GiB": 1 << 20, "K": 1, "M": 1 << 10, "G": 1 << 20}


def goals_of(goals: object) -> dict[str, float]:
    """The weight of each goal: time alone for None. Raises StudyError for another goal or weight.

    >>> goals_of(None), goals_of({"time": 1, "max_rss": 0.2}), goals_of("max_rss")
    ({'time': 1.0}, {'time': 1.0, 'max_rss': 0.2}, {'max_rss': 1.0})
    """
    given: Any = {TIME: 1} if goals is None else {goals: 1} if isinstance(goals, str) else goals
    if not isinstance(given, Mapping) or not given:
        raise StudyError(f"goals: got {shown(goals)}; takes weights, such as {{'time': 1, 'max_rss': 0.2}}")
    weights = cast("Mapping[Any, Any]", given)
    for name in weights:
        if name not in GOALS:
            raise StudyError(f"goals: {shown(name)} is none; {nearest(str(name), GOALS)}")
    return weights_of("goals", weights)


def weights_of(argument: str, weights: Mapping[Any, Any]) -> dict[str, float]:
    """Weights above 0 by name; a weight of 0 leaves one out. Raises StudyError for anything else, and if none is left."""
    for name, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight < math.inf:
            raise StudyError(f"{argument}: {name} has {shown(weight)}; takes a number from 0 on, as 3")
    counted = {str(name): float(weight) for name, weight in weights.items() if weight}
    if not counted:
        raise StudyError(f"{argument}: all weights are 0; give one a larger one")
    return counted


def memory_of(limit: object) -> int | None:
    """A limit of memory in KiB, from bytes or from text such as ``2GiB``; None for None. Raises StudyError for other text.

    >>> memory_of("2GiB"), memory_of(1 << 20), memory_of("1.5 MiB")
    (2097152, 1024, 1536)
    """
    if limit is None:
        return None
    kib = None
    if isinstance(limit, str):
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMG](?:iB)?)", limit.strip())
        kib = None if match is None else float(match[1]) * _SIZES[match[2]]
    elif isinstance(limit, int) and not isinstance(limit, bool):
        kib = limit / 1024
    if kib is None or not 1 <= kib < 1 << 53:
        raise StudyError(f"max_rss: got {shown(limit)}; takes bytes, or text such as '512MiB' or '2GiB'")
    return int(kib)


def cost_word(terms: Terms) -> str:
    """What is to be small: ``time``, or ``cost`` where memory counts, too."""
    return TIME if [*terms.goals] == [TIME] else "cost"


def broken(record: Record, terms: Terms) -> str:
    """Why the point of a trial cannot be used: it failed, or takes too much memory; empty if neither.

    A trial that the host could not measure says nothing about its point.
    """
    if not record.done:
        return ""
    if not record.ok:
        return record.failure if not record.why else f"{record.failure}: {record.why}"
    if terms.max_rss is not None:
        if record.max_rss is None:
            return "how much memory it takes is unknown"
        if record.max_rss > terms.max_rss:
            return f"it takes {mebibytes(record.max_rss)}, and at most {mebibytes(terms.max_rss)} are allowed"
    if MEMORY in terms.goals and not record.max_rss:
        return "how much memory it takes is unknown"
    return ""


def cost(record: Record, goals: Mapping[str, float]) -> float:
    """The logarithm of the cost of a trial that is usable: the weighted mean of those of its goals."""
    logs = {TIME: math.log(record.value or math.nan), MEMORY: math.log(record.max_rss or math.nan)}
    return math.fsum(weight * logs[name] for name, weight in goals.items()) / math.fsum(goals.values())


def score(records: Iterable[Record], terms: Terms) -> float | None:
    """The logarithm of the cost of a point in a block: the weighted mean over its guests; None where one has none.

    >>> from accelkit.study.model import Trial
    >>> terms = Terms("", 2, {"smp": 3.0, "io": 1.0}, {"time": 1.0})
    >>> values = {"smp": math.e, "io": math.e**5}
    >>> round(
    ...     score([Record(Trial("7.2", g, "tcg", 0, 0), "ok", value=v) for g, v in values.items()], terms), 9
    ... )
    2.0
    """
    costs: dict[str, float] = {}
    for record in records:
        if not record.ok or broken(record, terms):
            return None
        costs[record.trial.guest] = cost(record, terms.goals)
    if len(costs) < len(terms.weights):
        return None
    total = math.fsum(terms.weights.values())
    return math.fsum(weight * costs[guest] for guest, weight in terms.weights.items()) / total


def mebibytes(kib: float) -> str:
    """KiB as text in MiB.

    >>> mebibytes(2048), mebibytes(1536)
    ('2 MiB', '1.5 MiB')
    """
    return f"{kib / 1024:.4g} MiB"
