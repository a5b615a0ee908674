"""Attempt: QEMU's attempt at one accelerator after the other, until one starts.

QEMU skips an accelerator that is missing or cannot start; a bad property ends QEMU; it never looks at those after the
first that starts. Source: ``configure_accelerators`` in ``system/vl.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from accelkit.checking.advice import may_run, runs, starts
from accelkit.checking.icount import counts_instructions
from accelkit.checking.problem import Problem, is_fatal
from accelkit.checking.properties import problems_of, versions_with
from accelkit.checking.variables import of_variable, variable_in
from accelkit.checking.x86 import X86, has_xen
from accelkit.errors import nearest
from accelkit.parsing.command_line import AccelOption, CommandLine
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import lifetime
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemuopts import Write, escape, split

#: Accelerators that start without a device or kernel feature, so QEMU never looks at those after them.
ALWAYS_STARTS: Final = frozenset({"tcg", "qtest"})

#: What makes a host ready for an accelerator.
_PREPARED: Final = {
    "xen": "run QEMU in Xen's dom0, as root",
    "hvf": "sign the QEMU binary with it, as codesign does",
    "nvmm": "load the module nvmm, and run QEMU as root or in the group nvmm",
    "whpx": "switch the feature on, and restart Windows",
    "mshv": "take a host on which Linux is the root partition of Microsoft's hypervisor",
    "nitro": "take an EC2 instance that was started with enclaves enabled",
    "hax": "install it",
}


class Attempt:
    """QEMU's attempt at one accelerator after the other."""

    def __init__(self, line: CommandLine, schema: Schema) -> None:
        self.line = line
        self.schema = schema
        self.accels = line.accels or tuple(
            AccelOption(name) for name in line.defaults if name in schema.accelerators
        )
        #: What -machine passes on, the last of each; ``earlier`` before 6.1, for the first accelerator of a name.
        self.sugar: tuple[Write, ...] = ()
        self.earlier: dict[str, list[Write]] = {}
        if line.sugar:
            sugar = [Write(write.key.replace("_", "-"), write.value) for write in line.sugar]
            self.sugar = tuple({write.key: write for write in sugar}.values())
            if schema.version < (6, 1, 0):
                self.earlier = dict.fromkeys(schema.accelerators, sugar)
        #: The accelerator that runs the guest, as far as the binary decides; None if none can.
        self.winner: AccelOption | None = None
        #: The one that would run it without the problems that keep it from starting, where there is no winner.
        self.candidate: AccelOption | None = None

    def problems(self) -> list[Problem]:
        """Every problem with the accelerators up to the first that starts."""
        problems: list[Problem] = []
        skipped: list[Problem] = []  # fatal only if no later accelerator starts
        certain = True  # whether QEMU is sure to try the next one
        variables = self.line.variables
        if not self.accels:
            why = f"{self.schema.name} has neither {' nor '.join(self.line.defaults)} to default to"
            return [Problem("build", None, None, None, why, "name one that it has")]
        for number, accel in enumerate(self.accels):
            if variables and (name := variable_in(accel.name, variables)) is not None:
                problems.append(of_variable(name, accel.name, None, None))
                certain = False
                continue
            if accel.name not in self.schema.accelerators:
                if certain:
                    skipped.append(self._missing(accel))
                continue
            ending, stopping, other = self._sorted(accel)
            if not certain:
                problems += [_on_fallback(problem) for problem in ending]
                problems += other
                continue
            problems += other
            if ending:
                self.candidate = accel
                return _as_ignored(skipped, self.line, self.schema) + problems + ending + stopping
            if stopping:
                self.candidate = self.candidate or accel
                skipped += stopping
                continue
            self.winner = accel
            if accel.name in ALWAYS_STARTS:
                if number + 1 < len(self.line.accels):  # what QEMU tries by default is no one's mistake
                    problems += _never_reached(self.line.accels, number)
                break
            certain = False
        if self.winner is None:
            return problems + skipped
        return _as_ignored(skipped, self.line, self.schema) + problems

    def _sorted(self, accel: AccelOption) -> tuple[list[Problem], list[Problem], list[Problem]]:
        """Problems that end QEMU, those that stop only this accelerator, and the rest."""
        ending: list[Problem] = []
        stopping: list[Problem] = []
        other: list[Problem] = []
        writes = self._writes(accel)
        last: dict[str, int] = {}  # where each property is set for the last time; few lines need it
        for number, write in enumerate(writes):
            if self.line.variables and (
                name := variable_in(f"{write.key}={write.value}", self.line.variables)
            ):
                other.append(of_variable(name, accel.name, write.key, write.value))
                continue
            staged = problems_of(self.schema, accel.name, write)
            refused = any(is_fatal(problem) for _, problem in staged)
            if write.flag is not None and not refused and self.schema.version >= (6, 0, 0):
                other.append(_flag(accel.name, write))
            if not staged:
                continue
            last = last or {write.key: number for number, write in enumerate(writes)}
            for stage, problem in staged:
                if stage != "property" and last[write.key] != number:
                    continue  # start-up uses the last value only
                if problem.fix and write.key not in self.schema.accelerators[accel.name]:
                    problem = self._respelt(accel.name, write, problem)  # noqa: PLW2901  # the line decides its advice
                if write.key == "xen-version" and stage == "init" and not has_xen(self.line.machine or "pc"):
                    stopping.append(_no_xen(accel.name, write, self.line.machine or ""))
                elif problem.kind in ("host", "ignored"):
                    other.append(problem)
                elif stage == "init":
                    stopping.append(problem)
                else:
                    ending.append(problem)
        if accel.name in ACCELERATORS and accel.name not in ("kvm", *ALWAYS_STARTS):
            why, remedy = f"needs {ACCELERATORS[accel.name].needs}", _PREPARED[accel.name]
            other.append(Problem("host", accel.name, None, None, why, remedy))
        foreign = self.schema.target not in X86 and self.schema.origin_of("kvm") == "derived"
        if accel.name == "kvm" and foreign:  # no binary was captured on a host where it has kvm
            why = f"needs a host of the guest's own kind, {self.schema.target}"
            other.append(Problem("host", "kvm", None, None, why, "on any other host write -accel tcg"))
        if counts_instructions(self.line.icount) and accel.name == "tcg":
            ending += [
                Problem("refused", "tcg", write.key, write.value,
                        "-icount runs on one thread only", "write thread=single, or leave -icount out",
                        (Edit("accel", "thread=multi", ("thread=single",), "tcg"),))
                for write in writes if write.key == "thread" and write.value == "multi"
            ]  # fmt: skip
        return ending, stopping, other

    def _respelt(self, accel: str, write: Write, problem: Problem) -> Problem:
        """A problem of a key that the accelerator lacks; without the key that was meant where that would not start."""
        edit = problem.fix[-1]
        for text in edit.new:
            if not starts(accel, split(text, "")[0], self.line, self.schema):
                return problem._replace(remedy="leave it out", fix=(edit._replace(new=()),))
        return problem

    def _writes(self, accel: AccelOption) -> tuple[Write, ...]:
        """The writes that set properties of ``accel``: first those that -machine passes on, then its own."""
        known = self.schema.accelerators[accel.name]
        # For a second one of the name, what an earlier value does is among the problems already.
        sugar = self.earlier.pop(accel.name, self.sugar)
        return (*(write for write in sugar if write.key in known), *accel.writes)

    def _missing(self, accel: AccelOption) -> Problem:
        """The problem of an accelerator that this binary lacks, or that does not exist."""
        row = ACCELERATORS.get(accel.name)
        if row is None:
            return Problem("refused", accel.name or "''", None, None, *self._misspelt(accel))
        name, target = self.schema.name, self.schema.target
        life = lifetime(accel.name, None, target)
        if life is None or not life.has(self.schema.version):
            having = versions_with(accel.name, None, target)
            return Problem("build", accel.name, None, None, f"{name} has no {row.name} (hosts: {row.hosts})",
                           f"take {having}" if having else f"leave it out: no QEMU has it for {target}")  # fmt: skip
        why = f"{name} is built without {row.name} (hosts: {row.hosts})"
        elsewhere = not row.hosts.startswith(("all", "Linux"))
        return Problem("build", accel.name, None, None, why,
                       f"take a build for {row.hosts}" if elsewhere else f"take a build with {row.name}")  # fmt: skip

    def _misspelt(self, accel: AccelOption) -> tuple[str, str, Fix]:
        """Why a name is that of no accelerator, what to do, and the edits that do it."""
        name, why = accel.name, "is not an accelerator"
        first, *rest = name.split(",")
        if rest:  # two commas in -accel, which are one in the name
            meant = AccelOption(first, split(f"{first},{','.join(rest)}", "")[1:] + accel.writes)
            why += ": two commas are one in the name"
            remedy = f"write -accel {first},{','.join(rest)}"
            return why, remedy, self._edits(name, meant) if first in ACCELERATORS else ()
        names = name.split(":")
        if names[1:] and names[0] in PROPERTIES:
            key, value = names[0], ":".join(names[1:])
            owner = PROPERTIES[key].accelerators[0].name
            meant = AccelOption(owner, (Write(key, value), *accel.writes))
            return why, f"write -accel {owner},{key}={value}", self._edits(name, meant)
        if names[1:]:
            options = [word for part in names for word in ("-accel", part)]
            known = any(part in self.schema.accelerators for part in names) and not accel.writes
            fix = (Edit("accel", "", tuple(options), name),) if known else ()
            return f"{why}: -accel takes one name", f"write {' '.join(options)}", fix
        remedy, close = _nearest(name, tuple(dict.fromkeys([*self.schema.accelerators, *ACCELERATORS])))
        return why, remedy, self._edits(name, accel._replace(name=close)) if close else ()

    def _edits(self, name: str, meant: AccelOption) -> Fix:
        """Edits that put ``meant`` in the place of ``name``, wherever the line names it; none if that would not run."""
        if not runs(meant, self.line, self.schema):
            return ()
        added = len(meant.writes) - sum(len(accel.writes) for accel in self.accels if accel.name == name)
        elements = tuple([f"{write.key}={escape(write.value)}" for write in meant.writes[:added]])
        if any(option == "accel" for option, _ in self.line.options) or not self.line.options:
            return (Edit("accel", "accel", (f"accel={meant.name}", *elements), name),)
        listed = ":".join(escape(accel.name) for accel in self.accels)
        names = [meant.name if accel.name == name else accel.name for accel in self.accels]
        if elements:
            return (Edit("machine", "accel", (f"accel={':'.join(names)}",)),
                    Edit("accel", None, elements, meant.name))  # fmt: skip
        return (Edit("machine", f"accel={listed}", (f"accel={':'.join(names)}",)),)


