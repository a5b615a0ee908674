"""Problems: what ``check`` returns, a tuple that shows itself as text in a terminal and as a table in a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Self

from accelkit.checking.judgement import Judgement, united
from accelkit.checking.problem import Problem, ProblemKind, subject_of
from accelkit.checking.spaces import OfPoints, SpaceJudgement
from accelkit.document import BREAK, Badge, Block, Mono, Paragraph, Shown, Table, TableCell, Tone
from accelkit.errors import visible_line
from accelkit.schemas.default import Asked

#: The kinds of problems in words, with a mark for each: no kind is shown by colour alone.
KIND_WORDS: Final[dict[ProblemKind, str]] = {
    "refused": "✗ refused",
    "build": "✗ not in this build",
    "machine": "▲ depends on the machine",
    "host": "▲ depends on the host",
    "unknown": "? not known",
    "deprecated": "● deprecated",
    "ignored": "● ignored",
}
#: The tone of each kind.
KIND_TONES: Final[dict[ProblemKind, Tone]] = {
    "refused": "bad", "build": "bad", "machine": "depends", "host": "depends", "unknown": "unknown",
    "deprecated": "note", "ignored": "note",
}  # fmt: skip
#: The tone of each verdict.
VERDICT_TONES: Final[dict[bool | None, Tone]] = {True: "good", False: "bad", None: "unknown"}
#: A variable in what a problem is about, as shells, make, systemd, cmd.exe and PowerShell write one.
_VARIABLE: Final = re.compile(r"\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|[$%]\w+%?|!\w+!")


class Problems(tuple[Problem, ...], Shown):  # noqa: SLOT001  # a tuple subclass cannot have named slots
    """The problems that a QEMU has with something, most often none. Prints as text; a notebook shows it as a table.

    A tuple in everything else: it is true if there are problems, equal to the tuple of them, and its slices are tuples.
    ``qemu`` is the name of the QEMU that was asked, ``accepted`` the verdict, as in ``Verdict``, and ``what`` that on
    which it is the verdict, in words. Of a space, ``points`` says for each problem how many points have it, and the first;
    ``looked`` is the number of points for which that holds.

    >>> from accelkit import bundled, check
    >>> check("kvm", bundled("10.0"))
    ✓ QEMU 10.0.13 (x86_64) takes it
    >>> check("tcg,thread=both", bundled("10.0"))
    ✗ QEMU 10.0.13 (x86_64) refuses it
    <BLANKLINE>
    ✗ refused  tcg,thread=both: both is not a thread setting
               → write single or multi
    >>> check("kvm", bundled("10.0")) == ()
    True
    """

    qemu: str
    accepted: bool | None
    what: str
    points: tuple[OfPoints, ...]
    looked: int

    def __new__(
        cls, problems: Iterable[Problem], qemu: str, accepted: bool | None, what: str = "it",
        points: tuple[OfPoints, ...] = (), looked: int = 1,
    ) -> Self:  # fmt: skip
        made = super().__new__(cls, problems)
        made.qemu, made.accepted, made.what, made.points, made.looked = qemu, accepted, what, points, looked
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:  # for pickle and copy
        return tuple(self), self.qemu, self.accepted, self.what, self.points, self.looked

    def _held(self, number: int) -> str:
        """For how many configurations a problem holds, with an example; empty where there is one configuration."""
        if not self.points:
            return ""
        held, looked = self.points[number].number, self.looked
        return (
            f"in all {looked:,}"
            if held == looked
            else f"in {held:,} of {looked:,}, such as {self.points[number].examples[0]!r}"
        )

    @property
    def headline(self) -> str:
        """The verdict as one sentence."""
        if self.accepted is False:
            return f"✗ {self.qemu} {self._verb('refuse')} {self.what}"
        kinds = {problem.kind for problem in self}
        if self.accepted is None:
            unknown = " ".join(subject_of(problem) for problem in self if problem.kind == "unknown")
            values = dict.fromkeys(map(visible_line, _VARIABLE.findall(unknown)))
            return f"? {self.qemu}: " + (f"depends on {', '.join(values)}" if values else "nobody can say")
        sentence = f"✓ {self.qemu} {self._verb('take')} {self.what}"
        if deciding := [f"the {kind}" for kind in ("machine", "host") if kind in kinds]:
            sentence += f" where {' and '.join(deciding)} can"
        return sentence + (f", with {len(self)} note{'s' * (len(self) > 1)}" if self else "")

    def _verb(self, verb: str) -> str:
        return verb if " and " in self.qemu else f"{verb}s"

    def _subjects(self) -> Iterator[tuple[str, str]]:
        """Of each problem: the line of the text, where that has several, and what it is about, as it was written."""
        several = any(problem.place is not None and problem.place[0] > 1 for problem in self)
        for problem in self:
            line = f"line {problem.place[0]}: " if several and problem.place is not None else ""
            yield line, subject_of(problem)

    @property
    def tone(self) -> Tone:
        """The tone of the verdict."""
        return VERDICT_TONES[self.accepted]

    @property
    def document(self) -> tuple[Block, ...]:
        """The verdict, and a table of the problems with what to do about each."""
        mark, _, sentence = self.headline.partition(" ")
        head = Paragraph((Badge(mark, self.tone), f" {sentence}"), strong=True)
        rows = tuple(
            row_of(problem, line, subject, self._held(number))
            for number, (problem, (line, subject)) in enumerate(zip(self, self._subjects(), strict=True))
        )
        return (head, Table((), rows)) if rows else (head,)

    # A tuple has these, too.
    __str__ = Shown.__str__
    __repr__ = Shown.__repr__


def row_of(problem: Problem, line: str, subject: str, held: str = "") -> tuple[TableCell, TableCell]:
    """The row of a problem in a table: its kind; and what it is about, why, and on lines below what to do and where it holds."""
    about = (line, Mono(subject), ": ") if subject else (line,)
    where = (BREAK, held) if held else ()
    cell = TableCell((*filter(None, about), problem.why, BREAK, f"→ {problem.remedy}", *where))
    return TableCell((kind_badge(problem.kind),)), cell


def kind_badge(kind: ProblemKind) -> Badge:
    """The badge of a kind of problem."""
    return Badge(KIND_WORDS[kind], KIND_TONES[kind])


def shown_tuple(judged: Sequence[Judgement]) -> Problems:
    """The problems of one or more judgements, with the verdict on them all."""
    accepted, problems = united(judged)
    asked = " and ".join(dict.fromkeys(_name(judgement.asked) for judgement in judged))
    refused = sum(judgement.verdict.accepted is False for judgement in judged)
    many = f"{len(judged)} {'commands' if judged[0].point is None else 'configurations'}"
    several = f"{refused} of {many}" if refused else f"each of {many}"
    return Problems(problems, asked, accepted, "it" if len(judged) == 1 else several)


def shown_space(judged: SpaceJudgement) -> Problems:
    """The problems of a space, with the verdict on all its points."""
    size = f"{judged.size:,} configurations"
    if judged.looked < judged.size:
        size = f"{judged.looked:,} that were looked at, of {size}"
    refused = "some" if judged.refused is None else f"{judged.refused:,}"
    what = f"{'each' if judged.refused == 0 else refused} of {size}"
    if judged.refused == judged.looked:
        what = f"all {size}"
    points = tuple(judged.problems.values())
    return Problems(judged.problems, _name(judged.asked), judged.accepted, what, points, judged.looked)


def _name(asked: Asked) -> str:
    """``QEMU 7.2.22 (x86_64, installed)``; of one that was given the name alone."""
    if asked.schema is None:
        return f"QEMU for {asked.target}"
    name = asked.schema.name
    return name if asked.origin == "given" else f"{name.removesuffix(')')}, {asked.origin})"
