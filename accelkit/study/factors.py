"""The builds, configurations and guests of a study, from the user's arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Sized
from typing import Any, Final, cast

from accelkit.checking.check import verdict
from accelkit.errors import StudyError, visible_line
from accelkit.guests.catalogue import Guest, guest
from accelkit.guests.custom import CommandGuest, SerialGuest
from accelkit.guests.makers import AnyGuest
from accelkit.measure.calibrate import calibrate
from accelkit.qemu import identity
from accelkit.qemu.binary import find
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Points, Space
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema
from accelkit.study.analysis.phases import Phase
from accelkit.study.model import Build, Configuration, PlannedGuest
from accelkit.study.store.reader import stored_plan

Swept = Space[Any] | Points | Recipe[Any] | Fallback | Iterable[Recipe[Any] | Fallback]
Qemu = str | Sequence[str]
MOST_POINTS: Final = 100_000


def builds_of(qemu: Any) -> tuple[tuple[Build, ...], tuple[Schema, ...]]:
    """The QEMUs under test, and the schema of each, probed. A list has one QEMU per item; text is one QEMU.

    Raises QemuError if one is missing or does not answer.
    """
    qemus = list(cast("Sequence[Any]", qemu)) if isinstance(qemu, (list, tuple)) else [qemu]
    commands = list(map(find, qemus))
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


def configurations_of(space: Swept, baseline: Configuration | None) -> tuple[Configuration, ...]:
    """Every point of ``space`` once; the baseline comes first if it is not one of them.

    Raises StudyError for a space without points, and for one of more than 100,000: they would fill the memory.
    """
    swept: Any = space
    size = swept.size if isinstance(swept, Space) else len(swept) if isinstance(swept, Sized) else 1
    if not 0 < size <= MOST_POINTS:
        raise StudyError(
            f"space: has {size} points; give 1 to {MOST_POINTS}, as by space.sample(100, seed=1)"
        )
    points: Iterable[Any] = (space,) if isinstance(space, (Recipe, Fallback)) else space
    named = {point.name: point for point in map(Configuration, cast("Iterable[Any]", points))}
    if baseline is not None and baseline.name not in named:
        named = {baseline.name: baseline, **named}
    return tuple(named.values())


def refuse_rejected(configurations: Sequence[Configuration], schemas: Sequence[Schema]) -> None:
    """Raises StudyError, which lists every problem, if a QEMU would refuse a configuration."""
    problems = [
        f"{configuration.name}: {problem.why}; {problem.remedy}"
        for configuration in configurations
        for schema in schemas
        for problem in verdict(list(configuration.argv), schema).problems
        if problem.kind in ("refused", "build")
    ]
    if problems:
        raise StudyError(f"{len(problems)} problems before the first run: {' | '.join(problems)}")


def guests_of(
    guests: Sequence[str | AnyGuest] | str,
    builds: Sequence[Build],
    schemas: Sequence[Schema],
    baseline: Configuration,
    store: str,
    seconds: float,
) -> tuple[AnyGuest, ...]:
    """The guests to boot. Those given by name are calibrated under the baseline, or have the work that the store has.

    They are for the target of the first build. Raises StudyError if a guest and a build have different targets.
    """
    listed = (guests,) if isinstance(guests, str) else guests
    stored: dict[str, PlannedGuest] = {}
    if (plan := stored_plan(store)) is not None:
        stored = {planned.name: planned for planned in plan.guests}
    to_boot: list[AnyGuest] = []
    for item in listed:
        if not isinstance(item, str):
            _refuse_another_target(item, builds, schemas)
            to_boot.append(item)
            continue
        bundled = guest(item, schemas[0].target)
        _refuse_another_target(bundled, builds, schemas)
        restored = _restored(bundled, stored[item]) if item in stored else None
        to_boot.append(restored or calibrate(bundled, builds[0].command, baseline.argv, seconds=seconds))
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
