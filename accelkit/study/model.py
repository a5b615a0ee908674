"""What a study is made of: builds, configurations, trials and their records. Plain data.

A trial is one boot: a configuration of one QEMU build with one guest, in one block. Its id is a hash of
these names, so that an interrupted study recognises the trials that it has.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from accelkit.errors import AccelkitError, visible_line
from accelkit.measure.outcome import NO_VALUE, NOT_DONE, Cause
from accelkit.parsing.notation import evaluate
from accelkit.parsing.recipes import parse, recipes_of
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import render
from accelkit.recipes.space import Space
from accelkit.syntax.option_map import OptionMap


class PlannedGuest(Protocol):
    """What a plan needs of a guest: a name, and text that identifies its image and work."""

    @property
    def name(self) -> str:
        """The name in tables; unique in a study."""
        ...

    @property
    def fingerprint(self) -> str:
        """Text that changes when the guest's image or work changes."""
        ...

    @property
    def code(self) -> str:
        """The call that makes the guest, as Python source; empty for a bundled guest, whose name is enough."""
        ...


SIMULATED: Final = "simulated"
"""The name of the build of a study that a function measures, where the user gives none."""


@dataclass(frozen=True, slots=True)
class Build:
    """One QEMU under test: the command that starts it, and the version that it prints.

    >>> Build("11.1", ("/opt/qemu-11/bin/qemu-system-x86_64",), "11.1.3").name
    '11.1'
    """

    name: str  # unique in a study: the version, or a label
    command: tuple[str, ...]
    version: str  # as --version prints it, with the package
    digest: str = ""  # of what is run, by accelkit.qemu.identity; empty where that is unknown

    @property
    def is_simulated(self) -> bool:
        """Whether a function stands in place of QEMU, so that there is no command."""
        return not self.command


@dataclass(frozen=True, slots=True)
class Configuration:
    """One point of a sweep: its recipe, and what follows from it.

    ``name`` is unique in a study: the rendered text, as messages and tables can show it. ``argv`` is what QEMU
    is given, ``code`` the recipe as Python source. ``settings`` has each property as text, those of a
    fallback's later alternatives under ``accelerator property``; ``accelerators`` are those asked for, in the
    order in which QEMU tries them.

    A store keeps name, argv and code as they were measured (:func:`stored_configuration`). ``recipe`` is None
    where this version can read neither code nor argv: such a configuration has its name and no settings.

    Raises ComposeError for a recipe that chooses no accelerator.

    >>> from accelkit import first_of, kvm, tb_size, tcg
    >>> point = Configuration(first_of(kvm(), tcg() | tb_size(64)))
    >>> point.name, dict(point.settings)
    ('kvm else tcg,tb-size=64', {'accel': 'kvm then tcg', 'tcg tb-size': '64'})
    """

    recipe: Recipe[Any] | Fallback | None = field(compare=False)
    name: str = ""
    argv: tuple[str, ...] = ()
    code: str = ""
    settings: Mapping[str, str] = field(init=False, repr=False, compare=False)
    accelerators: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        recipe = self.recipe
        alternatives = () if recipe is None else recipe if isinstance(recipe, Fallback) else (recipe,)
        if recipe is not None:
            argv = self.argv or tuple(render(recipe))
            object.__setattr__(self, "argv", argv)
            object.__setattr__(self, "name", self.name or visible_line(" else ".join(argv[1::2])))
            object.__setattr__(self, "code", self.code or repr(recipe))
        maps = tuple(map(fold, alternatives))
        object.__setattr__(self, "settings", _settings(maps))
        named = dict.fromkeys(options["accel"] for options in maps if "accel" in options)
        object.__setattr__(self, "accelerators", tuple(named))


def _settings(maps: Sequence[OptionMap]) -> dict[str, str]:
    settings = {"accel": " then ".join(options.get("accel", "") for options in maps)} if maps else {}
    for place, options in enumerate(maps):
        prefix = f"{options.get('accel', '')} " if place else ""
        settings |= {f"{prefix}{key}": value for key, value in options.items() if key != "accel"}
    return settings


