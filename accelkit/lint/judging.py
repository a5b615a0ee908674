"""What a QEMU says about one command of a script, on every way through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from accelkit.checking.judgement import judgement_of
from accelkit.checking.places import Line
from accelkit.checking.problem import Problem, is_fatal
from accelkit.errors import shortened
from accelkit.lint.commands import Chosen
from accelkit.lint.finding import Finding, Findings
from accelkit.lint.paths import Decided
from accelkit.lint.places import character_of
from accelkit.schemas.schema import Schema

#: A script's own arguments: what somebody adds to the command, which is none of its problems.
_PASSED_ON: Final = frozenset({"$@", "${@}", "$*", "%*", "@args", "$args"})
_OF_WINDOWS: Final = frozenset({"cmd", "powershell"})


class _Said(NamedTuple):
    """A problem at its place, and who has it."""

    problem: Problem
    line: int
    column: int
    qemu: str
    rejects: bool


def findings_of(ways: Sequence[Chosen], path: str, schema: Schema | None, target: str | None) -> Findings:
    """What is to be said about a command, which may have other words on each way through its script."""
    asked: list[str] = []
    said: dict[_Said, list[int]] = {}  # and on which of the ways
    for number, way in enumerate(ways):
        judgement = judgement_of(way.command, schema, target)
        accepted, problems = judgement.verdict
        asked.append(judgement.asked.name)
        notes = {(note.line, note.column) for note in way.command.notes}
        words = Line(way.command.argv)
        for problem in problems:
            if problem.kind == "unknown" and problem.accel is None and problem.value in _PASSED_ON:
                continue
            rejects = accepted is False and is_fatal(problem)
            # A script for Windows is run where QEMU is a build for Windows.
            rejects = rejects and not (problem.kind == "build" and way.command.dialect in _OF_WINDOWS)
            if problem.place in notes:
                line, column = problem.place
            else:
                line, column = way.place(*character_of(problem, words))
            one = _Said(problem._replace(place=None), line, column, judgement.asked.name, rejects)
            on = said.setdefault(one, [])
            if number not in on:
                on.append(number)
    return Findings([_finding(path, one, ways, on) for one, on in said.items()], 1, 0, asked)


def _finding(path: str, said: _Said, ways: Sequence[Chosen], on: Sequence[int]) -> Finding:
    problem, line, column, qemu, rejects = said
    kind, when = problem.kind, ""
    if len(on) < len(ways):
        when, certain = _when(ways, on)
        if rejects and not certain:  # nobody can say that these choices ever meet
            kind, rejects = "unknown", False
        elif kind == "build":  # the way may be that of another host, which has another build
            rejects = False
    why = str(problem).removesuffix(f"; {problem.remedy}")
    return Finding(path, line, column, kind, why, problem.remedy, rejects, qemu, when)


def _when(ways: Sequence[Chosen], on: Sequence[int]) -> tuple[str, bool]:
    """What has to be decided for the ways ``on``, and whether they can be: two choices may never meet.

    What one choice alone leads to can be; so can what is so on some turn of a loop, whatever is chosen.
    """
    every = [(number in on, decided) for number, way in enumerate(ways) for decided in way.decided]
    mine = [decided for is_on, decided in every if is_on]
    labels = _alone([(is_on, {*chosen.items(), *turns.items()}) for is_on, (chosen, turns) in every], mine)
    if labels:
        return _label(labels[-1]), True
    whatever_turn: dict[frozenset[tuple[str, str]], bool] = {}
    for is_on, decided in every:
        key = frozenset(decided.chosen.items())
        whatever_turn[key] = whatever_turn.get(key, False) or is_on
    certain = whatever_turn.get(frozenset(), False) or bool(
        _alone([(is_on, {*key}) for key, is_on in whatever_turn.items()], mine)
    )
    (chosen, turns) = mine[0]
    return " and ".join(map(_label, [*chosen.values(), *turns.values()][:3])), certain


def _alone(every: Sequence[tuple[bool, set[tuple[str, str]]]], mine: Sequence[Decided]) -> list[str]:
    """The labels of ``mine`` each of which leads only to what is on; the one that leads to most of it last."""
    found: list[tuple[int, int, str]] = []
    for place, item in enumerate(
        dict.fromkeys(item for chosen, turns in mine for item in (*chosen.items(), *turns.items()))
    ):
        same = [is_on for is_on, items in every if item in items]
        if same and all(same):
            found.append((len(same), -place, item[1]))
    return [label for *_, label in sorted(found)]


def _label(text: str) -> str:
    return shortened(" ".join(text.split()), 80)
