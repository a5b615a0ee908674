"""Problem and Verdict: what a QEMU would refuse, warn about or ignore, and what to do."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

#: refused: every host refuses it. build: this binary was built without it. host: kernel or devices decide. machine:
#: the machine and the rest of the command line decide. deprecated: QEMU accepts it with a warning. ignored: QEMU
#: accepts it, without an effect or with another one than written.
ProblemKind = Literal["refused", "build", "machine", "host", "deprecated", "ignored"]
KINDS: Final[tuple[ProblemKind, ...]] = ("refused", "build", "machine", "host", "deprecated", "ignored")


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

    def as_kind(self, kind: ProblemKind, why: str | None = None) -> Problem:
        """The same problem as another kind, for the reason ``why`` if one is given."""
        return self._replace(kind=kind, why=self.why if why is None else why)

    def __str__(self) -> str:
        place = self.accel or ""
        if self.property is not None:
            place += f",{self.property}" if place else self.property
            place += "" if self.value is None else f"={self.value}"
        elif self.value is not None:
            place += f"{' ' if place else ''}{self.value}"
        return f"{place}: {self.why}; {self.remedy}" if place else f"{self.why}; {self.remedy}"


class Verdict(NamedTuple):
    """Whether a QEMU accepts it, and every problem that it has with it.

    >>> from accelkit import bundled, verdict
    >>> verdict("kvm,kernel-irqchip=split", bundled("10.0"))
    Verdict(accepted=True, problems=())
    """

    accepted: bool
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        if self.accepted:
            return "accept"
        fatal = [str(problem) for problem in self.problems if problem.kind in ("refused", "build", "machine")]
        return "reject\t" + " | ".join(fatal)
