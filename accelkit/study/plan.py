"""The plan of a study: what is measured, and in which order. Pure.

Randomised complete blocks: each block has every configuration with every guest on every build once, in
its own random order. A host that slows down or speeds up affects all of them alike, and only trials of
one block are compared.

The order follows from the seed alone: a trial's place is the rank of a hash of seed, block and cell. So it
is the same on every machine and Python version, whatever was dropped from the block, in whatever order
the configurations are listed, and wherever a study is resumed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from accelkit.errors import StudyError, nearest, visible_line
from accelkit.study.model import Build, Cell, Configuration, PlannedGuest, Trial
from accelkit.study.swept import ABSENT, SweptProperty, axes_of


@dataclass(frozen=True, slots=True)
class Plan:
    """A study: builds × configurations × guests, in any number of blocks; the runner has the budget.

    ``baseline`` names the configuration that the others are compared with. Raises StudyError if
    there is nothing to measure, two things share a name, a name cannot be printed, the baseline is not
    among the configurations, or the seed is not a whole number of 64 bits.

    >>> from accelkit import kvm, tcg
    >>> plan = Plan(
    ...     builds=[Build("7.2", ("qemu-system-x86_64",), "7.2.22")],
    ...     configurations=[Configuration(tcg()), Configuration(kvm())],
    ...     guests=[StoredGuest("cpu", "cpu 1000"), StoredGuest("io", "io 1000")],
    ...     baseline="tcg",
    ... )
    >>> [(trial.guest, trial.configuration) for trial in plan.block(0)]
    [('cpu', 'kvm'), ('io', 'tcg'), ('cpu', 'tcg'), ('io', 'kvm')]
    """

    builds: Sequence[Build]
    configurations: Sequence[Configuration]
    guests: Sequence[PlannedGuest]
    baseline: str
    seed: int = 0
    cells: tuple[Cell, ...] = field(init=False, repr=False, compare=False)
    """What a block measures, in the order listed."""
    axes: Mapping[str, SweptProperty] = field(init=False, repr=False, compare=False)
    """The properties that vary, by name, in the order of QEMU's manual."""
    settings: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)
    """Of each configuration, by name, the value of each property that varies."""

    def __post_init__(self) -> None:
        for name in ("builds", "configurations", "guests"):
            items = tuple(getattr(self, name))
            _refuse_unusable(name, items)
            object.__setattr__(self, name, items)
        names = [configuration.name for configuration in self.configurations]
        if self.baseline not in names:
            raise StudyError(
                f"baseline={self.baseline!r}: not among the configurations; {nearest(self.baseline, names)}"
            )
        if type(self.seed) is not int:
            raise StudyError(f"seed={self.seed!r}: takes a whole number such as 0")
        if not -(1 << 63) <= self.seed < 1 << 63:
            raise StudyError(f"seed={self.seed}: does not fit into 64 bits; give a smaller one")
        factors = product(self.builds, self.guests, self.configurations)
        cells = tuple(Cell(build.name, guest.name, point.name) for build, guest, point in factors)
        object.__setattr__(self, "cells", cells)
        axes = axes_of(self.configurations)
        settings = {
            point.name: {axis: point.settings.get(axis, ABSENT) for axis in axes}
            for point in self.configurations
        }
        object.__setattr__(self, "axes", axes)
        object.__setattr__(self, "settings", settings)

    def block(self, number: int, dropped: frozenset[Cell] = frozenset()) -> tuple[Trial, ...]:
        """The trials of block ``number``, counted from 0, in the order in which to run them.

        The others keep their positions where a cell was ``dropped``.
        """
        ranked = in_random_order(self.cells, self.seed, number)
        return tuple(
            Trial(cell.build, cell.guest, cell.configuration, number, position)
            for position, cell in enumerate(ranked, number * len(ranked))
            if cell not in dropped
        )

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits, the same for all plans that can resume one study."""
        facts = {
            "builds": sorted((build.name, build.version, *build.command) for build in self.builds),
            "configurations": sorted((point.name, *point.argv) for point in self.configurations),
            "guests": sorted((guest.name, guest.fingerprint) for guest in self.guests),
            "baseline": self.baseline,
            "seed": self.seed,
        }
        return hashlib.blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredGuest:
    """A guest as a store has it: its name, its fingerprint and its code, without an image."""

    name: str
    fingerprint: str
    code: str = field(default="", compare=False)


def differences(stored: Plan, new: Plan) -> tuple[str, ...]:
    """Why the ``stored`` study cannot be resumed with the ``new`` plan, one reason a line.

    >>> from accelkit import tcg
    >>> builds, guests = [Build("7.2", ("qemu",), "7.2.22")], [StoredGuest("cpu", "")]
    >>> points = [Configuration(tcg())]
    >>> differences(Plan(builds, points, guests, "tcg"), Plan(builds, points, guests, "tcg", seed=1))
    ('seed: 0 is stored, 1 was given',)
    """

    def compare(what: str, before: dict[str, str], after: dict[str, str]) -> Iterable[str]:
        for name in {**before, **after}:
            if name not in after:
                yield f"{what} {name!r}: is stored, was not given"
            elif name not in before:
                yield f"{what} {name!r}: was given, is not stored"
            elif before[name] != after[name]:
                yield f"{what} {name!r}: {before[name]} is stored, {after[name]} was given"

    def builds(plan: Plan) -> dict[str, str]:
        return {build.name: f"{build.version} by {json.dumps(build.command)}" for build in plan.builds}

    def configurations(plan: Plan) -> dict[str, str]:
        return {point.name: json.dumps(point.argv) for point in plan.configurations}

    def guests(plan: Plan) -> dict[str, str]:
        return {guest.name: repr(guest.fingerprint) for guest in plan.guests}

    lines = [
        *compare("QEMU build", builds(stored), builds(new)),
        *_other_binaries(stored, new),
        *compare("configuration", configurations(stored), configurations(new)),
        *compare("guest", guests(stored), guests(new)),
    ]
    if stored.baseline != new.baseline:
        lines.append(f"baseline: {stored.baseline!r} is stored, {new.baseline!r} was given")
    if stored.seed != new.seed:
        lines.append(f"seed: {stored.seed} is stored, {new.seed} was given")
    return tuple(lines)


def _other_binaries(stored: Plan, new: Plan) -> Iterable[str]:
    """Builds of the same name and version that are another binary; an older store does not know which it had."""
    before = {(build.name, build.version, build.command): build.digest for build in stored.builds}
    for build in new.builds:
        digest = before.get((build.name, build.version, build.command), "")
        if digest and build.digest and digest != build.digest:
            yield (
                f"QEMU {build.name} ({' '.join(build.command)}) is another binary than the one that was measured:"
                f" its content is {build.digest[:8]}, that of the stored one {digest[:8]}; to compare both, keep both"
                " under their own paths, and study them with qemu=[…] in a new store"
            )


def in_random_order(cells: Iterable[Cell], seed: int, block: int) -> list[Cell]:
    """The cells of a block in the order in which to run them; it follows from seed, block and cell alone."""
    return sorted(cells, key=lambda cell: _rank(seed, block, cell))


def _rank(seed: int, block: int, cell: Cell) -> bytes:
    key = json.dumps([seed, block, *cell])
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


def _refuse_unusable(what: str, items: Sequence[Build | Configuration | PlannedGuest]) -> None:
    if not items:
        raise StudyError(f"{what}: none given; there is nothing to measure without, give at least one")
    name, count = Counter(item.name for item in items).most_common(1)[0]
    if count > 1:
        how = " by name=" if what == "guests" else ""
        raise StudyError(f"{what}: {count} are named {name!r}; names must differ: give each its own{how}")
    for item in items:
        if not item.name or visible_line(item.name) != item.name:
            raise StudyError(f"{what}: {item.name!r} cannot be a name; give one of printable characters")
