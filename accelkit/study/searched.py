"""What a store keeps of a tuning: what was asked for, the points that were tried, and the blocks in which. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accelkit.study.model import Configuration, Trial, stored_configuration


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tuning was asked for; only the same call resumes it.

    ``space`` is Python source or the names of the points, ``size`` the number of points. ``weights`` has each guest's,
    ``goals`` those of ``time`` and ``max_rss``. ``max_rss`` is the most memory of a trial in KiB, ``trials`` and
    ``seconds`` are the budget; each is None without one.
    """

    space: str
    size: int
    weights: Mapping[str, float]
    goals: Mapping[str, float]
    max_rss: int | None = None
    trials: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TriedPoint:
    """A point that was tried: its ``number`` in the order tried, from 1 on, and its ``place`` in the space.

    Once the search has ended, ``ratio`` estimates its cost as a multiple of the baseline's, as a logarithm, ``spread``
    is the standard deviation of that, and ``dropped`` says why it is no finalist; empty for a finalist.
    """

    number: int
    place: int
    name: str
    argv: tuple[str, ...]
    code: str
    ratio: float | None = None
    spread: float | None = None
    dropped: str = ""

    @property
    def configuration(self) -> Configuration:
        """The point as a configuration; its code is read anew each time."""
        return stored_configuration(self.name, self.argv, self.code)


@dataclass(frozen=True, slots=True)
class SearchBlock:
    """A block of the search: the numbers of its points, in the order in which they were chosen.

    ``position`` is that of its first trial.
    """

    number: int
    position: int
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PointTrial(Trial):
    """A trial of a search: it brings its configuration along, since no list of all points is made."""

    point: Configuration = field(compare=False)


@dataclass(frozen=True, slots=True)
class Tuning:
    """A tuning as its store has it: what was asked for, what proposes points, and the plan of the confirming study.

    ``first`` is the number of that study's first block, ``blocks`` how many it has; both are None while it is searched.
    """

    terms: Terms
    sampler: str
    first: int | None = None
    blocks: int | None = None


def other_terms(stored: Terms, new: Terms) -> tuple[str, ...]:
    """Why a tuning cannot be resumed with ``new`` terms, one reason a line.

    >>> stored = Terms("tcg()", 1, {"smp": 1.0}, {"time": 1.0}, trials=400)
    >>> other_terms(stored, Terms("tcg()", 1, {"smp": 2.0}, {"time": 1.0}, trials=500))
    ('guests: smp counts 1 is stored, smp counts 2 was given', 'trials: 400 is stored, 500 was given')
    """
    return tuple(_other_terms(stored, new))


def _other_terms(stored: Terms, new: Terms) -> Iterable[str]:
    def weighted(weights: Mapping[str, float]) -> str:
        return ", ".join(f"{name} counts {weight:g}" for name, weight in sorted(weights.items()))

    def limit(kib: int | None) -> str:
        return "none" if kib is None else f"{kib} KiB"

    if (stored.space, stored.size) != (new.space, new.size):
        yield f"space: {_short(stored)} is stored, {_short(new)} was given"
    for name, before, after in (
        ("guests", weighted(stored.weights), weighted(new.weights)),
        ("goals", weighted(stored.goals), weighted(new.goals)),
        ("max_rss", limit(stored.max_rss), limit(new.max_rss)),
        ("trials", f"{stored.trials or 'none'}", f"{new.trials or 'none'}"),
        ("time", _seconds(stored.seconds), _seconds(new.seconds)),
    ):
        if before != after:
            yield f"{name}: {before} is stored, {after} was given"


def _seconds(seconds: float | None) -> str:
    return "none" if seconds is None else f"{seconds:g} s"


def _short(terms: Terms) -> str:
    text = terms.space if len(terms.space) <= 100 else f"{terms.space[:99]}…"
    return f"{text} ({terms.size} points)"
