"""What a study is going to take, and whether it can give a verdict at all: said before anything runs. Pure."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from accelkit.errors import StudyError
from accelkit.guests.catalogue import Guest
from accelkit.guests.makers import AnyGuest
from accelkit.study.analysis.families import Family
from accelkit.study.arguments import spelled
from accelkit.study.progress import duration
from accelkit.study.report.phrases import percent, plural

START: Final = 0.05
"""Seconds that QEMU takes to start and to be asked, beside a guest's run; measured with QEMU 7.2 on 2 cores."""


def undecidable(blocks: int, compared: Sequence[Family], *, in_shell: bool) -> str:
    """Why so many ``blocks`` cannot decide what is ``compared``, and how many can; empty if they can.

    >>> from accelkit.study.analysis.families import families
    >>> from accelkit.study.standards import Standards
    >>> undecidable(8, families(6, 2, 1, Standards()), in_shell=True)
    '8 blocks cannot decide 10 comparisons, at least 9 are needed: --blocks 9'
    """
    short = [family for family in compared if blocks < family.fewest]
    if not short:
        return ""
    family = max(short, key=lambda row: row.fewest)
    of = f" of {family.of}" if len(compared) > 1 else ""
    need = spelled("blocks", family.fewest, in_shell=in_shell)
    return (
        f"{plural(blocks, 'block')} cannot decide {plural(family.comparisons, 'comparison')}{of},"
        f" at least {family.fewest} are needed: {need}"
    )


def refuse_undecidable(
    blocks: int | None, stored: int, compared: Sequence[Family], *, in_shell: bool
) -> None:
    """Raises StudyError for a number of ``blocks`` that cannot give a verdict; ``stored`` are in the store already."""
    if blocks is not None and (why := undecidable(max(blocks, stored), compared, in_shell=in_shell)):
        anyway = spelled("anyway", True, in_shell=in_shell)
        raise StudyError(f"{why}; to measure without a verdict: {anyway}")


