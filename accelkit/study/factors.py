"""What a study varies, from what the user wrote: builds, configurations, guests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence, Sized
from typing import Any, Final, cast

from accelkit.checking.check import verdict
from accelkit.errors import StudyError
from accelkit.guests.catalogue import Guest, guest
from accelkit.guests.custom import CommandGuest
from accelkit.guests.makers import AnyGuest
from accelkit.measure.calibrate import calibrate
from accelkit.qemu.binary import find
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Points, Space
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema
from accelkit.study.model import Build, Configuration, PlannedGuest
from accelkit.study.store.reader import read_store

Swept = Space[Any] | Points | Recipe[Any] | Fallback | Iterable[Recipe[Any] | Fallback]
Qemu = str | Sequence[str]
MOST_POINTS: Final = 100_000


def builds_of(qemu: Any) -> tuple[tuple[Build, ...], tuple[Schema, ...]]:
    """The QEMUs under test and their schemas, asked of each. A list holds one each; text is one.

    Raises QemuError where one is missing or does not answer.
    """
    given = list(cast("Sequence[Any]", qemu)) if isinstance(qemu, (list, tuple)) else [qemu]
    commands = [find(each) for each in given]
    schemas = tuple(map(probe, commands))
    names = [".".join(map(str, schema.version)) for schema in schemas]
    if len(set(names)) < len(names):  # two builds of one version: told apart by their commands
        names = [f"{name} ({' '.join(command)})" for name, command in zip(names, commands, strict=True)]
    builds = tuple(
        Build(name, command, f"{'.'.join(map(str, schema.version))} {schema.package}".strip())
        for name, command, schema in zip(names, commands, schemas, strict=True)
    )
    return builds, schemas


def configurations_of(space: Swept, baseline: Configuration | None) -> tuple[Configuration, ...]:
    """Every point of ``space``, once, and the baseline, first where it is no point.

    Raises StudyError for no point, and for more than anybody measures: they would fill the memory.
    """
    given: Any = space
    size = given.size if isinstance(given, Space) else len(given) if isinstance(given, Sized) else 1
    if not 0 < size <= MOST_POINTS:
        raise StudyError(
            f"space: has {size} points; give 1 to {MOST_POINTS}, as by space.sample(100, seed=1)"
        )
    points: Iterable[Any] = (space,) if isinstance(space, (Recipe, Fallback)) else space
    found = {each.name: each for each in map(Configuration, cast("Iterable[Any]", points))}
    if baseline is not None and baseline.name not in found:
        found = {baseline.name: baseline, **found}
    return tuple(found.values())


def refuse_rejected(configurations: Sequence[Configuration], schemas: Sequence[Schema]) -> None:
    """StudyError with every problem, if any of the QEMUs would refuse any of the configurations."""
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
    """The guests to boot: those given by name calibrated under the baseline, or as the store has them.

    They are for the target of the first build. StudyError if a guest is for another target than a build.
    """
    given = (guests,) if isinstance(guests, str) else guests
    stored: dict[str, PlannedGuest] = {}
    if os.path.exists(store):
        with read_store(store) as opened:
            stored = {work.name: work for work in opened.plan.guests}
    booted: list[AnyGuest] = []
    for each in given:
        if not isinstance(each, str):
            _refuse_another_target(each, builds, schemas)
            booted.append(each)
            continue
        known = guest(each, schemas[0].target)
        _refuse_another_target(known, builds, schemas)
        again = _restored(known, stored[each]) if each in stored else None
        booted.append(again or calibrate(known, builds[0].command, baseline.argv, seconds=seconds))
    return tuple(booted)


def _refuse_another_target(given: AnyGuest, builds: Sequence[Build], schemas: Sequence[Schema]) -> None:
    if isinstance(given, CommandGuest):
        return
    for build, schema in zip(builds, schemas, strict=True):
        if (schema.target, given.target) not in {(given.target, given.target), ("i386", "x86_64")}:
            raise StudyError(
                f"guest {given.name!r} is for {given.target}, and QEMU {build.name} runs {schema.target}:"
                " name QEMUs of one target, and guests for it"
            )


def _restored(known: Guest, stored: PlannedGuest) -> Guest | None:
    """The guest with the work that a store has it with; None where image or machine are others now."""
    words = re.search(r" (\d+(?:,\d+){6}) ", stored.fingerprint)
    if words is None:
        return None
    _, n, size, cpus, seed, _, slices = map(int, words[1].split(","))
    again = known.with_work(n=n, size=size, cpus=cpus or 1, seed=seed, slices=slices or 1)
    return again if again.fingerprint == stored.fingerprint else None
