"""Which trials of several stores are the same, and which of them make a block of the merged store. Pure.

A block of a study is known by the study and its number there. Two stores that have it may be copies of one store: then
they share trials, and the block of the merged store has those of both, each once. Or a copy was resumed elsewhere, and both
measured the block anew: then they share no trial, and each is a block of its own. So the blocks of the merged store are the
components of blocks that share a trial, whatever the order of the stores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from accelkit.study.model import Cell
from accelkit.study.store.sources import SourceBlock


class Seen(NamedTuple):
    """A trial in one of the stores: its digest, which is that of its study, its block and its content; where it belongs."""

    digest: str
    where: tuple[int, int]  # the number of the store that it was read from, and of the block there
    block: SourceBlock
    cell: Cell
    rank: int  # its place in the order of its block
    started: float
    is_done: bool

    @property
    def order(self) -> tuple[bool, float, int, str]:
        """Its place among the trials of its block: those to be measured again come first, as the last of a trial counts."""
        return self.is_done, self.started, self.rank, self.digest


class Arranged(NamedTuple):
    """The blocks of a merged store, each with where it is from; and of each trial the block and its place in the store."""

    blocks: tuple[SourceBlock, ...]
    trials: Mapping[str, tuple[int, int]]


def arranged(seen: Iterable[Seen]) -> Arranged:
    """The blocks that trials of several stores make: study by study, each in the order of its blocks.

    >>> one, other = (
    ...     Seen(name, (0, 0), SourceBlock(0, 5), Cell("7.2", "cpu", name), 0, 1.0, True) for name in "ab"
    ... )
    >>> len(arranged([one, other]).blocks), len(arranged([one, other._replace(where=(1, 5))]).blocks)
    (1, 2)
    """
    by_block: dict[SourceBlock, list[Seen]] = defaultdict(list)
    for trial in seen:
        by_block[trial.block].append(trial)
    blocks: list[SourceBlock] = []
    places: dict[str, tuple[int, int]] = {}
    for block in sorted(by_block):
        for trials in sorted(map(_once, _components(by_block[block])), key=lambda part: part[0].order[1:]):
            for trial in trials:
                places[trial.digest] = len(blocks), len(places) + 1
            blocks.append(block)
    return Arranged(tuple(blocks), places)


def _components(trials: Sequence[Seen]) -> Iterator[list[Seen]]:
    """The trials of a block of several stores, in groups: blocks that share a trial are in one."""
    group = {trial.where: trial.where for trial in trials}

    def root(where: tuple[int, int]) -> tuple[int, int]:
        while group[where] != where:
            where = group[where]
        return where

    first: dict[str, tuple[int, int]] = {}
    for trial in trials:
        group[root(trial.where)] = root(first.setdefault(trial.digest, trial.where))
    together: dict[tuple[int, int], list[Seen]] = defaultdict(list)
    for trial in trials:
        together[root(trial.where)].append(trial)
    yield from together.values()


def _once(trials: Sequence[Seen]) -> list[Seen]:
    """Each trial once, in order; of two results of one cell, as after damage to one of two copies, the first measured."""
    kept: list[Seen] = []
    digests: set[str] = set()
    done: set[Cell] = set()
    for trial in sorted(trials, key=lambda trial: trial.order):
        if trial.digest in digests or (trial.is_done and trial.cell in done):
            continue
        digests.add(trial.digest)
        if trial.is_done:
            done.add(trial.cell)
        kept.append(trial)
    return kept
