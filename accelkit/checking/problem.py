"""Problem and Verdict: what a QEMU would refuse, warn about or ignore, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from accelkit.syntax.edit import Fix

#: refused: every host refuses it. build: this binary was built without it. machine: of options without a machine, the
#: machine that they are given to decides. host: kernel or devices decide. deprecated: QEMU accepts it with a warning.
#: ignored: QEMU accepts it, without an effect or with another one than written. unknown: the value of a variable
#: decides, or no schema says what that QEMU has.
ProblemKind = Literal["refused", "build", "machine", "host", "unknown", "deprecated", "ignored"]
KINDS: Final[tuple[ProblemKind, ...]] = (
    "refused", "build", "machine", "host", "unknown", "deprecated", "ignored",
)  # fmt: skip
#: The kinds that end QEMU.
FATAL: Final[frozenset[ProblemKind]] = frozenset({"refused", "build"})


class Problem(NamedTuple):
    """One thing that a QEMU would refuse, warn about or ignore, or that depends on more than its binary.

    >>> from accelkit import bundled, check
    >>> problem = check("tcg,thread=both", bundled("10.0"))[0]
    >>> problem.kind, problem.property, problem.value
    ('refused', 'thread', 'both')
    """

    kind: ProblemKind
    accel: str | None  # the accelerator it is about; None for the command line as a whole
    property: str | None
    value: str | None
    why: str
    remedy: str
    #: What ``checking.fix.mended`` changes to do what the remedy says; ``()`` where only a person can.
    fix: Fix = ()
    #: Line and column, from 1, of the word that it is about, in the text that was checked; None where that is not known.
    place: tuple[int, int] | None = None

    def as_kind(self, kind: ProblemKind, why: str | None = None) -> Problem:
        """The same problem as another kind, for the reason ``why`` if one is given."""
        return self._replace(kind=kind, why=self.why if why is None else why)

    def __str__(self) -> str:
        subject = subject_of(self)
        return f"{subject}: {self.why}; {self.remedy}" if subject else f"{self.why}; {self.remedy}"


def is_fatal(problem: Problem) -> bool:
    """Whether QEMU does not start for it, on no host."""
    return problem.kind in FATAL


def fatal_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in their order, those that end QEMU before the others."""
    return tuple(sorted(problems, key=lambda problem: not is_fatal(problem)))


def subject_of(problem: Problem) -> str:
    """What a problem is about, as it was written: ``tcg,thread=both``; empty for the line as a whole."""
    subject = problem.accel or ""
    if problem.property is not None:
        subject += f",{problem.property}" if subject else problem.property
        subject += "" if problem.value is None else f"={problem.value}"
    elif problem.value is not None:
        subject += f"{' ' if subject else ''}{problem.value}"
    return subject


class Verdict(NamedTuple):
    """Whether a QEMU accepts it, and every problem that it has with it.

    >>> from accelkit import bundled, verdict
    >>> verdict("kvm,kernel-irqchip=split", bundled("10.0"))
    Verdict(accepted=True, problems=())
    """

    #: None: nobody can say without the value of a variable, or without a schema of that QEMU.
    accepted: bool | None
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        if self.accepted:
            return "accept"
        if self.accepted is None:
            unknown = [str(problem) for problem in self.problems if problem.kind == "unknown"]
            return "unknown\t" + " | ".join(unknown)
        fatal = [str(problem) for problem in self.problems if is_fatal(problem)]
        return "reject\t" + " | ".join(fatal)
