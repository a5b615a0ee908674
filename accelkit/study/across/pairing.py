"""Which cells of two studies are compared with each other, and why others are not. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accelkit.errors import brief
from accelkit.study.across.mergeable import target_of
from accelkit.study.across.work import work_of
from accelkit.study.model import Build, Cell
from accelkit.study.plan import Plan
from accelkit.study.report.phrases import listed


@dataclass(frozen=True, slots=True)
class Pairing:
    """The ``cells`` that both studies have, as they are called in each; and ``left_out``: what is not compared, and why."""

    cells: tuple[tuple[Cell, Cell], ...]
    left_out: tuple[str, ...]


def pairing(old: Plan, new: Plan, stores: tuple[str, str]) -> Pairing:
    """The cells of the plan ``new`` that ``old`` has, too, guest by guest in the order of ``new``.

    Guests and configurations are paired by their names, if they are the same work and the same options. QEMUs are
    paired by name; if each study has one, these are a pair, whatever their versions.

    >>> from accelkit import kvm, tcg
    >>> from accelkit.study.model import Configuration
    >>> from accelkit.study.plan import StoredGuest
    >>> def plan(version, *points):
    ...     build = Build(version, ("qemu",), version)
    ...     return Plan([build], list(map(Configuration, points)), [StoredGuest("cpu", "")], "tcg")
    >>> pairs = pairing(plan("7.2", tcg(), kvm()), plan("11.1", tcg()), ("a", "b"))
    >>> pairs.cells[0][0].build, pairs.cells[0][1].build, pairs.left_out
    ('7.2', '11.1', ("only a has the configuration 'kvm'",))
    """
    left_out: list[str] = []
    builds = [*_builds(old, new)]
    left_out += _only(
        "QEMU", {a.name for a, _ in builds}, {b.name for _, b in builds}, old.builds, new.builds, stores
    )
    targets = [(a, b) for a, b in builds if target_of(a) != target_of(b)]
    left_out += [
        f"QEMU {b.name}: runs {target_of(b) or 'another target'}, {a.name} in {stores[0]} {target_of(a) or 'another'};"
        " compare QEMUs of one target"
        for a, b in targets
    ]
    guests = {guest.name: guest for guest in old.guests}
    same_guests = [guest for guest in new.guests if guest.name in guests]
    shared = {guest.name for guest in same_guests}
    left_out += _only("guest", shared, shared, old.guests, new.guests, stores)
    other = [
        guest
        for guest in same_guests
        if work_of(guest.fingerprint) != work_of(guests[guest.name].fingerprint)
    ]
    left_out += [
        _other_work(guest.name, guests[guest.name].fingerprint, guest.fingerprint, stores) for guest in other
    ]
    points = {point.name: point for point in old.configurations}
    same = [point for point in new.configurations if point.name in points]
    named = {point.name for point in same}
    left_out += _only("configuration", named, named, old.configurations, new.configurations, stores)
    changed = [point for point in same if point.argv != points[point.name].argv]
    left_out += [
        f"configuration {point.name!r}: the name is that of other options in {stores[0]}" for point in changed
    ]
    cells = tuple(
        (Cell(a.name, guest.name, point.name), Cell(b.name, guest.name, point.name))
        for guest in same_guests
        if guest not in other
        for a, b in builds
        if (a, b) not in targets
        for point in same
        if point not in changed
    )
    return Pairing(cells, tuple(left_out))


def _builds(old: Plan, new: Plan) -> Iterator[tuple[Build, Build]]:
    if len(old.builds) == len(new.builds) == 1:
        yield old.builds[0], new.builds[0]
        return
    named = {build.name: build for build in old.builds}
    for build in new.builds:
        if build.name in named:
            yield named[build.name], build


def _only(
    what: str, in_old: set[str], in_new: set[str], old: object, new: object, stores: tuple[str, str]
) -> Iterator[str]:
    for store, things, shared in ((stores[0], old, in_old), (stores[1], new, in_new)):
        names = [repr(thing.name) for thing in things if thing.name not in shared]  # type: ignore[attr-defined]
        if names:
            yield f"only {store} has the {what}{'s' * (len(names) > 1)} {listed(names)}"


def _other_work(name: str, old: str, new: str, stores: tuple[str, str]) -> str:
    return (
        f"guest {name!r}: does other work in {stores[1]} than in {stores[0]} ({brief(new)}; {brief(old)}); measure once"
        " more with the same guest"
    )
