"""``accelkit check``: verdicts as text, as JSON, and line by line as a stream; and the lines mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import Any, Final, NamedTuple, TextIO

from accelkit.checking.judgement import Judgement, judgement_of, judgements, united
from accelkit.checking.problem import Problem, Verdict, subject_of
from accelkit.checking.shown import row_of
from accelkit.cli.bounded_input import bounded_lines
from accelkit.cli.mending import mended_text, shell_text
from accelkit.cli.output import print_blocks, print_error
from accelkit.cli.qemu_words import Subject
from accelkit.document import Table
from accelkit.errors import brief, visible_line
from accelkit.parsing.sources.command import Command
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import shell
from accelkit.schemas.schema import Schema
from accelkit.syntax.limits import LONGEST_LINE
from accelkit.syntax.shell_words import shell_line

#: Exit statuses. 2 is usage or failure.
ACCEPTED: Final = 0
REJECTED: Final = 1
UNKNOWN: Final = 3
_WORDS: Final = {True: "accept", False: "reject", None: "unknown"}
_MARKS: Final = {True: "✓", False: "✗", None: "?"}


class Question(NamedTuple):
    """Whom to ask: a schema, or None for the installed QEMU; and the target, where an option names it."""

    schema: Schema | None
    target: str | None = None


class _Answer(NamedTuple):
    """A judgement, what was judged as one line, and where that begins if the text holds several."""

    text: str
    judgement: Judgement
    line: int | None = None


def status_of(verdicts: Iterable[bool | None]) -> int:
    """The exit status: one that is rejected decides, then one that is unknown.

    >>> status_of([True, None]), status_of([None, False])
    (3, 1)
    """
    accepted = set(verdicts)
    return REJECTED if False in accepted else UNKNOWN if None in accepted else ACCEPTED


def check_all(checked: Sequence[Subject], question: Question, *, as_json: bool, fix: bool) -> int:
    """Print a verdict for each command in each subject, with its problems below; the exit status."""
    answers = [
        _answer_of(subject, judgement, several=len(judged) > 1)
        for subject in checked
        for judged in [judgements(subject, *question)]
        for judgement in judged
    ]
    return _print(answers, as_json=as_json, fix=fix)


def check_domains(domains: Iterable[tuple[str, Command]], question: Question, *, as_json: bool) -> int:
    """Print a verdict for each domain: that on the command line that libvirt makes of it; the exit status."""
    answers = [
        _Answer(f"{name}: {shell_line(command.argv)}", judgement_of(command, *question))
        for name, command in domains
    ]
    return _print(answers, as_json=as_json, fix=False)


def _print(answers: Sequence[_Answer], *, as_json: bool, fix: bool) -> int:
    if fix:
        return _print_mended(answers, as_json=as_json)
    if as_json:
        import json

        print(json.dumps([_as_data(*answer) for answer in answers], indent=1))
    else:
        for text, judgement, line in answers:
            accepted, problems = judgement.verdict
            where = "" if line is None else f"line {line}: "
            word = f"{_MARKS[accepted]} {_WORDS[accepted]}"
            print(f"{word}  {where}{visible_line(text) or repr('')}  [{judgement.asked.name}]")
            if problems:
                rows = (
                    row_of(problem, _placed(problem, judgement.command), visible_line(subject_of(problem)))
                    for problem in problems
                )
                print_blocks([Table((), tuple(rows))], "  ")
    return status_of(answer.judgement.verdict.accepted for answer in answers)


def _print_mended(answers: Sequence[_Answer], *, as_json: bool) -> int:
    """Print each line as mended, and on stderr what is left of its problems; the exit status of the mended lines."""
    lines = [mended_text(text, judgement) for text, judgement, _ in answers]
    if as_json:
        import json

        rows = [
            _as_data(*answer) | {"mended": text, "mended_accepted": verdict.accepted}
            for answer, (text, verdict) in zip(answers, lines, strict=True)
        ]
        print(json.dumps(rows, indent=1))
    else:
        for answer, (text, verdict) in zip(answers, lines, strict=True):
            print(text)
            if not verdict.accepted:
                for problem in verdict.problems:
                    print_error(f"accelkit: {problem.kind}: {problem} [{answer.judgement.asked.name}]")
    return status_of(verdict.accepted for _, verdict in lines)


def _placed(problem: Problem, command: Command | None) -> str:
    """Where a problem stands, in a text of more than one line."""
    if problem.place is None or command is None or command.words[-1].line == 1 == problem.place[0]:
        return ""
    line, column = problem.place
    return f"line {line}, column {column}: "


def check_stream(lines: TextIO, out: TextIO, question: Question, *, as_json: bool) -> int:
    """Answer each line at once with ``accept``, or ``reject`` or ``unknown``, a tab and why; the exit status.

    Of a line that is longer than any command line only the beginning is kept.
    """
    stream: TextIO = lines
    if isinstance(lines, TextIOWrapper):
        lines.reconfigure(errors="surrogateescape")  # bytes that are not UTF-8 make one bad line
    accepted: set[bool | None] = set()
    said: set[str] = set()  # which QEMUs were asked that nobody named
    write, flush = out.write, out.flush
    for number, (text, whole) in enumerate(bounded_lines(stream, LONGEST_LINE), 1):
        judged = judgements(text if whole else "", *question, placed=as_json)
        if whole:
            answer = judged[0].verdict if len(judged) == 1 else united(judged)
        else:
            answer = _too_long(number)
            text = brief(text)  # noqa: PLW2901  # what JSON says was checked
        accepted.add(answer.accepted)
        for judgement in judged:
            if judgement.asked.origin != "given" and judgement.asked.name not in said:
                said.add(judgement.asked.name)
                print_error(f"accelkit: note: asked {judgement.asked.name}")
        write((_json_line(text, judged[0], answer) if as_json else _answer(answer)) + "\n")
        flush()
    return status_of(accepted)


def _too_long(number: int) -> Verdict:
    why = f"line {number} has more than {LONGEST_LINE} characters, which Linux passes to no program"
    return Verdict(False, (Problem("refused", None, None, None, why, "shorten it"),))


def _answer(answer: Verdict) -> str:
    """The verdict on one line, whatever the text that was checked holds."""
    word, tab, why = str(answer).partition("\t")
    return word + tab + visible_line(why)


def _json_line(text: str, judgement: Judgement, answer: Verdict) -> str:
    import json

    return json.dumps(_as_data(text, judgement._replace(verdict=answer)))


def _as_data(text: str, judgement: Judgement, line: int | None = None) -> dict[str, Any]:
    """A judgement as data that JSON can hold."""
    schema = judgement.asked.schema
    return {
        "checked": text,
        "line": line,
        "qemu": None if schema is None else ".".join(map(str, schema.version)),
        "target": judgement.asked.target,
        "asked": judgement.asked.origin,
        "accepted": judgement.verdict.accepted,
        "problems": [_problem_data(problem) for problem in judgement.verdict.problems],
    }


def _problem_data(problem: Problem) -> dict[str, Any]:
    return problem._asdict() | {"fix": [edit._asdict() for edit in problem.fix]}


def _answer_of(subject: Subject, judgement: Judgement, *, several: bool) -> _Answer:
    command, point = judgement.command, judgement.point
    if point is not None and several:
        return _Answer(point.text if isinstance(point, Recipe) else shell(point), judgement)
    if command is not None and (several or (isinstance(subject, str) and "\n" in subject)):
        text = shell_text(command.argv, command)
        return _Answer(text, judgement, command.words[0].line if several else None)
    return _Answer(subject if isinstance(subject, str) else shell_line(subject), judgement)
