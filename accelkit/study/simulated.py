"""Builds and guests of a study that a function measures in place of QEMU: names, of which nothing is started. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from accelkit.errors import GuestError, StudyError, shown
from accelkit.study.model import SIMULATED, Build, PlannedGuest
from accelkit.study.plan import StoredGuest
from accelkit.study.worker import Measure

BY_FUNCTION: Final = "measured by a function"
"""The fingerprint of every guest, so that such a study and one on a real QEMU never go on in one store."""


def measure_of(measure: object) -> Measure:
    """``measure``, if it can be called. Raises StudyError for anything else."""
    if not callable(measure):
        raise StudyError(
            f"measure: got {shown(measure)}; takes a function of a Trial that returns its Record"
        )
    return cast("Measure", measure)


def simulated_builds(qemu: object) -> tuple[Build, ...]:
    """A build for each name in ``qemu``, text or a list; one if it is None. Nothing is looked for, or started.

    Raises StudyError for what is no name.

    >>> [build.name for build in simulated_builds(["7.2", "11.1"])], simulated_builds(None)[0].name
    (['7.2', '11.1'], 'simulated')
    """
    given: Any = qemu
    names = (
        [SIMULATED] if given is None else [given] if isinstance(given, str) else list(_items("qemu", given))
    )
    for name in names:
        if not isinstance(name, str):
            raise StudyError(f"qemu: got {shown(name)}; with measure= takes names, such as '7.2'")
    return tuple(Build(name, (), name) for name in dict.fromkeys(cast("list[str]", names)))


def simulated_guests(guests: object) -> tuple[PlannedGuest, ...]:
    """A guest for each name in ``guests``, text or a list, or for each guest that has a name. Nothing is booted.

    Raises GuestError for what has no name, StudyError for none at all.

    >>> [guest.name for guest in simulated_guests(["smp", "my simulation"])]
    ['smp', 'my simulation']
    """
    given: Any = guests
    is_one = isinstance(given, str) or hasattr(given, "fingerprint")
    names: dict[str, None] = {}
    for item in [given] if is_one else _items("guests", given):
        name = item if isinstance(item, str) else getattr(item, "name", None)
        if not isinstance(name, str):
            raise GuestError(f"guests: got {shown(item)}; with measure= takes names, such as 'smp'")
        names[name] = None
    if not names:
        raise StudyError("guests: names none; with measure= takes names, such as 'smp'")
    return tuple(StoredGuest(name, BY_FUNCTION) for name in names)


def _items(argument: str, given: object) -> Iterable[Any]:
    if not isinstance(given, Iterable) or isinstance(given, bytes):
        error = GuestError if argument == "guests" else StudyError
        raise error(f"{argument}: got {shown(given)}; with measure= takes a name, or a list of names")
    return cast("Iterable[Any]", given)
