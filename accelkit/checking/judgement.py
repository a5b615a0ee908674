"""judgements: everything that a text or a recipe holds, each with the QEMU that was asked and its verdict.

The rules are in the other modules of this package; what a text is, in ``parsing/understanding.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

from accelkit.checking.judge import judge
from accelkit.checking.places import Line, place_of
from accelkit.checking.problem import Problem, Verdict, fatal_first
from accelkit.checking.subject import command_line
from accelkit.errors import AccelkitError, ArgvError, brief, nearest, shown
from accelkit.parsing.command_line import CommandLine
from accelkit.parsing.lines import faults_of, line_of, line_of_accel, lost
from accelkit.parsing.recipes import composed
from accelkit.parsing.sources.command import Command, Note
from accelkit.parsing.understanding import Understood, understand, understand_words
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.points import Points
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Space
from accelkit.schemas import targets
from accelkit.schemas.default import Asked, schema_for
from accelkit.schemas.schema import Schema, check_schema

#: The points of a space, written as text, that are judged.
MOST_POINTS: Final = 1000


class Judgement(NamedTuple):
    """The verdict on one command, one ``-accel`` argument, or one point of a space."""

    verdict: Verdict
    asked: Asked
    command: Command | None = None
    """The command as it stands in the text; None of a recipe and of an ``-accel`` argument."""
    point: Recipe[Any] | Fallback | None = None
    """The point of the space that the text holds."""


def judgements(
    x: Any, schema: Schema | None, target: str | None = None, *, placed: bool = True
) -> tuple[Judgement, ...]:
    """A judgement of each command, or each point of a space, in ``x``; at least one.

    ``schema`` is the QEMU to ask, and the target that a program's name says has its schema, as ``schema_for`` chooses
    it; ``target`` beats that name. Without ``placed`` no problem says where it stands, nor does one of a list of words.
    Raises ComposeError and SchemaError as :func:`accelkit.check` does.
    """
    if schema is not None:
        check_schema(schema, "check")
    if isinstance(x, str):
        return _of_text(x, schema, target, placed=placed)
    if isinstance(x, (list, tuple)) and all(isinstance(word, str) for word in cast("list[Any]", x)):
        return _of_text(cast("Sequence[str]", x), schema, target, placed=False)
    return (of_line(command_line(x), schema_for(target, schema)),)


def _of_text(
    text: str | Sequence[str], schema: Schema | None, target: str | None, *, placed: bool
) -> tuple[Judgement, ...]:
    try:
        understood = understand(text) if isinstance(text, str) else understand_words(text)
        if understood.kind == "accel":
            return (
                of_line(line_of_accel(understood.text, understood.variables), schema_for(target, schema)),
            )
        if understood.swept:
            asked = schema_for(target, schema)
            return tuple([of_line(command_line(point), asked, point=point) for point in _points(understood)])
    except AccelkitError as error:  # a text that is nothing, or a recipe that cannot be
        return (of_line(CommandLine((), faults=(str(error),)), schema_for(target, schema)),)
    return tuple([judgement_of(command, schema, target, placed=placed) for command in understood.commands])


#: What a text has that writes more than one configuration; and the length of the longest that is read to see that.
_VARIES: Final = re.compile(r"\{|each\(|doubling\(")
_LONGEST: Final = 100_000


def space_in(x: Any) -> Space[Any] | Points | None:
    """The space that ``x`` is, or some points of one, or the space that it writes as text; None if it is or writes none."""
    if isinstance(x, (Space, Points)):
        return cast("Any", x)
    if not isinstance(x, str) or len(x) > _LONGEST or _VARIES.search(x) is None:
        return None
    try:
        understood = understand(x)
        value = composed(understood) if understood.swept else None
    except AccelkitError:  # which judgements makes a problem of
        return None
    return value if isinstance(value, Space) else None


def judgement_of(
    command: Command, schema: Schema | None, target: str | None = None, *, placed: bool = True
) -> Judgement:
    """The judgement of one command, by the QEMU that ``schema``, its program's name and ``target`` choose."""
    line = line_of(command)
    named = target or command.target or _target_of_machine(line.machine or "")
    return of_line(line, schema_for(named, schema), command, placed=placed)


#: The beginnings of machines' names that only one target has.
_MACHINES: Final = {"s390-ccw-virtio": "s390x", "pseries": "ppc64", "powernv": "ppc64"}
_NAMES: Final = tuple(_MACHINES)


def _target_of_machine(machine: str) -> str | None:
    """The target of a machine that no other target has, where the program's name does not say it."""
    if not machine.startswith(_NAMES):  # nearly all machines
        return None
    return next(target for name, target in _MACHINES.items() if machine.startswith(name))


def united(judged: Sequence[Judgement]) -> Verdict:
    """One verdict on all of them: accepted if all are, unknown if none is rejected and one is unknown."""
    answers = {judgement.verdict.accepted for judgement in judged}
    accepted = False if False in answers else None if None in answers else True
    problems = [problem for judgement in judged for problem in judgement.verdict.problems]
    return Verdict(accepted, tuple(dict.fromkeys(problems)))


def _points(understood: Understood) -> Sequence[Recipe[Any] | Fallback]:
    value = composed(understood)
    if not isinstance(value, Space):
        return (value,)
    if len(value) > MOST_POINTS:
        raise ArgvError(
            f"{shown(understood.text)}: holds {len(value)} configurations, of which at most {MOST_POINTS} are checked at "
            "once; write fewer values"
        )
    return tuple(cast("Iterable[Any]", value))


def of_line(
    line: CommandLine,
    asked: Asked,
    command: Command | None = None,
    point: Recipe[Any] | Fallback | None = None,
    *,
    placed: bool = True,
) -> Judgement:
    """The judgement of a line, and of what was noticed about the command as it stands in the text."""
    verdict = _unknown(line, asked.target) if asked.schema is None else judge(line, asked.schema)
    if command is not None and (command.notes or (placed and verdict.problems)):
        noticed = [_ignored(note, placed=placed) for note in lost(command)]
        problems = _placed(verdict.problems, command) if placed else verdict.problems
        verdict = Verdict(verdict.accepted, fatal_first([*noticed, *problems]))
    return Judgement(verdict, asked, command, point)


def _placed(problems: Sequence[Problem], command: Command) -> list[Problem]:
    """The problems with their places in the text."""
    places, line = faults_of(command), Line(command.argv)
    return [
        problem._replace(
            place=places.get(f"{problem.why}; {problem.remedy}") or place_of(problem, command, line)
        )
        for problem in problems
    ]


def _unknown(line: CommandLine, target: str) -> Verdict:
    """What is known of a line for a target without a schema: only what no QEMU takes."""
    cut = [fault.rpartition("; ") for fault in line.faults]
    faults = [Problem("refused", None, None, None, why, remedy) for why, _, remedy in cut]
    close = nearest(target, targets())
    remedy = (
        close
        if close.startswith("did")
        else "install that QEMU, or name it: --qemu BIN, in Python probe(BIN)"
    )
    why = f"no schema says what QEMU for {brief(target)} has"
    unknown = Problem("unknown", None, None, None, why, remedy)
    return Verdict(False if faults else None, (*faults, unknown))


def _ignored(note: Note, *, placed: bool) -> Problem:
    why, _, remedy = note.text.rpartition("; ")
    return Problem(
        "ignored", None, None, None, why, remedy, place=(note.line, note.column) if placed else None
    )