@lru_cache(maxsize=1024)
def _nearest(name: str, known: tuple[str, ...]) -> tuple[str, str | None]:
    """The name in ``known`` that was probably meant, None if none was; and first the same as a remedy."""
    remedy = nearest(name, known)
    return remedy, next((other for other in known if remedy == f"did you mean {other!r}?"), None)


def _never_reached(accels: Sequence[AccelOption], first: int) -> Iterator[Problem]:
    """The accelerators after the one at ``first``, which always starts: QEMU never looks at them."""
    winner = accels[first].name
    tried = {accel.name for accel in accels[: first + 1]}
    for accel in accels[first + 1 :]:
        remedy = "leave it out"
        if accel.name in tried:
            remedy = f"give one -accel {accel.name} all the properties"
        elif accel.name in ACCELERATORS:
            remedy = f"write it before {winner}, or leave it out"
        why = f"QEMU never looks at it, because {winner} stands before it and always starts"
        yield Problem("ignored", accel.name or "''", None, None, why, remedy)


def _flag(accel: str, write: Write) -> Problem:
    written = f"{write.key}={write.value}"
    return Problem("deprecated", accel, None, str(write.flag), "the bare word is deprecated", f"write {written}",
                   (Edit("accel", str(write.flag), (written,), accel),))  # fmt: skip


def _no_xen(accel: str, write: Write, machine: str) -> Problem:
    return Problem("machine", accel, write.key, write.value, f"is for PC machines, not {machine}",
                   "leave it out, or take -machine q35", (Edit("accel", write.key, (), accel),))  # fmt: skip


def _on_fallback(problem: Problem) -> Problem:
    """The problem as one of hosts on which the accelerators before it do not start."""
    return problem.as_kind("host", f"only where QEMU falls back to it: {problem.why}")


def _as_ignored(problems: list[Problem], line: CommandLine, schema: Schema) -> list[Problem]:
    """The problems of alternatives that QEMU skips, as ignored; without those that only its build lacks."""
    return [
        problem._replace(
            kind="ignored",
            why=f"{problem.why}, so QEMU skips it",
            fix=problem.fix if problem.fix and may_run(problem.accel or "", line, schema) else (),
        )
        for problem in problems
        if problem.kind != "build"
    ]
