"""Advice that is tried: each fix is applied to the line that it is for, and the real QEMU is asked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from support.bad_lines import BAD_LINES
from support.check_cases import CASES

from accelkit.checking.check import verdict
from accelkit.checking.fix import mend, mended
from accelkit.checking.problem import Problem
from accelkit.parsing.understanding import understand
from accelkit.schemas.schema import Schema

from .agreement import as_asked, document_of, schema_of
from .generate import Question, host_dependent, line_questions, whole_questions
from .real_qemu import ALWAYS, BARE, Answer, Qemu, ask_all


class Tried(NamedTuple):
    """A line, the problem that it had, and what QEMU says to the line after the problem's fix."""

    words: tuple[str, ...]
    problem: Problem | None  # None: every problem was mended
    after: tuple[str, ...]
    answer: Answer

    def __str__(self) -> str:
        about = str(self.problem) if self.problem is not None else "everything mended"
        return f"{list(self.words)}\n    {about}\n    {list(self.after)}\n    QEMU: {self.answer.said}"


def lines(qemu: Qemu, count: int) -> list[Question]:
    """Lines with problems: those of the unit tests, and generated ones."""
    raw = document_of(qemu)
    texts = dict.fromkeys(text for _, _, _, text in CASES if "qemu-" not in text.partition(" ")[0])
    words = [
        ("-accel", text) if understand(text).kind == "accel" else tuple(shlex.split(text)) for text in texts
    ]
    words += [tuple(shlex.split(line)) for line in BAD_LINES]
    cases = [Question(line, "case", host_dependent(line, raw), whole=True) for line in words]
    return [*cases, *line_questions(raw, count, seed=11), *whole_questions(raw, count // 2, seed=11)]


def try_advice(qemu: Qemu, count: int = 300) -> list[Tried]:
    """What QEMU says to each mended line that has no problem left, as far as accelkit sees."""
    schema = schema_of(qemu)
    questions = [question for question in lines(qemu, count) if not question.host]
    tried: list[Tried] = []
    for whole, always in ((False, ALWAYS), (True, BARE)):
        asked = [
            item for question in questions if question.whole == whole for item in _fixed(question, schema)
        ]
        once = list(dict.fromkeys(after for _, _, after in asked))  # many lines become the same one
        answers = dict(zip(once, ask_all(qemu, once, always), strict=True))
        tried += [Tried(words, problem, after, answers[after]) for words, problem, after in asked]
    return tried


def _fixed(
    question: Question, schema: Schema
) -> Iterator[tuple[tuple[str, ...], Problem | None, tuple[str, ...]]]:
    """The line after the fix of each of its problems, and after all of them; without what is still refused."""
    words = question.words
    before = as_asked(question, schema.target)
    own = len(before) - len(words)
    for problem in verdict(before, schema).problems:
        after = mended(words, problem.fix)
        if problem.fix and after != words and _accepts([*before[:own], *after], schema):
            yield words, problem, after
    after = mend(before, schema)[own:]
    if after != words and _accepts([*before[:own], *after], schema):
        yield words, None, after


def _accepts(words: Sequence[str], schema: Schema) -> bool:
    judged = verdict(words, schema)
    return judged.accepted is True and not any(problem.kind == "host" for problem in judged.problems)


#: Refusals of what no advice is about: another target's machine, a disk, a port and a module that are not there.
ELSEWHERE = re.compile(
    r"unsupported machine type|Could not open|cannot be handled by this machine|dynamic sysbus device type"
    r"|host forwarding rule|is not available"
)


def refused(tried: Sequence[Tried]) -> list[Tried]:
    """The mended lines that QEMU refuses, the shortest first."""
    found = [item for item in tried if not item.answer.accepted and not ELSEWHERE.search(item.answer.said)]
    return sorted(found, key=lambda item: len(item.after))
