"""Problems: what ``check`` returns, a tuple that shows itself as text in a terminal and as a table in a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from accelkit.checking.judgement import Judgement, united
from accelkit.checking.problem import Problem, ProblemKind, subject_of
from accelkit.checking.spaces import OfPoints, SpaceJudgement
from accelkit.errors import visible_line
from accelkit.schemas.default import Asked

if TYPE_CHECKING:
    from accelkit.document import Block

# accelkit.document is imported in functions: it loads html, which checking does not need.

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

_RED, _BROWN, _VIOLET, _GREY, _GREEN = "#c5221f", "#8a5300", "#7b52bf", "#50606e", "#1b7340"
#: The ground of each kind's cell. White text on it has a contrast of at least 4.5, in a light and in a dark page alike:
#: the page's own colours play no part.
KIND_COLOURS: Final[dict[ProblemKind, str]] = {
    "refused": _RED, "build": _RED, "machine": _BROWN, "host": _BROWN, "unknown": _VIOLET,
    "deprecated": _GREY, "ignored": _GREY,
}  # fmt: skip
#: The colour of the line beside the whole, by verdict.
VERDICT_COLOURS: Final = {True: _GREEN, False: _RED, None: _VIOLET}
_KIND: Final = "color:#fff;white-space:nowrap;background:"
#: A value may have hundreds of characters without a blank: it is broken rather than the page made as wide.
_TEXT: Final = "overflow-wrap:anywhere;min-width:11em"
#: A variable in what a problem is about, as shells, make, systemd, cmd.exe and PowerShell write one.
_VARIABLE: Final = re.compile(r"\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|[$%]\w+%?|!\w+!")


class Problems(tuple[Problem, ...]):  # noqa: SLOT001  # a tuple subclass cannot have named slots
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
               -> write single or multi
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

    def __str__(self) -> str:
        from accelkit.document import Paragraph, Table, to_text

        rows: list[tuple[str, str]] = []
        for number, (problem, (line, subject)) in enumerate(zip(self, self._subjects(), strict=True)):
            about = line + (f"{subject}: " if subject else "")
            rows += [(KIND_WORDS[problem.kind], about + problem.why), ("", f"-> {problem.remedy}")]
            if held := self._held(number):
                rows.append(("", held))
        blocks: list[Block] = [Paragraph((self.headline,))]
        return to_text([*blocks, Table((), tuple(rows))] if rows else blocks).rstrip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from accelkit.document import Mono, Paragraph, Table, TableCell, to_html

        rows = tuple(
            (
                TableCell((KIND_WORDS[problem.kind],), style=_KIND + KIND_COLOURS[problem.kind]),
                TableCell((line, Mono(subject) if subject else "the whole line"), style=_TEXT),
                TableCell((problem.why,), style=_TEXT),
                TableCell((problem.remedy,), style=_TEXT),
                *([TableCell((self._held(number),), style=_TEXT)] if self.points else []),
            )
            for number, (problem, (line, subject)) in enumerate(zip(self, self._subjects(), strict=True))
        )
        blocks: list[Block] = [Paragraph((self.headline,), strong=True)]
        if rows:
            head = ("", "problem", "why", "what to do")
            blocks.append(Table((*head, "configurations") if self.points else head, rows))
        line = VERDICT_COLOURS[self.accepted]
        return f'<div style="border-left:4px solid {line};padding-left:8px">{to_html(blocks)}</div>'


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
