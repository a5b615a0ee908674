"""StudyForm: a study that is not prepared yet, as a value: what it takes, why it cannot start, and its code. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from accelkit.guests.catalogue import GUESTS, Guest, guest
from accelkit.guests.effects import EFFECTS
from accelkit.guests.listing import shows
from accelkit.recipes.factors import Alternatives, Axis
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.forms import imports_for
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.study.analysis.families import Family, families
from accelkit.study.forecast import outlook, trial_seconds, undecidable
from accelkit.study.points import MOST_POINTS
from accelkit.study.progress import duration
from accelkit.study.report.phrases import listed, plural
from accelkit.study.standards import DEFAULT_BLOCKS, RUN_SECONDS, Standards
from accelkit.syntax.shell_words import shell_line


@dataclass(frozen=True, slots=True)
class StudyForm:
    """What the user chose for a study of ``space``; ``qemu`` and ``store`` are empty for those that ``study`` takes.

    >>> from accelkit import each, tb_size, tcg
    >>> form = StudyForm(tcg() | tb_size(each(8, 64)), ("tb-thrash",))
    >>> print(form.size)
    2 points × 20 blocks × 1 guest: 40 trials, about 22 s
    >>> print(form.python)
    from accelkit import each, tb_size, tcg
    from accelkit.study import study
    <BLANKLINE>
    study(tcg() | tb_size(each(8, 64)), ['tb-thrash'], blocks=20)
    """

    space: Space[Any]
    guests: tuple[str, ...]
    target: str = "x86_64"
    blocks: int = DEFAULT_BLOCKS
    seconds: float = RUN_SECONDS
    qemu: str = ""
    store: str = ""

    @property
    def size(self) -> str:
        """The points, trials and time, as one line."""
        trials = self.space.size * self.blocks * len(self.guests)
        line = f"{plural(self.space.size, 'point')} × {plural(self.blocks, 'block')} × {plural(len(self.guests), 'guest')}"
        chosen = [guest(name, self.target) for name in self.guests]
        pace = trial_seconds(chosen, self.guests, self.seconds) if chosen else None
        time = f", about {duration(trials * pace)}" if pace else ""
        return f"{line}: {plural(trials, 'trial')}{time}"

    @property
    def outlook(self) -> str:
        """Whether so many blocks can decide it."""
        return outlook(self.blocks, self._compared)

    @property
    def blocks_needed(self) -> int | None:
        """The fewest blocks that can decide it, where there are fewer; None where there are enough."""
        least = max((family.fewest for family in self._compared), default=0)
        return least if self.blocks < least else None

    @property
    def refusal(self) -> str:
        """Why it cannot start; empty where nothing is known against it. The QEMU and the store may still refuse it."""
        if not any(item.target == self.target for item in GUESTS):
            return (
                f"no bundled guest is for {self.target}: write the study in Python, with linux(…) or disk(…)"
            )
        if not self.guests:
            return "no guest is chosen: add one"
        if self.space.size > MOST_POINTS:
            return f"{self.space.size} points are more than {MOST_POINTS}: remove some"
        return undecidable(self.blocks, self._compared, in_shell=False)

    @property
    def python(self) -> str:
        """The call of ``study`` that does the same."""
        code = repr(self.space)
        arguments = [
            code,
            repr(list(self.guests)),
            *(f"{name}={value!r}" for name, value in self.options.items()),
        ]
        return f"{imports_for(code)}\nfrom accelkit.study import study\n\nstudy({', '.join(arguments)})"

    @property
    def shell(self) -> str:
        """The command of a shell that does the same."""
        words = ["accelkit", "study", repr(self.space)]
        for name in self.guests:
            words += ["--guest", name]
        for name, value in self.options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return shell_line(words)

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of ``study`` beside the space and the guests; those that it takes anyway are left out."""
        options: dict[str, Any] = {"blocks": self.blocks}
        if self.seconds != RUN_SECONDS:
            options["run_seconds"] = self.seconds
        if self.qemu not in ("", "qemu-system-x86_64"):
            options["qemu"] = self.qemu
        if self.store:
            options["store"] = self.store
        return options

    @property
    def _compared(self) -> tuple[Family, ...]:
        return families(self.space.size, max(1, len(self.guests)), 1, Standards())


