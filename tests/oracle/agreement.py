"""Whether accelkit and a real QEMU say the same to a command line, and what is compared at all.

Questions whose answers are on record: ``cases.tsv`` (``-accel`` strings), ``lines.tsv`` (whole
command lines, see ``record``) and ``corpus.jsonl`` (from public projects). Questions put to every
QEMU at hand: those of ``generate``, and the corpus again.

Only accepted or refused is compared. A question whose answer is the host's (its kernel, its
devices) is compared as far as QEMU gets without asking the host.
"""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from accelkit import probe, schemas
from accelkit.checking.check import verdict
from accelkit.schemas.schema import Schema

from .generate import (
    SUGAR_KEYS,
    Question,
    accel_questions,
    host_dependent,
    line_questions,
    whole_questions,
)
from .real_qemu import ALWAYS, BARE, HERE, SCHEMAS, Answer, Qemu, ask_all

#: The releases the corpus was measured on.
MEASURED_SERIES = ("7.2", "10.0", "11.1")

#: Fewer for a target with one accelerator, or with the rules of another: there is less to say about it.
STRINGS = {"x86_64": 2000, "aarch64": 2000, "i386": 1000}
LINES = {"x86_64": 1000, "i386": 500}
FEWER = 300
#: The targets of the corpus' lines that are put to a target's QEMU; None: the line names none.
CORPUS = {"x86_64": (None, "x86_64", "i386"), "i386": (None, "i386"), "aarch64": (None, "aarch64")}

#: What QEMU prints when the accelerator itself gives up, or something dies of a signal.
HOST_ANSWERS = ("failed to initialize ", "(exit status -")
#: Refusals for reasons that no accelerator has: accelkit does not know machines.
OTHER_REASONS = re.compile(
    r"unsupported machine type|Property '[a-z0-9.-]+-machine\.[^']+' not found"
    r"|System Management Mode not supported"
)


class Outcome(Enum):
    """What became of one comparison."""

    AGREES = "agrees"
    DIFFERS = "differs"
    LEFT_OUT = "left out"


class Comparison(NamedTuple):
    """One question, QEMU's answer to it, accelkit's, and whether they are the same."""

    question: Question
    answer: Answer
    problems: str
    outcome: Outcome

    def __str__(self) -> str:
        qemu = "accepts" if self.answer.accepted else f"refuses: {self.answer.said}"
        return f"{list(self.question.words)}\n    QEMU {qemu}\n    accelkit: {self.problems or '-'}"


def compare(question: Question, answer: Answer, schema: Schema) -> Comparison:
    """The comparison of QEMU's answer with accelkit's under the schema of that QEMU."""
    ours = verdict(as_asked(question, schema.target), schema)
    problems = "; ".join(f"{problem.kind}: {problem}" for problem in ours.problems)
    if _is_the_hosts(question, answer):
        outcome = Outcome.LEFT_OUT
    else:
        outcome = Outcome.AGREES if ours.accepted == answer.accepted else Outcome.DIFFERS
    return Comparison(question, answer, problems, outcome)


def as_asked(question: Question, target: str) -> list[str]:
    """The words as QEMU got them, as far as they matter."""
    before = (f"qemu-system-{target}",) if question.whole else ("-machine", "none")
    return [*before, *question.words]


def _is_the_hosts(question: Question, answer: Answer) -> bool:
    asked = answer.accepted or any(text in answer.said for text in HOST_ANSWERS)
    return question.host and asked


