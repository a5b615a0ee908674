"""The builds and guests of a study, from the user's arguments."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast, get_args

from accelkit.errors import GuestError, StudyError, nearest, shown, visible_line
from accelkit.guests.catalogue import GUESTS, Guest, guest
from accelkit.guests.custom import CommandGuest, SerialGuest
from accelkit.guests.makers import AnyGuest
from accelkit.guests.notation import guest_from
from accelkit.measure.calibrate import calibrate
from accelkit.qemu import identity
from accelkit.qemu.binary import find
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema
from accelkit.study.analysis.phases import Phase
from accelkit.study.arguments import plain_path
from accelkit.study.model import Build, Configuration, PlannedGuest
from accelkit.study.store.reader import stored_plan

Qemu = str | os.PathLike[str] | Sequence[str]
"""One QEMU: a program, a command line, or its words as a list in the list of QEMUs."""

SomeGuest = str | AnyGuest
"""A guest: the name of a bundled one, a call as text such as ``linux('vmlinuz')``, or what such a call returns."""

_TAKES: Final = "takes names of bundled guests, such as 'cpu' and 'smp', and what guest(), linux(), disk() and command() return"


def commands_of(qemu: Qemu | Sequence[Qemu] | None) -> tuple[tuple[str, ...], ...]:
    """The commands that start the QEMUs under test, each once. A list has one QEMU per item; text is one QEMU.

    Raises QemuError if a program is missing, StudyError for an empty list.
    """
    given: Any = qemu
    qemus = list(cast("Sequence[Any]", given)) if isinstance(given, (list, tuple)) else [given]
    if not qemus:
        raise StudyError("qemu: names none; give one or several, or leave it out for the one on PATH")
    return tuple(dict.fromkeys(find(cast("Any", plain_path(item))) for item in qemus))


def builds_of(commands: Sequence[tuple[str, ...]]) -> tuple[tuple[Build, ...], tuple[Schema, ...]]:
    """The QEMUs under test, and the schema of each, probed. Raises QemuError if one does not answer."""
    schemas = tuple(map(probe, commands))
    digests = list(map(identity.digest, commands))
    names = [".".join(map(str, schema.version)) for schema in schemas]
    if len(set(names)) < len(names):  # two builds of one version: their commands distinguish them
        names = [
            f"{name} ({visible_line(' '.join(command))})"
            for name, command in zip(names, commands, strict=True)
        ]
    builds = tuple(
        Build(
            name,
            command,
            visible_line(f"{'.'.join(map(str, schema.version))} {schema.package}".strip()),
            digest,
        )
        for name, command, schema, digest in zip(names, commands, schemas, digests, strict=True)
    )
    return builds, schemas


def chosen_guests(guests: SomeGuest | Iterable[SomeGuest]) -> tuple[SomeGuest, ...]:
    """The guests that the user named or made, each once; text that calls is evaluated, a name stays a name.

    Raises StudyError for none and for two of one name, and GuestError for a name that no target has, and for what is no guest.

    >>> chosen_guests("smp"), chosen_guests(["smp", "cpu", "smp"])
    (('smp',), ('smp', 'cpu'))
    """
    kinds = (str, *get_args(AnyGuest))
    given: object = guests
    if not isinstance(given, kinds) and not isinstance(given, Iterable):
        raise GuestError(f"guests: got {shown(guests)}; {_TAKES}")
    listed = [given] if isinstance(given, kinds) else list(cast("Iterable[object]", given))
    if not listed:
        raise StudyError(f"guests: names none; {_TAKES}")
    known = list(dict.fromkeys(bundled.name for bundled in GUESTS))
    chosen: dict[SomeGuest, None] = {}
    for item in listed:
        if not isinstance(item, kinds):
            raise GuestError(f"guests: got {shown(item)}; {_TAKES}")
        made = guest_from(item) if isinstance(item, str) and "(" in item else cast("SomeGuest", item)
        if isinstance(made, str) and made not in known:
            raise GuestError(f"guest {shown(made)}: no such guest; {nearest(made, known)}")
        chosen[made] = None
    names = Counter(made if isinstance(made, str) else made.name for made in chosen)
    if twice := [name for name, count in names.items() if count > 1]:
        raise StudyError(
            f"guests: several are named {twice[0]!r}; names must differ: give each its own by name="
        )
    return tuple(chosen)


def guests_of(
    guests: Sequence[SomeGuest],
    builds: Sequence[Build],
    schemas: Sequence[Schema],
    baseline: Configuration,
    store: str,
    seconds: float,
) -> tuple[AnyGuest, ...]:
    """The guests to boot. Those given by name are calibrated under the baseline, or have the work that the store has.

    They are for the target of the first build. Raises StudyError if a guest and a build have different targets.
    """
    stored: dict[str, PlannedGuest] = {}
    if (plan := stored_plan(store)) is not None:
        stored = {planned.name: planned for planned in plan.guests}
    named = [guest(item, schemas[0].target) if isinstance(item, str) else item for item in guests]
    for item in named:
        _refuse_another_target(item, builds, schemas)
    to_boot: list[AnyGuest] = []
    for item, given in zip(named, guests, strict=True):
        if not isinstance(given, str) or not isinstance(item, Guest):
            to_boot.append(item)
            continue
        restored = _restored(item, stored[given]) if given in stored else None
        to_boot.append(restored or calibrate(item, builds[0].command, baseline.argv, seconds=seconds))
    _refuse_phase_names(to_boot)
    return tuple(to_boot)


def _refuse_phase_names(guests: Sequence[AnyGuest]) -> None:
    names = {item.name for item in guests}
    for item in guests:
        for phase, _ in item.phases if isinstance(item, SerialGuest) else ():
            if (row := Phase(item.name, phase).row) in names:
                raise StudyError(
                    f"guests: {row!r} names a guest, and a phase of {item.name!r}; rename one of them"
                )


def _refuse_another_target(booted: AnyGuest, builds: Sequence[Build], schemas: Sequence[Schema]) -> None:
    if isinstance(booted, CommandGuest):
        return
    for build, schema in zip(builds, schemas, strict=True):
        if (schema.target, booted.target) not in {(booted.target, booted.target), ("i386", "x86_64")}:
            raise StudyError(
                f"guest {booted.name!r} is for {booted.target}, and QEMU {build.name} runs {schema.target}:"
                " name QEMUs of one target, and guests for it"
            )


def _restored(bundled: Guest, stored: PlannedGuest) -> Guest | None:
    """The guest with the work that the store has for it; None if its image or machine has changed since."""
    words = re.search(r" (\d+(?:,\d+){6}) ", stored.fingerprint)
    if words is None:
        return None
    _, n, size, cpus, seed, _, slices = map(int, words[1].split(","))
    restored = bundled.with_work(n=n, size=size, cpus=cpus or 1, seed=seed, slices=slices or 1)
    return restored if restored.fingerprint == stored.fingerprint else None
