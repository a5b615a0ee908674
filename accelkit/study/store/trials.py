"""Records to rows of the table trial, and back: each row is checked on reading, by its checksum and its meaning."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final, Literal, NamedTuple, cast, get_args

from accelkit.errors import encodable, visible_line
from accelkit.measure.outcome import Cause
from accelkit.study.columns import RECORD, TRIAL
from accelkit.study.model import Record, Trial
from accelkit.study.store.checksum import is_whole

TrialTable = Literal["trial", "search"]
"""The two tables of trials, which have the same columns."""

COLUMNS: Final = tuple(column.name for column in (*TRIAL, *RECORD))
"""Columns of a trial and its record, in the order of :func:`row_of`."""

OPTIONAL: Final = ("value", "max_rss", "status")
"""Columns that may be empty."""

BUNDLED: Final = re.compile(r" \d+(?:,\d+){6} ")
"""The work in the fingerprint of a bundled guest, whose value is the fastest of its slices."""

_CAUSES: Final = frozenset(get_args(Cause))
_LISTS: Final = tuple(column.name for column in RECORD if column.arrow == "list")
_MAPPINGS: Final = tuple(column.name for column in RECORD if column.arrow == "json")
_KINDS: Final = {"TEXT": str, "INTEGER": int, "REAL": float}
_TYPES: Final = frozenset(
    product(
        *((_KINDS[c.sql], type(None)) if c.name in OPTIONAL else (_KINDS[c.sql],) for c in (*TRIAL, *RECORD))
    )
)
"""Each combination of types that a row may have."""


class Numbers(NamedTuple):
    """The numbers that rows have in place of the names of a study."""

    builds: Mapping[str, int]
    guests: Mapping[str, int]
    configurations: Mapping[str, int]


class Names(NamedTuple):
    """The names that the numbers in rows refer to."""

    builds: Mapping[int, str]
    guests: Mapping[int, str]
    configurations: Mapping[int, str]


def names_of(numbers: Numbers) -> Names:
    """The names by their numbers."""
    return Names(*({number: name for name, number in named.items()} for named in numbers))


def row_of(record: Record, numbers: Numbers) -> tuple[Any, ...]:
    """The row of a record, in the order of ``COLUMNS``, as SQLite will give it back.

    Raises KeyError for a name that is not in this study, and TypeError or ValueError for a field of another
    type.
    """
    trial = record.trial
    row: dict[str, Any] = {
        "id": trial.id,
        "build": numbers.builds[trial.build],
        "guest": numbers.guests[trial.guest],
        "configuration": numbers.configurations[trial.configuration],
        "block": trial.block,
        "position": trial.position,
    }
    row |= {column.name: getattr(record, column.name) for column in RECORD}
    row |= {name: json.dumps(row[name]) for name in _LISTS}
    row |= {name: json.dumps(dict(row[name])) for name in _MAPPINGS}
    return tuple(
        None if row[c.name] is None and c.name in OPTIONAL else _STORED[c.sql](row[c.name])
        for c in (*TRIAL, *RECORD)
    )


def _whole(number: Any) -> int:
    whole = int(number)
    if whole != number or not -(1 << 63) <= whole < 1 << 63:
        raise ValueError(f"{number!r} is not a whole number of 64 bits")
    return whole


def _real(number: Any) -> float | None:
    real = float(number) + 0.0  # -0.0 comes back as 0.0, and NaN as NULL
    return None if math.isnan(real) else real


_STORED: Final = {"TEXT": encodable, "INTEGER": _whole, "REAL": _real}


def read_trial(row: Sequence[Any], names: Names, table: TrialTable = "trial") -> Record | str:
    """The record of a row with the columns of ``TABLES[table]`` and its checksum; what is wrong if it is damaged."""
    if not is_whole(table, row):
        return "it has no checksum" if row[-1] is None else "its checksum does not match"
    return record_of(row[1 : 1 + len(COLUMNS)], names)


def record_of(row: Sequence[Any], names: Names) -> Record | str:
    """The record of a row with the columns ``COLUMNS``; what is wrong if its fields make no record."""
    if tuple(map(type, row)) not in _TYPES:
        return "a field has another type than its column"
    fields: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    try:
        trial = Trial(
            build=names.builds[fields["build"]],
            guest=names.guests[fields["guest"]],
            configuration=names.configurations[fields["configuration"]],
            block=fields["block"],
            position=fields["position"],
        )
    except KeyError as error:
        return f"it is of build, guest or configuration {error}, which the plan does not have"
    if trial.id != fields["id"] or trial.block < 0:
        return "its id does not match what was measured"
    if fields["cause"] not in _CAUSES:
        return f"{fields['cause']!r} is not a known cause"
    for name in ("unit", "accelerator"):
        if visible_line(fields[name]) != fields[name]:
            return f"its {name} has characters that cannot be seen"
    for column in TRIAL:
        del fields[column.name]
    try:
        for name in _MAPPINGS:
            fields[name] = _counts(json.loads(fields[name]))
        for name in _LISTS:
            fields[name] = _ticks(json.loads(fields[name]))
    except (ValueError, TypeError, RecursionError):
        return "its slices, phases or counters cannot be read"
    return Record(trial, **fields)


def _counts(items: object) -> dict[str, float]:
    if isinstance(items, dict) and set(map(type, cast("dict[str, object]", items).values())) <= {int, float}:
        return cast("dict[str, float]", items)
    raise TypeError


def _ticks(items: object) -> tuple[int, ...]:
    if isinstance(items, list) and set(map(type, cast("list[object]", items))) <= {int}:
        return tuple(cast("list[int]", items))
    raise TypeError


def implausible(record: Record, fingerprint: str) -> str:
    """What cannot be right in a record that had no checksum, of the guest with that fingerprint; empty if nothing."""
    times = (record.wall, record.user, record.system, record.started, record.load, record.steal)
    counts = (record.max_rss or 0, record.voluntary_switches, record.involuntary_switches)
    if not all(0 <= number < math.inf for number in (*times, *counts)):
        return "a time or a count is negative or infinite"
    if not all(map(math.isfinite, (*record.phases.values(), *record.counters.values()))):
        return "a phase or a counter is infinite"
    if (
        BUNDLED.search(fingerprint)
        and record.value is not None
        and record.value != min(record.slices, default=None)
    ):
        return "its value is not that of its fastest slice"
    return ""
