"""``accelkit check``: verdicts as text, as JSON, and as a stream that answers each line at once."""

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
    """What to judge: each word by itself, until one that is an option of QEMU's: then all the rest is
    one command line. Raises ArgvError for a ``-``, which is none of both.

    >>> subjects(["kvm", "-accel", "tcg", "-m", "1G"])
    ['kvm', ['-accel', 'tcg', '-m', '1G']]
    """
    found: list[Subject] = []
    for place, word in enumerate(words):
        if word == "-":
            raise ArgvError("'-' means the lines of standard input; only check takes it, by itself")
        if word.startswith("-") and not any(character.isspace() for character in word):
            return [*found, list(words[place:])]
        found.append(word)
    return found


def check_all(given: Sequence[Subject], schema: Schema, *, as_json: bool) -> int:
    """Prints a verdict for each, with its problems below; 0 when all are accepted, else 1."""
    verdicts = [(subject, verdict(subject, schema)) for subject in given]
    if as_json:
        import json

        print(json.dumps([as_data(subject, judged, schema) for subject, judged in verdicts], indent=1))
    else:
        for subject, judged in verdicts:
            shown = visible(_text(subject)) or "''"
            print(f"{'accept' if judged.accepted else 'reject'}  {shown}  [{schema.name}]")
            for problem in judged.problems:
                print(f"  {problem.kind:<10}  {visible(str(problem))}")
    return 0 if all(judged.accepted for _, judged in verdicts) else 1


def check_stream(lines: TextIO, out: TextIO, schema: Schema, *, as_json: bool) -> int:
    """Answers each line with ``accept`` or ``reject<TAB>why``, flushing; 0 when all are accepted, else 1."""
    if isinstance(lines, TextIOWrapper):
        lines.reconfigure(errors="surrogateescape")  # bytes that are no UTF-8 are one bad line
    status = 0
    write, flush = out.write, out.flush
    for line in lines:
        text = line.removesuffix("\n")
        judged = verdict(text, schema)
        if not judged.accepted:
            status = 1
        write((_json_line(text, judged, schema) if as_json else _answer(judged)) + "\n")
        flush()
    return status


def _answer(judged: Verdict) -> str:
    """The verdict on one line, whatever was asked."""
    word, tab, why = str(judged).partition("\t")
    return word + tab + visible(why)


def _json_line(text: str, judged: Verdict, schema: Schema) -> str:
    import json

    return json.dumps(as_data(text, judged, schema))


def as_data(subject: Subject, judged: Verdict, schema: Schema) -> dict[str, Any]:
    """A verdict as JSON-able data."""
    return {
        "checked": _text(subject),
        "qemu": ".".join(map(str, schema.version)),
        "target": schema.target,
        "accepted": judged.accepted,
        "problems": [
            {
                "kind": problem.kind,
                "accel": problem.accel,
                "property": problem.property,
                "value": problem.value,
                "why": problem.why,
                "remedy": problem.remedy,
            }
            for problem in judged.problems
        ],
    }


def _text(subject: Subject) -> str:
    if isinstance(subject, str):
        return subject
    import shlex

    return shlex.join(subject)


def visible(text: str) -> str:
    r"""``text`` with what does not print, line breaks above all, as Python writes it.

    >>> visible("a\nb\t€")
    'a\\nb\\t€'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
