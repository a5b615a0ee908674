"""What a study varies, from what the user wrote: builds, configurations, guests; and the budget's words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from accelkit.argv import render
from accelkit.check import verdict
from accelkit.errors import StudyError
from accelkit.fallback import Fallback
from accelkit.guests.catalogue import Guest, guest
from accelkit.guests.foreign import AnyGuest
from accelkit.live import probe
from accelkit.qemu.binary import find
from accelkit.qemu.calibrate import calibrated
from accelkit.recipe import Recipe
from accelkit.schema import Schema
from accelkit.space import Points, Space
from accelkit.study.stored import read_store
from accelkit.study.trial import Build, Configuration, Work

Swept = Space[Any] | Points | Recipe[Any] | Fallback | Iterable[Recipe[Any] | Fallback]
Qemu = str | Sequence[str]

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


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


def configuration_of(recipe: Recipe[Any] | Fallback) -> Configuration:
    """The point as a study has it: named by the text that is rendered.

    >>> from accelkit import tb_size, tcg
    >>> configuration_of(tcg() | tb_size(64)).name
    'tcg,tb-size=64'
    """
    argv = tuple(render(recipe))
    return Configuration(" else ".join(argv[1::2]), argv, repr(recipe))


def configurations_of(space: Swept, baseline: Configuration | None) -> tuple[Configuration, ...]:
    """Every point of ``space``, once, and the baseline, first where it is no point."""
    points: Iterable[Any] = (space,) if isinstance(space, (Recipe, Fallback)) else space
    found = {each.name: each for each in map(configuration_of, cast("Iterable[Any]", points))}
    if baseline is not None and baseline.name not in found:
        found = {baseline.name: baseline, **found}
    return tuple(found.values())


def refuse_rejected(configurations: Sequence[Configuration], schemas: Sequence[Schema]) -> None:
    """StudyError with every problem, if any of the QEMUs would refuse any of the configurations."""
    problems = [
        f"{configuration.name} on {schema.name}: {problem}"
        for configuration in configurations
        for schema in schemas
        for problem in verdict(list(configuration.argv), schema).problems
        if problem.kind in ("refused", "build")
    ]
    if problems:
        raise StudyError(f"{len(problems)} problems before the first run:\n  " + "\n  ".join(problems))


def guests_of(
    guests: Sequence[str | AnyGuest] | str, build: Build, baseline: Configuration, store: str, seconds: float
) -> tuple[AnyGuest, ...]:
    """The guests to boot: those given by name calibrated under the baseline, or as the store has them."""
    given = (guests,) if isinstance(guests, str) else guests
    stored: dict[str, Work] = {}
    if os.path.exists(store):
        with read_store(store) as opened:
            stored = {work.name: work for work in opened.plan.guests}
    booted: list[AnyGuest] = []
    for each in given:
        if not isinstance(each, str):
            booted.append(each)
            continue
        known = guest(each, _target_of(build))
        again = _restored(known, stored[each]) if each in stored else None
        booted.append(again or calibrated(known, build.command, baseline.argv, seconds=seconds))
    return tuple(booted)


def _target_of(build: Build) -> str:
    program = build.command[-1].rpartition("/")[2]
    return program.removeprefix("qemu-system-") if program.startswith("qemu-system-") else "x86_64"


def _restored(known: Guest, stored: Work) -> Guest | None:
    """The guest with the work that a store has it with; None where image or machine are others now."""
    words = re.search(r" (\d+(?:,\d+){6}) ", stored.fingerprint)
    if words is None:
        return None
    _, n, size, cpus, seed, _, slices = map(int, words[1].split(","))
    again = known.with_work(n=n, size=size, cpus=cpus or 1, seed=seed, slices=slices or 1)
    return again if again.fingerprint == stored.fingerprint else None


def seconds_of(time: float | str | None) -> float | None:
    """Seconds from a number, or text such as ``90s``, ``10m``, ``1.5h``; raises StudyError.

    >>> seconds_of("10m")
    600.0
    """
    if time is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd]?)", str(time).strip())
    if match is None or isinstance(time, bool) or float(match[1]) <= 0:
        raise StudyError(f"time: got {time!r}; takes seconds, or text such as '90s', '10m' or '2h'")
    return float(match[1]) * _UNITS[match[2] or "s"]


def share_of(precision: float | str | None) -> float | None:
    """A share from a number below 1, or text such as ``2%``; raises StudyError.

    >>> share_of("2%")
    0.02
    """
    if precision is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", str(precision).strip())
    share = None if match is None else float(match[1]) / (100 if match[2] else 1)
    if share is None or isinstance(precision, bool) or not 0 < share < 1:
        raise StudyError(f"precision: got {precision!r}; takes a share such as 0.02, or text such as '2%'")
    return share