def stored_configuration(name: str, argv: Sequence[str], code: str = "") -> Configuration:
    """The configuration that was measured under ``name`` with ``argv``; its recipe is that of ``code``.

    The argv is read instead where the code cannot be read, or renders to another argv.

    >>> stored_configuration("it", ["-accel", "tcg,tb-size=64"]).recipe
    tcg() | tb_size(64)
    >>> stored_configuration("refused", ["-accel", "tcg,=,"]).recipe is None
    True
    """
    words = tuple(argv)
    recipe = None
    with suppress(AccelkitError):
        if code:
            point = evaluate(code)
            recipe = None if isinstance(point, Space) or tuple(render(point)) != words else point
    if recipe is None:
        with suppress(AccelkitError):
            recipe, code = recipes_of(parse(words)), ""
    return Configuration(recipe, name, words, code)


class Damage(NamedTuple):
    """Something in a store that is not as it was written: where, such as "trial 17", and what is wrong."""

    where: str
    why: str


class Cell(NamedTuple):
    """What each block measures once: a configuration of a build with a guest, all by name."""

    build: str
    guest: str
    configuration: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One planned boot. ``position`` counts all trials of the study in the planned order.

    >>> Trial("7.2", "cpu", "tcg,tb-size=64", block=0, position=3).cell
    Cell(build='7.2', guest='cpu', configuration='tcg,tb-size=64')
    """

    build: str
    guest: str
    configuration: str
    block: int
    position: int = field(compare=False)

    @property
    def id(self) -> str:
        """16 hexadecimal digits: a hash (BLAKE2b) of build, guest, configuration and block."""
        key = json.dumps([self.build, self.guest, self.configuration, self.block])
        return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()

    @property
    def cell(self) -> Cell:
        """What the trial measures, without the block."""
        return Cell(self.build, self.guest, self.configuration)


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one trial. Times are in seconds, memory in KiB, slices in the guest's ticks.

    ``value`` is what is compared, smaller is better: the fastest slice's ticks for a bundled guest,
    seconds for other guests; None where the trial failed.

    >>> record = Record(Trial("7.2", "cpu", "tcg", 0, 0), "ok", value=22_341_876.0)
    >>> record.ok, record.unit, Record(record.trial, "timeout").failure
    (True, 'ticks', 'timeout')
    """

    trial: Trial
    cause: Cause
    why: str = ""
    value: float | None = None
    unit: str = "ticks"
    slices: tuple[int, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict[str, float])  # seconds that each lasted
    wall: float = 0.0
    user: float = 0.0
    system: float = 0.0
    max_rss: int | None = None
    voluntary_switches: int = 0
    involuntary_switches: int = 0
    status: int | None = (
        None  # QEMU's exit status, or minus the signal: -9 for a bundled guest, which is killed when done
    )
    accelerator: str = ""  # the one that ran
    counters: Mapping[str, float] = field(default_factory=dict[str, float])  # counted by QEMU, as tb-flushes
    started: float = 0.0  # seconds since the epoch
    load: float = 0.0  # the host's load average over a minute, before the trial
    steal: float = 0.0  # share of CPU time that the hypervisor gave to others during the trial
    stderr: str = ""
    host: str = ""  # the name of the host that ran it; empty for the study's own

    @property
    def ok(self) -> bool:
        """Whether the trial gave a value to compare: a finite number above 0."""
        return self.cause == "ok" and self.value is not None and 0 < self.value < math.inf

    @property
    def failure(self) -> str:
        """The cause of a trial without a value to compare, ``no-value`` if its cause is "ok"; else empty."""
        return "" if self.ok else NO_VALUE if self.cause == "ok" else self.cause

    @property
    def done(self) -> bool:
        """Whether the trial has its result. If not, the host failed, and the trial is measured again."""
        return self.cause not in NOT_DONE
