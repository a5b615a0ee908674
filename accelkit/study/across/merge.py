"""Merge stores: one store with the trials of all, written beside its target and put in its place at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from accelkit.errors import StudyError
from accelkit.study.across.blocks import Seen, arranged
from accelkit.study.across.mergeable import Planned, obstacles
from accelkit.study.across.merged_file import write_merged
from accelkit.study.across.part import Part, all_parts, close
from accelkit.study.model import Damage
from accelkit.study.store.connection import is_unbegun, refuse_special
from accelkit.study.store.errors import as_study_error
from accelkit.study.store.lock import WriterLock
from accelkit.study.store.sources import Source, SourceKey

SUFFIX: Final = ".merging"
"""A merge that was killed leaves a file of this ending; the next one overwrites it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge made: the file, the studies whose trials it has, how many trials and blocks, how many trials are new.

    ``damage`` is what was left out of which store, as it is not as it was written.
    """

    store: str
    sources: tuple[Source, ...]
    trials: int
    blocks: int
    added: int
    damage: tuple[tuple[str, Damage], ...] = ()


def merge(stores: Sequence[str | os.PathLike[str]], into: str | os.PathLike[str]) -> Merged:
    """Writes a store ``into`` a file with the trials of all ``stores``, and says what is in it.

    If ``into`` is a store already, its trials stay: it is merged with the others. No other file is changed. A trial that
    several stores have is there once, so merging a store again, or a merged store with one of its parts, adds nothing;
    neither does the order of the stores change what is in it. Each block stays whole: it gets a new number, and the table
    ``source_block`` has the study that it is from, with its number there; ``source`` has that study's file, host and kernel.
    The intervals of a merged store hold at any time, and are wider than those of a study with a fixed number of blocks.

    The file is written beside ``into`` and put in its place when it is complete and on the disk: whoever kills the merge
    finds ``into`` as it was, and runs it again. A merged store is not resumed: resume its parts and merge again.

    Raises StudyError, with all reasons at once, for stores that cannot be read, and for studies that cannot be merged: of
    another baseline, of a guest of the same name with other work, of a QEMU of the same name with other content; and if
    ``into`` cannot be written. Damaged trials are left out.

    >>> merge(["monday.sqlite", "tuesday.sqlite"], into="both.sqlite").added  # doctest: +SKIP
    160
    """
    given = [os.fspath(store) for store in ([stores] if isinstance(stores, (str, os.PathLike)) else stores)]
    shown = os.fspath(into)
    real = _target(given, shown)
    paths = list(
        {os.path.realpath(path): path for path in (*given, *([] if is_unbegun(real) else [shown]))}.values()
    )
    with as_study_error(shown):
        lock = WriterLock(shown, real)
    try:
        parts = all_parts(paths)
        try:
            made, parts_are_all = _merged(parts, shown, real)
        finally:
            close(parts)
        if not parts_are_all:
            _replace(shown, real)
    finally:
        with suppress(OSError):
            for ending in ("", "-journal"):
                if os.path.exists(f"{real}{SUFFIX}{ending}"):
                    os.unlink(f"{real}{SUFFIX}{ending}")
        lock.release()
    return made


def _target(given: Sequence[str], shown: str) -> str:
    if not given:
        raise StudyError(
            "merge: no store is given; name the stores to merge, and with into= the file to write"
        )
    if not shown:
        raise StudyError(f"into={shown!r}: names no file; give the name of the file to write")
    refuse_special(shown)
    real = os.path.realpath(shown)
    if not os.path.isdir(os.path.dirname(real)):
        raise StudyError(f"into={shown!r}: its folder does not exist; make it first, or give another place")
    return real


def _merged(parts: Sequence[Part], shown: str, real: str) -> tuple[Merged, bool]:
    """Writes the trials of ``parts`` beside the target; what was made, and whether the target has all of it already."""
    if reasons := obstacles([Planned(part.store.path, part.store.plan) for part in parts]):
        lines = "".join(f"\n  {reason}" for reason in reasons)
        raise StudyError(f"merge: these stores cannot be compared:{lines}")
    known: dict[SourceKey, Source] = {}
    for source in (source for part in parts for source in part.sources):
        known[source.key] = min(known.get(source.key, source), source, key=lambda source: source.store)
    sources = tuple(known[key] for key in sorted(known))
    places = {source.key: place for place, source in enumerate(sources)}
    seen: list[Seen] = []
    damage: list[tuple[str, Damage]] = []
    for part in parts:
        damage += [(part.store.path, found) for found in part.store.other_damage()]
        for trial in part.trials(places):
            if isinstance(trial, Damage):
                damage.append((part.store.path, trial))
            else:
                seen.append(trial[0])
    made = arranged(seen)
    target = [part.number for part in parts if os.path.realpath(part.store.path) == real]
    there = {trial.digest for trial in seen if [trial.where[0]] == target}
    added = len(made.trials.keys() - there)
    result = Merged(shown, sources, len(made.trials), len(made.blocks), added, tuple(damage))
    is_there = (
        bool(target) and not added and {source.key for source in parts[target[0]].sources} == set(known)
    )
    if not is_there:
        with as_study_error(shown):
            write_merged(_in_order(parts, places), made, sources, places, f"{real}{SUFFIX}")
    return result, is_there


def _in_order(parts: Sequence[Part], places: Mapping[SourceKey, int]) -> list[Part]:
    """The parts in the order of the studies that they are from, so that the order given does not matter."""
    return sorted(
        parts, key=lambda part: (sorted(places[source.key] for source in part.sources), part.store.path)
    )


def _replace(shown: str, real: str) -> None:
    with as_study_error(shown):
        for ending in ("-wal", "-shm"):  # of the file that is replaced: they must not meet the new one
            with suppress(FileNotFoundError):
                os.unlink(real + ending)
        os.replace(f"{real}{SUFFIX}", real)
        folder = os.open(os.path.dirname(real), os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
