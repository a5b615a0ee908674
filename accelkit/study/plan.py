"""What a study asks, and in which order. Pure.

Randomised complete blocks: each block has every configuration with every guest on every build
once, in an order of its own, so that a host which slows down or speeds up meets all alike, and what
is compared was measured within one block.

The order follows from the seed alone: a trial's place is the rank of a hash of seed, block and
trial. So it is the same on every machine and Python, whatever was dropped from the block, in
whatever order the configurations are listed, and wherever a study is gone on with.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from accelkit.errors import StudyError, nearest
from accelkit.study.model import Build, Cell, Configuration, PlannedGuest, Trial
from accelkit.study.swept import ABSENT, SweptProperty, axes_of


@dataclass(frozen=True, slots=True)
class Plan:
    """A study: builds × configurations × guests, in blocks without end; the budget is another's.

    ``baseline`` names the configuration that the others are compared with. Raises StudyError if
    there is nothing to measure, a name is given twice or cannot be shown, the baseline is not among
    the configurations, or the seed is no whole number of 64 bits.

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
    """All that a block measures, in the order listed."""
    axes: Mapping[str, SweptProperty] = field(init=False, repr=False, compare=False)
    """The properties that vary, by name, in the order of QEMU's manual."""
    settings: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)
    """Of each configuration, by name, the value of each property that varies."""

    def __post_init__(self) -> None:
        for name in ("builds", "configurations", "guests"):
            given = tuple(getattr(self, name))
            _refuse_unusable(name, given)
            object.__setattr__(self, name, given)
        names = [configuration.name for configuration in self.configurations]
        if self.baseline not in names:
            raise StudyError(
                f"baseline={self.baseline!r}: not among the configurations; {nearest(self.baseline, names)}"
            )
        if type(self.seed) is not int:
            raise StudyError(f"seed={self.seed!r}: takes a whole number, as 0")
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
        """The trials of block ``number``, from 0 on, in the order in which to run them.

        What is ``dropped`` leaves a gap in the positions: the others keep theirs.
        """
        ranked = sorted(self.cells, key=lambda cell: _rank(self.seed, number, cell))
        return tuple(
            Trial(cell.build, cell.guest, cell.configuration, number, position)
            for position, cell in enumerate(ranked, number * len(ranked))
            if cell not in dropped
        )

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits, the same for plans by which one study can be gone on with."""
        facts = {
            "builds": sorted((each.name, each.version, *each.command) for each in self.builds),
            "configurations": sorted((each.name, *each.argv) for each in self.configurations),
            "guests": sorted((each.name, each.fingerprint) for each in self.guests),
            "baseline": self.baseline,
            "seed": self.seed,
        }
        return hashlib.blake2b(json.dumps(facts).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class StoredGuest:
    """A guest of which no more is known than its name and what told it from others, as in a store."""

    name: str
    fingerprint: str
    code: str = field(default="", compare=False)


def differences(stored: Plan, asked: Plan) -> tuple[str, ...]:
    """What keeps the study ``asked`` for from going on with the one ``stored``, a line each.

    >>> from accelkit import tcg
    >>> builds, guests = [Build("7.2", ("qemu",), "7.2.22")], [StoredGuest("cpu", "")]
    >>> points = [Configuration(tcg())]
    >>> differences(Plan(builds, points, guests, "tcg"), Plan(builds, points, guests, "tcg", seed=1))
    ('seed: 0 is stored, 1 was given',)
    """

    def compare(what: str, old: dict[str, str], new: dict[str, str]) -> Iterable[str]:
        for name in {**old, **new}:
            if name not in new:
                yield f"{what} {name!r}: is stored, was not given"
            elif name not in old:
                yield f"{what} {name!r}: was given, is not stored"
            elif old[name] != new[name]:
                yield f"{what} {name!r}: {old[name]} is stored, {new[name]} was given"

    def builds(plan: Plan) -> dict[str, str]:
        return {each.name: f"{each.version} by {json.dumps(each.command)}" for each in plan.builds}

    def configurations(plan: Plan) -> dict[str, str]:
        return {each.name: json.dumps(each.argv) for each in plan.configurations}

    def guests(plan: Plan) -> dict[str, str]:
        return {each.name: repr(each.fingerprint) for each in plan.guests}

    found = [
        *compare("QEMU build", builds(stored), builds(asked)),
        *compare("configuration", configurations(stored), configurations(asked)),
        *compare("guest", guests(stored), guests(asked)),
    ]
    if stored.baseline != asked.baseline:
        found.append(f"baseline: {stored.baseline!r} is stored, {asked.baseline!r} was given")
    if stored.seed != asked.seed:
        found.append(f"seed: {stored.seed} is stored, {asked.seed} was given")
    return tuple(found)


def _rank(seed: int, block: int, cell: Cell) -> bytes:
    key = json.dumps([seed, block, *cell])
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


def _refuse_unusable(what: str, given: Sequence[Build | Configuration | PlannedGuest]) -> None:
    if not given:
        raise StudyError(f"{what}: none given; there is nothing to measure without, give at least one")
    name, count = Counter(each.name for each in given).most_common(1)[0]
    if count > 1:
        how = " by name=" if what == "guests" else ""
        raise StudyError(f"{what}: {name!r} is there {count} times; give each a name of its own{how}, once")
    for each in given:
        if not each.name or not each.name.isprintable():
            raise StudyError(f"{what}: {each.name!r} cannot be a name; give one of printable characters")
