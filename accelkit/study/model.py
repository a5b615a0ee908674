"""What a study is made of: builds, configurations, trials, and the record of each. Plain data.

A trial is one boot: a configuration of one QEMU build with one guest, in one block. Its id is a hash of
what is asked, so that a trial done once is known again whatever happened in between.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from accelkit.errors import AccelkitError
from accelkit.measure.outcome import NO_VALUE, NOT_DONE, Cause
from accelkit.parsing.expression import evaluate
from accelkit.parsing.recipes import parse, recipes_of
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import render
from accelkit.recipes.space import Space
from accelkit.syntax.option_map import OptionMap


class PlannedGuest(Protocol):
    """What a guest must say of itself to be planned: a name, and all that makes it this guest."""

    @property
    def name(self) -> str:
        """How the guest is called in tables; unique in a study."""
        ...

    @property
    def fingerprint(self) -> str:
        """Text that changes when the guest's image or work does."""
        ...

    @property
    def code(self) -> str:
        """The call that makes it again, as Python; empty for what is known by its name."""
        ...


@dataclass(frozen=True, slots=True)
class Build:
    """One QEMU under test: the command that starts it, and what it says it is."""

    name: str  # unique in a study: the version, or a label
    command: tuple[str, ...]
    version: str  # as --version has it, with the package


@dataclass(frozen=True, slots=True)
class Configuration:
    """One point of a sweep: its recipe, and what follows from it.

    ``name`` is unique in a study: the rendered text. ``argv`` is what QEMU is given, ``code`` the recipe as
    Python source. ``settings`` has each property as text, those of a fallback's later alternatives under
    ``accelerator property``; ``accelerators`` are those asked for, in the order in which QEMU tries them.

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
            object.__setattr__(self, "name", self.name or " else ".join(argv[1::2]))
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


class Cell(NamedTuple):
    """What is measured once a block: a configuration of a build with a guest, all by name."""

    build: str
    guest: str
    configuration: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One boot that is planned. ``position`` counts all trials of the study in the order planned."""

    build: str
    guest: str
    configuration: str
    block: int
    position: int = field(compare=False)

    @property
    def id(self) -> str:
        """16 hexadecimal digits, the same for the same question whenever it is asked (BLAKE2b)."""
        key = json.dumps([self.build, self.guest, self.configuration, self.block])
        return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()

    @property
    def cell(self) -> Cell:
        """What the trial measures, whichever the block."""
        return Cell(self.build, self.guest, self.configuration)


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one trial. Times are in seconds, memory in KiB, slices in the guest's ticks.

    ``value`` is what is compared, smaller is better: the fastest slice's ticks for a bundled guest,
    seconds for others; None where the trial failed.
    """

    trial: Trial
    cause: Cause
    why: str = ""
    value: float | None = None
    unit: str = "ticks"
    slices: tuple[int, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict[str, float])  # of a Linux boot, seconds
    wall: float = 0.0
    user: float = 0.0
    system: float = 0.0
    max_rss: int | None = None
    voluntary_switches: int = 0
    involuntary_switches: int = 0
    status: int | None = (
        None  # of QEMU; minus the signal, so -9 for a bundled guest, which is killed when done
    )
    accelerator: str = ""  # the one that really ran
    counters: Mapping[str, float] = field(default_factory=dict[str, float])  # QEMU's own, as flushes
    started: float = 0.0  # seconds since the epoch
    load: float = 0.0  # the host's load average over a minute, before the trial
    steal: float = 0.0  # share of CPU time that the hypervisor below took, during the trial
    stderr: str = ""

    @property
    def ok(self) -> bool:
        """Whether the trial gave a figure that may be compared: a number above 0."""
        return self.cause == "ok" and self.value is not None and 0 < self.value < math.inf

    @property
    def failure(self) -> str:
        """The cause where there is no figure to compare, ``no-value`` if that is "ok"; empty where there is one."""
        return "" if self.ok else NO_VALUE if self.cause == "ok" else self.cause

    @property
    def done(self) -> bool:
        """Whether the trial is answered. If not, it is measured again: the host failed, not the trial."""
        return self.cause not in NOT_DONE
