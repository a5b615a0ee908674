"""``accelkit check``: verdicts as text, as JSON, and line by line as a stream."""

from __future__ import annotations

from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, TextIO

from accelkit.checking.check import verdict
from accelkit.checking.problem import Verdict
from accelkit.errors import ArgvError
from accelkit.schemas.schema import Schema

Subject = str | list[str]


def subjects(words: Sequence[str]) -> list[Subject]:
    """What to check: each word by itself; from the first option of QEMU's on, the rest as one command line.

    Raises ArgvError for a ``-``.

    >>> subjects(["kvm", "-accel", "tcg", "-m", "1G"])
    ['kvm', ['-accel', 'tcg', '-m', '1G']]
    """
    separate: list[Subject] = []
    for place, word in enumerate(words):
        if word == "-":
            raise ArgvError(
                "'-' stands for the lines of standard input; only check takes it, as its sole argument"
            )
        if word.startswith("-") and not any(character.isspace() for character in word):
            return [*separate, list(words[place:])]
        separate.append(word)
    return separate


def check_all(checked: Sequence[Subject], schema: Schema, *, as_json: bool) -> int:
    """Print a verdict for each subject, with its problems below; 0 when all are accepted, else 1."""
    verdicts = [(subject, verdict(subject, schema)) for subject in checked]
    if as_json:
        import json

        print(json.dumps([as_data(subject, answer, schema) for subject, answer in verdicts], indent=1))
    else:
        for subject, answer in verdicts:
            line = visible(_text(subject)) or "''"
            print(f"{'accept' if answer.accepted else 'reject'}  {line}  [{schema.name}]")
            for problem in answer.problems:
                print(f"  {problem.kind:<10}  {visible(str(problem))}")
    return 0 if all(answer.accepted for _, answer in verdicts) else 1


def check_stream(lines: TextIO, out: TextIO, schema: Schema, *, as_json: bool) -> int:
    """Answer each line at once with ``accept`` or ``reject<TAB>why``; 0 when all are accepted, else 1."""
    if isinstance(lines, TextIOWrapper):
        lines.reconfigure(errors="surrogateescape")  # bytes that are not UTF-8 make one bad line
    status = 0
    write, flush = out.write, out.flush
    for line in lines:
        text = line.removesuffix("\n")
        answer = verdict(text, schema)
        if not answer.accepted:
            status = 1
        write((_json_line(text, answer, schema) if as_json else _answer(answer)) + "\n")
        flush()
    return status


def _answer(answer: Verdict) -> str:
    """The verdict on one line, whatever the text that was checked holds."""
    word, tab, why = str(answer).partition("\t")
    return word + tab + visible(why)


def _json_line(text: str, answer: Verdict, schema: Schema) -> str:
    import json

    return json.dumps(as_data(text, answer, schema))


def as_data(subject: Subject, answer: Verdict, schema: Schema) -> dict[str, Any]:
    """A verdict as data that JSON can hold."""
    return {
        "checked": _text(subject),
        "qemu": ".".join(map(str, schema.version)),
        "target": schema.target,
        "accepted": answer.accepted,
        "problems": [
            {
                "kind": problem.kind,
                "accel": problem.accel,
                "property": problem.property,
                "value": problem.value,
                "why": problem.why,
                "remedy": problem.remedy,
            }
            for problem in answer.problems
        ],
    }


def _text(subject: Subject) -> str:
    if isinstance(subject, str):
        return subject
    import shlex

    return shlex.join(subject)


def visible(text: str) -> str:
    r"""``text`` with the characters that do not print, line breaks among them, escaped as in Python.

    >>> visible("a\nb\t€")
    'a\\nb\\t€'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