def swept_options(space: Space[Any]) -> tuple[str, ...]:
    """The options that vary in ``space``, as QEMU names them, in the order in which they stand.

    >>> from accelkit import each, tb_size, tcg, thread
    >>> swept_options(tcg() | thread("multi") | tb_size(each(8, 64)))
    ('tb-size',)
    """
    return tuple(dict.fromkeys(key for factor in space.factors for key in _varied(factor)))


def _varied(factor: Recipe[Any] | Axis | Alternatives) -> Iterator[str]:
    match factor:
        case Axis(choices=choices):
            yield from (key for choice in cast("tuple[Any, ...]", choices) for key in _written(choice))
        case Alternatives(parts=parts):
            spaces = [cast("Space[Any]", part) for part in parts if isinstance(part, Space)]
            yield from (key for space in spaces for key in swept_options(space))
        case Recipe():
            pass


def _written(choice: Recipe[Any] | Space[Any] | Fallback) -> Iterator[str]:
    """The options that one choice of an axis writes, besides the accelerator."""
    match choice:
        case Recipe():
            yield from (put.key for put in choice.steps if put.key != "accel")
        case Space():
            yield from (key for factor in choice.factors for key in _of_factor(factor))
        case Fallback():
            yield from (key for part in choice.alternatives for key in _written(part))


def _of_factor(factor: Recipe[Any] | Axis | Alternatives) -> Iterator[str]:
    yield from _written(factor) if isinstance(factor, Recipe) else _varied(factor)


def guests_for(options: tuple[str, ...], target: str) -> tuple[Guest, ...]:
    """The bundled guests that end well: first those that show an effect of one of ``options``, in their order.

    >>> [item.name for item in guests_for(("thread",), "x86_64")][:3]
    ['smp', 'smplock', 'none']
    """
    fitting = [item for item in GUESTS if item.target == target and item.workload.ends == "ok"]
    return tuple(sorted(fitting, key=lambda item: not any(shows(item, option) for option in options)))


def proposed(options: tuple[str, ...], target: str) -> tuple[str, ...]:
    """The guest to begin with: the first that shows an effect of the first option for which there is one, else cpu.

    >>> proposed(("split-wx", "thread"), "x86_64"), proposed((), "x86_64"), proposed((), "riscv64")
    (('smc',), ('cpu',), ())
    """
    fitting = [item for option in options for item in guests_for((option,), target) if shows(item, option)]
    return tuple(
        item.name
        for item in (*fitting, *(item for item in GUESTS if item.target == target and item.name == "cpu"))
    )[:1]


def guest_label(item: Guest, options: tuple[str, ...]) -> str:
    """A guest in the list: what it does, and the options of which it shows an effect.

    >>> print(guest_label(guest("smp"), ("thread",)))
    smp: the work of cpu on every vCPU at once; shows thread
    """
    seen = [option for option in options if shows(item, option)]
    return f"{item.name}: {item.workload.does}" + (f"; shows {listed(seen)}" if seen else "")


def guest_meaning(item: Guest, options: tuple[str, ...]) -> str:
    """What a chosen guest does, how large an effect of ``options`` is, and which guests show one where it does not.

    >>> print(guest_meaning(guest("smp"), ("thread",)))
    smp: the work of cpu on every vCPU at once. thread=multi: half as long with 2 vCPUs, on cores that are free.
    >>> print(guest_meaning(guest("cpu"), ("tb-size",)))
    cpu: integer arithmetic in registers. It shows no effect of tb-size; tb-thrash and indirect do.
    """
    text = f"{item.name}: {item.workload.does}."
    for option in options:
        effect = next((row for row in EFFECTS.get(item.work, ()) if row.property == option), None)
        others = [other.name for other in guests_for((option,), item.target) if shows(other, option)]
        if effect is not None:
            text += f" {option}={effect.size}."
        elif others:
            text += (
                f" It shows no effect of {option}; {listed(others)} {'do' if len(others) > 1 else 'does'}."
            )
    return text
