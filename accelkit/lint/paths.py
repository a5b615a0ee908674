"""Paths: the values at one point of each way through a script, and how many ways are followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Final, NamedTuple

from accelkit.lint.expansion import Value
from accelkit.lint.script import ARGUMENTS, Branch, Choice, Text, Use

#: Ways that are followed side by side. Where there are more, each branch of each choice is on one of them.
MOST_WAYS: Final = 16
_MOST_DECIDED: Final = 32


class Decided(NamedTuple):
    """What was decided on a path."""

    chosen: Mapping[str, str]
    """From each condition that only running can tell to the label of the branch that was taken."""
    turns: Mapping[str, str]
    """From each loop to the label of the turn. Every one of these happens, whatever is chosen."""


class Path:
    """The values at one point of one way; what was decided on it; and the values around the calls."""

    __slots__ = ("chosen", "saved", "turns", "values")

    def __init__(
        self,
        values: dict[str, Value | None],
        chosen: dict[str, str] | None = None,
        turns: dict[str, str] | None = None,
        saved: tuple[dict[str, Value | None], ...] = (),
    ) -> None:
        self.values = values
        self.chosen = chosen or {}
        self.turns = turns or {}
        self.saved = saved

    def copy(self) -> Path:
        return Path(dict(self.values), dict(self.chosen), dict(self.turns), self.saved)


def with_decided(before: tuple[Decided, ...], path: Path) -> tuple[Decided, ...]:
    """What was decided on this path and on those before it; of more than can be kept, what they have in common."""
    if len(before) < _MOST_DECIDED:
        one = Decided(dict(path.chosen), dict(path.turns))
        return before if one in before else (*before, one)
    last = before[-1]
    common = (dict(last.chosen.items() & path.chosen.items()), dict(last.turns.items() & path.turns.items()))
    return (*before[:-1], Decided(*common))


def forks(count: int, paths: Sequence[Path], seed: int) -> Iterator[tuple[int, Path]]:
    """Which path takes which of ``count`` branches: each takes all of them, as long as there are few ways.

    Then each takes one, by chance (the same for the same seed), so that no two choices seem to depend on each other.
    Each branch is taken by one at the least.
    """
    if not paths or len(paths) * count <= MOST_WAYS:
        yield from product(range(count), paths)
        return
    order = Random(seed).sample(paths, len(paths))
    for number in range(max(count, len(order))):
        yield number % count, order[number % len(order)]


def fewer(paths: list[Path]) -> list[Path]:
    """The paths that differ, and not too many of them: what was chosen without an effect is forgotten."""
    if len(paths) < 2:
        return paths
    different: dict[object, Path] = {}
    for path in paths:
        effect = frozenset((name, id(value)) for name, value in path.values.items())
        same = different.setdefault((effect, tuple(map(id, path.saved))), path)
        if same is not path:
            same.chosen = dict(same.chosen.items() & path.chosen.items())
            same.turns = dict(same.turns.items() & path.turns.items())
    some = list(different.values())
    return some if len(some) <= MOST_WAYS else some[:: -(-len(some) // MOST_WAYS)]


def narrow(choice: Choice, branch: Branch, path: Path) -> None:
    """What a branch that is taken says about the variable that was compared: ``case $A in kvm)``."""
    if choice.subject is None or branch.patterns is None or len(choice.subject) != 1:
        return
    (use,) = choice.subject
    plain = [pattern for pattern in branch.patterns if not set(pattern) & set("*?[")]
    if isinstance(use, Use) and use.name not in ("", ARGUMENTS) and len(branch.patterns) == len(plain) == 1:
        path.values[use.name] = Value(((Text(plain[0], use.line, use.column),),))
