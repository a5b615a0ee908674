"""Verdicts of several QEMUs: in runs of releases, and each problem said once, with the releases that have it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from accelkit.checking.problem import Problem, Verdict
from accelkit.schemas.schema import Schema


class Shared(NamedTuple):
    """A problem that several QEMUs have, in words that name none of them: for each subject, the places of these QEMUs."""

    problem: Problem
    places: dict[int, tuple[int, ...]]


def said_once(verdicts: Sequence[Sequence[Verdict]], schemas: Sequence[Schema]) -> tuple[Shared, ...]:
    """Every problem once, in the order in which they come; ``verdicts`` has a row for each subject, a column for each QEMU.

    >>> from accelkit import bundled, verdict
    >>> qemus = [bundled("5.2"), bundled("6.0"), bundled("7.2")]
    >>> [shared] = said_once([[verdict("kvm,notify-vmexit=run", qemu) for qemu in qemus[:2]]], qemus[:2])
    >>> shared.problem.why, shared.places
    ("kvm has no property 'notify-vmexit'", {0: (0, 1)})
    """
    found: dict[Problem, dict[int, list[int]]] = {}
    for subject, row in enumerate(verdicts):
        for place, (answer, schema) in enumerate(zip(row, schemas, strict=True)):
            for problem in answer.problems:
                places = found.setdefault(_of_any(problem, schema), {}).setdefault(subject, [])
                places += [place] * (place not in places)
    return tuple(
        Shared(problem, {subject: tuple(places) for subject, places in by_subject.items()})
        for problem, by_subject in found.items()
    )


def _of_any(problem: Problem, schema: Schema) -> Problem:
    """The problem without the name of the QEMU that has it, and without what holds for one text alone."""

    def plain(text: str) -> str:
        return text.replace(f" of {schema.name}", "").replace(schema.name, "QEMU")

    return problem._replace(why=plain(problem.why), remedy=plain(problem.remedy), fix=(), place=None)


def runs_of(keys: Sequence[Hashable], schemas: Sequence[Schema]) -> list[range]:
    """The places of ``schemas`` in runs: neighbours of one target, older before newer, that have the same key.

    >>> from accelkit import bundled
    >>> runs_of("aab", [bundled("5.2"), bundled("7.2"), bundled("10.0")])
    [range(0, 2), range(2, 3)]
    """
    cuts = [
        place
        for place, (one, other) in enumerate(pairwise(zip(keys, schemas, strict=True)), 1)
        if one[0] != other[0] or one[1].target != other[1].target or one[1].version > other[1].version
    ]
    ends = [*cuts, len(schemas)] if schemas else []
    return [range(start, end) for start, end in zip([0, *cuts], ends, strict=False)]


def releases_of(places: Collection[int], schemas: Sequence[Schema]) -> str:
    """The releases of the QEMUs at ``places``, neighbours together; with the target where there are several.

    >>> from accelkit import bundled
    >>> qemus = [bundled(version) for version in ("5.2", "7.2", "10.0", "11.1")]
    >>> releases_of((0, 1, 3), qemus), releases_of((1,), qemus), releases_of(range(4), qemus)
    ('5.2 to 7.2, 11.1', '7.2', '5.2 to 11.1')
    """
    runs = (
        run
        for run in runs_of([place in places for place in range(len(schemas))], schemas)
        if run[0] in places
    )
    several = len({schema.target for schema in schemas}) > 1
    return ", ".join(
        f"{text} ({schemas[run[0]].target})" if several else text
        for run in runs
        for text in [" to ".join(dict.fromkeys(_versions(schemas, (run[0], run[-1]))))]
    )


def _versions(schemas: Sequence[Schema], places: Collection[int]) -> Iterator[str]:
    """The release of each, or the whole version where two are of one release."""
    for place in places:
        version, target = schemas[place].version, schemas[place].target
        minors = [other.version[:2] for other in schemas if other.target == target]
        numbers = version if minors.count(version[:2]) > 1 else version[:2]
        yield ".".join(map(str, numbers))
