"""Finding and Findings: what a linter says about a place in a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from accelkit.checking.problem import ProblemKind
from accelkit.errors import visible_line


class Finding(NamedTuple):
    """One problem that a QEMU has with a command, and where in the file it stands.

    >>> from accelkit.lint import lint_text
    >>> finding = lint_text("qemu-kvm -accel tcg,thread=both")[0]
    >>> finding.line, finding.column, finding.kind, finding.rejects
    (1, 21, 'refused', True)
    """

    path: str
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    kind: ProblemKind
    why: str
    remedy: str
    rejects: bool
    """Whether QEMU does not start because of it."""
    qemu: str
    """The QEMU that was asked: ``QEMU 11.1.3 (x86_64)``."""
    when: str = ""
    """The way through the script on which it happens, if not on all: ``if [ -w /dev/kvm ]``."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}: {self.kind}: "
        when = f"{self.when}: " if self.when else ""
        return visible_line(f"{place}{when}{self.why}; {self.remedy}")


class Findings(tuple[Finding, ...]):  # noqa: SLOT001  # a tuple takes none that hold something
    """What was found in files or a text, in the order of the places; shown as compilers show it, a line for each.

    >>> from accelkit.lint import lint_text
    >>> findings = lint_text("qemu-kvm -accel kvm; qemu-kvm -accel tcg,thread=both", "run.sh")
    >>> findings.commands, findings.files, findings.status
    (2, 1, 1)
    """

    commands: int
    """How many QEMU commands were judged."""
    files: int
    """How many files have one."""
    qemus: tuple[str, ...]
    """The QEMUs that were asked, as ``QEMU 11.1.3 (x86_64)``."""

    def __new__(
        cls, findings: Iterable[Finding] = (), commands: int = 0, files: int = 0, qemus: Iterable[str] = ()
    ) -> Self:
        self = super().__new__(cls, findings)
        self.commands = commands
        self.files = files
        self.qemus = tuple(dict.fromkeys(qemus))
        return self

    @property
    def status(self) -> int:
        """The exit status of ``accelkit lint``: 0 nothing is refused, 1 something is, 3 only running could tell."""
        if any(finding.rejects for finding in self):
            return 1
        return 3 if any(finding.kind == "unknown" for finding in self) else 0

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, Findings):
            return NotImplemented
        commands, files = self.commands + other.commands, self.files + other.files
        return Findings((*self, *other), commands, files, (*self.qemus, *other.qemus))

    def __repr__(self) -> str:
        return str(self) or f"Findings({self.commands} commands, nothing to say)"

    def __str__(self) -> str:
        return "\n".join(map(str, self))
