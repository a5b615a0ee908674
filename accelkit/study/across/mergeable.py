"""Whether studies can be merged: every reason against it at once, each with what to do; and their common plan. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from accelkit.errors import brief
from accelkit.study.across.work import work_of
from accelkit.study.model import Build, Configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.syntax.shell_words import shell_line

T = TypeVar("T", Build, Configuration, StoredGuest)


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of the study in a store, and the store's name."""

    store: str
    plan: Plan


def target_of(build: Build) -> str:
    """The target of a build, by the name of its program; empty where that does not say it.

    >>> target_of(Build("7.2", ("/usr/bin/qemu-system-aarch64",), "7.2.22"))
    'aarch64'
    """
    words = (match[1] for word in build.command if (match := re.search(r"qemu-system-(\w+)$", word)))
    return next(words, "")


def obstacles(studies: Sequence[Planned]) -> tuple[str, ...]:
    """Why trials of these ``studies`` cannot stand in one store, a reason each, with what to do; empty if they can.

    >>> from accelkit import kvm, tcg
    >>> builds, guests = [Build("7.2", ("qemu",), "7.2.22")], [StoredGuest("cpu", "")]
    >>> points = [Configuration(tcg()), Configuration(kvm())]
    >>> one, other = (Plan(builds, points, guests, name) for name in ("tcg", "kvm"))
    >>> print(*obstacles([Planned("a.sqlite", one), Planned("b.sqlite", other)]))
    baseline: 'tcg' in a.sqlite, 'kvm' in b.sqlite; measure one of them again with the other's --baseline
    """
    return tuple(dict.fromkeys(_obstacles(studies)))


def _obstacles(studies: Sequence[Planned]) -> Iterator[str]:
    first, *others = studies
    for other in others:
        pair = first, other
        one, two = first.plan, other.plan
        stores = shell_line([first.store, other.store])
        if one.baseline != two.baseline:
            yield _differ(pair, "baseline", repr(one.baseline), repr(two.baseline)) + (
                "measure one of them again with the other's --baseline"
            )
        for a, b in _shared(one.builds, two.builds):
            yield from _builds(pair, a, b)
        for a, b in _shared(_guests(one), _guests(two)):
            if work_of(a.fingerprint) != work_of(b.fingerprint):
                yield _differ(
                    pair, f"guest {a.name!r}", *(brief(guest.fingerprint or "unknown") for guest in (a, b))
                ) + (
                    "it does other work, or its image is another; measure one of them again with the other's guest"
                )
        for a, b in _shared(one.configurations, two.configurations):
            if a.argv != b.argv:
                yield _differ(
                    pair, f"configuration {a.name!r}", *(brief(shell_line(point.argv)) for point in (a, b))
                ) + ("measure one of them again")
        if not set(_names(one.builds)) & set(_names(two.builds)):
            yield _differ(pair, "QEMU", *(", ".join(_names(plan.builds)) for plan in (one, two))) + (
                "what ran on different QEMUs has no block in common; compare the stores instead: accelkit compare"
                f" {stores}"
            )
        if not set(_names(_guests(one))) & set(_names(_guests(two))):
            yield _differ(pair, "guests", *(", ".join(_names(_guests(plan))) for plan in (one, two))) + (
                "without a guest in common there is nothing to merge; keep both stores"
            )


def _builds(pair: tuple[Planned, Planned], a: Build, b: Build) -> Iterator[str]:
    both = "measure both in one study, with qemu=[…], or compare the stores: accelkit compare " + shell_line(
        [study.store for study in pair]
    )
    if target_of(a) != target_of(b):
        yield (
            _differ(pair, f"QEMU {a.name}: target", target_of(a) or "unknown", target_of(b) or "unknown")
            + both
        )
    elif a.version != b.version:
        yield _differ(pair, f"QEMU {a.name}: version", repr(a.version), repr(b.version)) + both
    elif a.digest and b.digest and a.digest != b.digest:
        yield (
            _differ(pair, f"QEMU {a.name}: content", a.digest[:8], b.digest[:8])
            + f"they are two binaries; {both}"
        )


def _differ(pair: tuple[Planned, Planned], what: str, one: str, other: str) -> str:
    return f"{what}: {one} in {pair[0].store}, {other} in {pair[1].store}; "


def _guests(plan: Plan) -> tuple[StoredGuest, ...]:
    return tuple(StoredGuest(guest.name, guest.fingerprint, guest.code) for guest in plan.guests)


def _names(things: Sequence[T]) -> tuple[str, ...]:
    return tuple(thing.name for thing in things)


def _shared(one: Sequence[T], other: Sequence[T]) -> Iterator[tuple[T, T]]:
    named = {thing.name: thing for thing in other}
    return ((thing, named[thing.name]) for thing in one if thing.name in named)


def united(plans: Sequence[Plan]) -> Plan:
    """The plan that has all that ``plans`` have, which are no :func:`obstacles` to each other; seed and order of the first.

    What one store does not know, the digest of a build or the code of a guest, is that of the next which does.
    """
    builds: dict[str, Build] = {}
    guests: dict[str, StoredGuest] = {}
    points: dict[str, Configuration] = {}
    for plan in plans:
        for build in plan.builds:
            known = builds.setdefault(build.name, build)
            builds[build.name] = replace(known, digest=known.digest or build.digest)
        for guest in _guests(plan):
            known_guest = guests.setdefault(guest.name, guest)
            guests[guest.name] = replace(known_guest, code=known_guest.code or guest.code)
        for point in plan.configurations:
            points.setdefault(point.name, point)
    first = plans[0]
    return Plan(
        tuple(builds.values()), tuple(points.values()), tuple(guests.values()), first.baseline, first.seed
    )