def differences(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Those in which accelkit and QEMU disagree, the shortest first."""
    found = [item for item in comparisons if item.outcome is Outcome.DIFFERS]
    return sorted(found, key=lambda item: sum(map(len, item.question.words)))


# --- generated questions, asked live ----------------------------------------------------------


def captured(series: str, target: str) -> dict[str, Any]:
    """The captured schema file of a release series, read without any of accelkit's code."""
    files = sorted(SCHEMAS.glob(f"qemu-{series}.*-{target}.json"))
    return json.loads(files[-1].read_text())


def schema_of(qemu: Qemu) -> Schema:
    """The captured schema of its series; of a series that has none, what a probe of it says."""
    return schemas.captured(qemu.series, qemu.target) if qemu.captured else probe(qemu.command, qemu.target)


def document_of(qemu: Qemu) -> dict[str, Any]:
    """The schema of :func:`schema_of` as the generator takes it."""
    return captured(qemu.series, qemu.target) if qemu.captured else schema_of(qemu).to_json()


def compare_strings(qemu: Qemu) -> list[Comparison]:
    """``count`` generated ``-accel`` strings, put to ``qemu`` and to accelkit."""
    return _ask(qemu, accel_questions(document_of(qemu), STRINGS.get(qemu.target, FEWER)))


def compare_lines(qemu: Qemu) -> list[Comparison]:
    """Generated whole command lines, put to ``qemu`` and to accelkit."""
    raw = document_of(qemu)
    return _ask(qemu, line_questions(raw, LINES.get(qemu.target, FEWER)))


def compare_whole_lines(qemu: Qemu) -> list[Comparison]:
    """Generated command lines whose machine is QEMU's default, put to ``qemu`` and to accelkit."""
    return _ask(qemu, whole_questions(document_of(qemu), LINES.get(qemu.target, FEWER) // 2), BARE)


def _ask(qemu: Qemu, questions: Sequence[Question], always: Sequence[str] = ALWAYS) -> list[Comparison]:
    schema = schema_of(qemu)
    answers = ask_all(qemu, [question.words for question in questions], always)
    return [compare(question, answer, schema) for question, answer in zip(questions, answers, strict=True)]


# --- cases.tsv and lines.tsv: answers on record -----------------------------------------------


def compare_cases(series: str) -> list[Comparison]:
    """The recorded ``-accel`` strings, with the answers of one x86_64 release."""
    return _recorded("cases.tsv", series, lambda row: ("-accel", row["argument"]))


def compare_recorded_lines(series: str) -> list[Comparison]:
    """The recorded command lines, with the answers of one x86_64 release."""
    return _recorded("lines.tsv", series, lambda row: tuple(shlex.split(row["line"])))


def _recorded(
    name: str, series: str, words_of: Callable[[Mapping[str, str]], tuple[str, ...]]
) -> list[Comparison]:
    schema = schemas.captured(series, "x86_64")
    raw = captured(series, "x86_64")
    with (HERE / name).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    version = next(column for column in rows[0] if column.startswith(f"{series}."))
    compared: list[Comparison] = []
    for row in rows:
        words = words_of(row)
        host = row.get("host-dependent") == "host" or host_dependent(words, raw)
        answer = Answer(row[version] == "accept", row[version].removeprefix("reject: "))
        compared.append(compare(Question(words, "recorded", host), answer, schema))
    return compared


# --- corpus.jsonl: command lines found in public projects -------------------------------------


class Found(NamedTuple):
    """A command line from a public project, with the verdicts measured for it by series."""

    words: tuple[str, ...]
    target: str | None
    measured: Mapping[str, Mapping[str, str]]


def corpus() -> list[Found]:
    """Every command line of the corpus."""
    return [
        Found(
            tuple(row["argv"]),
            row.get("arch"),
            {name: row[f"verdict_{name.replace('.', '_')}"] for name in MEASURED_SERIES},
        )
        for row in map(json.loads, (HERE / "corpus.jsonl").read_text().splitlines())
    ]


#: The parts of ``-machine`` that were kept when the corpus was measured.
MEASURED_KEYS = {"accel", *SUGAR_KEYS, "thread"}
#: Options that were dropped.
DROPPED_OPTIONS = ("cpu", "device", "object")
#: Values of ``-machine`` that name an object, which the corpus does not come with.
OBJECT_KEYS = (
    "memory-backend",
    "confidential-guest-support",
    "memory-encryption",
    "pcspk-audiodev",
)


def as_measured(words: Sequence[str]) -> tuple[str, ...]:
    """A corpus line as it was measured: the machine is ``none``, its own options are dropped."""
    kept: list[str] = []
    for option, value in _options(words):
        name = option.lstrip("-")
        if name in ("machine", "M") and value is not None:
            elements = [text for text in value.split(",") if _was_measured(text)]
            kept += [option, ",".join(["none", *elements])]
        elif name not in DROPPED_OPTIONS:
            kept += [option] if value is None else [option, value]
    return tuple(kept)


def _was_measured(element: str) -> bool:
    key, equals, _ = element.partition("=")
    return key in MEASURED_KEYS or (not equals and key.removeprefix("no") in MEASURED_KEYS)


def with_its_machine(words: Sequence[str]) -> tuple[str, ...]:
    """A corpus line with the machine it was written for, less objects that it does not define."""
    kept: list[str] = []
    for option, value in _options(words):
        if option.lstrip("-") in ("machine", "M") and value is not None:
            elements = (text for text in value.split(",") if not text.startswith(OBJECT_KEYS))
            kept += [option, ",".join(elements)]
        else:
            kept += [option] if value is None else [option, value]
    return tuple(kept)


def _options(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Option and value, for the few options the corpus has."""
    rest = iter(words)
    for word in rest:
        yield word, None if _is_alone(word) else next(rest, None)


def _is_alone(word: str) -> bool:
    return "=" in word or word.lstrip("-").startswith(("enable-", "no-", "singlestep"))


def compare_corpus(series: str) -> list[Comparison]:
    """The corpus as it was measured on one x86_64 release."""
    schema = schemas.captured(series, "x86_64")
    raw = captured(series, "x86_64")
    compared: list[Comparison] = []
    for found in corpus():
        words = as_measured(found.words)
        recorded = found.measured[series]
        host = recorded.get("class") == "host" or host_dependent(words, raw)
        said = recorded.get("stderr", "")
        answer = Answer(recorded["verdict"] == "accepted", said)
        compared.append(compare(Question(words, "corpus", host), answer, schema))
    return compared


def compare_corpus_live(qemu: Qemu) -> list[Comparison]:
    """The corpus with its own machines, asked live: for rules that ``-machine none`` hides.

    Lines for other targets, and refusals that are about the machine and not its accelerator,
    are left out.
    """
    raw = document_of(qemu)
    targets = CORPUS.get(qemu.target, (None, qemu.target))
    lines = dict.fromkeys(with_its_machine(f.words) for f in corpus() if f.target in targets)
    questions = [Question(words, "corpus", host_dependent(words, raw)) for words in lines]
    return [
        item._replace(outcome=Outcome.LEFT_OUT)
        if not item.answer.accepted and OTHER_REASONS.search(item.answer.said)
        else item
        for item in _ask(qemu, questions)
    ]