def trial_seconds(guests: Sequence[AnyGuest], calibrated: Container[str], run_seconds: float) -> float | None:
    """About how many seconds a trial takes; None if a guest's run has an unknown length.

    Guests whose names are ``calibrated`` run for about ``run_seconds``.

    >>> from accelkit.guests import guest
    >>> trial_seconds([guest("cpu"), guest("none")], {"cpu"}, 0.5), trial_seconds([guest("cpu")], (), 0.5)
    (0.3, None)
    """
    total = 0.0
    for item in guests:
        has_work = not isinstance(item, Guest) or item.n > 0
        if has_work and item.name not in calibrated:
            return None
        total += START + run_seconds * has_work
    return round(total / len(guests), 9)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a study is going to take; its text says it on one line.

    ``cells`` are the trials of a block. ``blocks``, ``seconds`` and ``precision`` are the budget. ``stored`` counts the
    trials that the store has, ``dropped`` those that need no measuring within ``blocks``. ``pace`` is in seconds per
    trial, None where it is unknown.
    """

    store: str
    cells: int
    compared: tuple[Family, ...]
    blocks: int | None = None
    seconds: float | None = None
    precision: float | None = None
    stored: int = 0
    stored_blocks: int = 0
    dropped: int = 0
    pace: float | None = None
    spent: float = 0.0
    in_shell: bool = False

    @property
    def total(self) -> int | None:
        """The trials of all blocks together; None without a number of ``blocks``."""
        return None if self.blocks is None else max(0, self.cells * self.blocks - self.dropped)

    @property
    def left(self) -> int | None:
        """The trials that are still to be measured; None without a number of ``blocks``."""
        return None if self.total is None else max(0, self.total - self.stored)

    @property
    def expected_blocks(self) -> int | None:
        """About how many blocks there will be at the end; None where nobody can say yet."""
        limits = [] if self.blocks is None else [max(self.blocks, self.stored_blocks)]
        if self.seconds is not None and self.pace:
            more = max(0.0, self.seconds - self.spent) / (self.pace * self.cells)
            limits.append(self.stored_blocks + math.floor(more))
        return min(limits, default=None)

    def __str__(self) -> str:
        """The study in one line.

        >>> from accelkit.study.analysis.families import families
        >>> from accelkit.study.standards import Standards
        >>> print(Forecast("s.sqlite", 6, families(6, 1, 1, Standards()), blocks=20, pace=0.55))
        s.sqlite: 120 trials (20 blocks of 6), about 1 min 6 s; enough to decide 5 comparisons (at least 8 blocks)
        """
        return f"{self.store}: {self._size()}; {self.verdict}"

    def _size(self) -> str:
        parts: list[str] = []
        if self.left is not None and self.blocks is not None:
            whole = f"{plural(self.total or 0, 'trial')} ({plural(self.blocks, 'block')} of {self.cells})"
            done = (self.total or 0) - self.left
            parts.append(f"{done} of {whole} stored, {self.left} to go" if self.stored else whole)
            if self.left:
                parts.append(
                    f"about {duration(self.left * self.pace)}"
                    if self.pace
                    else "how long is known after some"
                )
        elif self.stored:
            parts.append(f"{plural(self.stored, 'trial')} stored")
        if self.seconds is not None:
            rest = max(0.0, self.seconds - self.spent)
            parts.append(
                f"{'at most ' * (self.blocks is not None)}{duration(rest)}{' more' * bool(self.stored)}"
            )
            if self.pace and self.blocks is None:
                blocks = math.floor(rest / (self.pace * self.cells))
                parts[-1] += f" for about {plural(blocks, 'block')} of {plural(self.cells, 'trial')}"
        if self.precision is not None:
            blocks = f"blocks of {plural(self.cells, 'trial')} " * (not parts)
            parts.append(f"{blocks}until every interval is narrower than {percent(self.precision)}")
        return ", ".join(parts)

    @property
    def verdict(self) -> str:
        """Whether there can be a verdict, and what it takes."""
        blocks = self.expected_blocks
        least = max((family.fewest for family in self.compared), default=0)
        is_short = blocks is not None and blocks < least
        if not is_short or self.seconds is None or (self.blocks is not None and self.blocks < least):
            return outlook(blocks, self.compared, in_shell=self.in_shell)
        need = math.ceil(self.spent + (least - self.stored_blocks) * self.cells * (self.pace or 0.0)) + 1
        time = spelled("time", f"{need}s" if self.in_shell else need, in_shell=self.in_shell)
        return f"too short: {_needs(self.compared)} at least {least} blocks, about {time}"


def outlook(blocks: int | None, compared: Sequence[Family], *, in_shell: bool = False) -> str:
    """Whether so many ``blocks`` can decide what is ``compared``, and the fewest that can.

    >>> from accelkit.study.analysis.families import families
    >>> from accelkit.study.standards import Standards
    >>> outlook(20, families(6, 2, 1, Standards()))
    'enough to decide 10 comparisons (at least 9 blocks)'
    >>> outlook(None, families(2, 1, 2, Standards()))
    '2 comparisons of configurations and 2 comparisons of builds need at least 7 blocks'
    """
    if not compared:
        return "nothing to compare: it has one configuration on one QEMU"
    least = max(family.fewest for family in compared)
    if blocks is None:
        return f"{_needs(compared)} at least {least} blocks"
    return undecidable(blocks, compared, in_shell=in_shell) or (
        f"enough to decide {_comparisons(compared)} (at least {least} blocks)"
    )


def _needs(compared: Sequence[Family]) -> str:
    is_one = sum(family.comparisons for family in compared) == 1
    return f"{_comparisons(compared)} {'needs' if is_one else 'need'}"


def _comparisons(compared: Sequence[Family]) -> str:
    several = len(compared) > 1
    return " and ".join(
        plural(family.comparisons, "comparison") + f" of {family.of}" * several for family in compared
    )
