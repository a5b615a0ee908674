"""The phases of guests' runs, compared as guests of their own. Pure.

A run that is divided into phases has one value for the whole and one for each phase. A phase is a guest with a name of
its own, ``linux: boot``, whose trials are those of the guest, with the seconds that the phase lasted as their value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from accelkit.study.model import Record


class Phase(NamedTuple):
    """A phase of the runs of a guest, both by name.

    >>> Phase("linux", "boot").row
    'linux: boot'
    """

    guest: str
    name: str

    @property
    def row(self) -> str:
        """The name under which it is compared."""
        return f"{self.guest}: {self.name}"


def phases_of(records: Iterable[Record]) -> dict[str, Phase]:
    """Each phase of each guest, by the name under which it is compared; those of a guest in their order.

    >>> from accelkit.study import Trial
    >>> record = Record(
    ...     Trial("7.2", "linux", "tcg", 0, 0), "ok", value=3.0, phases={"boot": 2.0, "work": 1.0}
    ... )
    >>> phases_of([record])["linux: work"]
    Phase(guest='linux', name='work')
    """
    longest: dict[str, Mapping[str, float]] = {}  # a failed run may have fewer
    for record in records:
        if len(record.phases) > len(longest.get(record.trial.guest, {})):
            longest[record.trial.guest] = record.phases
    phases = [Phase(guest, name) for guest, names in longest.items() for name in names]
    return {phase.row: phase for phase in phases}


def with_phases(records: Iterable[Record], phases: Iterable[Phase]) -> Iterator[Record]:
    """Each record, followed by one for each of its guest's ``phases``.

    Such a record has the cause of the run, so where the run failed its phases have, too. QEMU's CPU time and counters
    are those of the whole run, and are left out.

    >>> from accelkit.study import Trial
    >>> record = Record(
    ...     Trial("7.2", "linux", "tcg", 0, 0), "ok", value=3.0, phases={"boot": 2.0, "work": 1.0}
    ... )
    >>> [(row.trial.guest, row.value) for row in with_phases([record], [Phase("linux", "work")])]
    [('linux', 3.0), ('linux: work', 1.0)]
    """
    by_guest: dict[str, list[Phase]] = {}
    for phase in phases:
        by_guest.setdefault(phase.guest, []).append(phase)
    for record in records:
        yield record
        for phase in by_guest.get(record.trial.guest, ()):
            yield replace(
                record, trial=replace(record.trial, guest=phase.row),
                value=record.phases.get(phase.name) if record.ok else None,
                unit="s", slices=(), phases={}, counters={}, user=0.0, system=0.0,
            )  # fmt: skip
