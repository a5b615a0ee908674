"""check and verdict: everything that a QEMU would refuse, found before it runs, in the order of QEMU's start.

QEMU reads all options, then tries the accelerators one after the other. It skips one that is missing or cannot start;
a bad property ends QEMU; it never looks at those after the first that starts. Source: ``configure_accelerators`` in ``system/vl.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from accelkit.checking.command_line import line_problems
from accelkit.checking.icount import counts_instructions
from accelkit.checking.machine import has_xen, machine_problems
from accelkit.checking.problem import Problem, Verdict
from accelkit.checking.properties import owners, problems_of
from accelkit.errors import ComposeError, nearest
from accelkit.parsing.command_line import AccelOption, CommandLine, id_faults
from accelkit.parsing.reader import read
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import Renderable
from accelkit.recipes.table import ACCELERATORS
from accelkit.schemas.schema import Schema, check_schema
from accelkit.syntax.option_map import OptionMap
from accelkit.syntax.qemuopts import Write

#: Accelerators that start without a device or kernel feature, so QEMU never looks at those after them.
ALWAYS_STARTS: Final = frozenset({"tcg", "qtest"})

Checkable = Renderable | CommandLine | str | Sequence[str]


def check(x: Checkable, schema: Schema) -> tuple[Problem, ...]:
    """Every problem that the QEMU of ``schema`` has with ``x``; ``()`` if there is none.

    ``x`` is a recipe, an option map, a fallback, the result of ``parse``, or text: an ``-accel``
    argument, or a whole command line (it begins with ``-``, or is a list of words). Kinds of problems:
    ``refused`` (by every host), ``build`` (this binary lacks the accelerator), ``machine`` (the machine and the rest
    of the line decide), ``host`` (kernel or devices decide), ``deprecated`` (accepted with a warning), ``ignored``
    (accepted, without effect). ``verdict`` says whether QEMU starts.

    Raises ComposeError for a Space: check its points. Raises SchemaError for anything but a schema: write
    ``bundled("10.0")``, not ``"10.0"``.

    >>> from accelkit import bundled, one_insn_per_tb, tcg
    >>> for problem in check(tcg() | one_insn_per_tb(True), bundled("7.2")):
    ...     print(problem)
    tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'; take QEMU 10.0, 11.1, or leave it out
    """
    return verdict(x, schema).problems


def verdict(x: Checkable, schema: Schema) -> Verdict:
    """Whether the QEMU of ``schema`` accepts ``x``, with every problem.

    Rejects ``x`` if a problem is ``refused`` or ``build``, or ``machine`` in a command line that names a machine.
    ``host``, ``deprecated`` and ``ignored`` do not reject, because a captured schema does not know the host; nor
    does ``machine`` without a machine. Raises as :func:`check` does.

    >>> from accelkit import bundled
    >>> verdict("tcg,thread=both", bundled("10.0")).accepted, str(verdict("kvm", bundled("10.0")))
    (False, 'accept')
    """
    check_schema(schema, "check")
    line = command_line(x)
    problems = [Problem("refused", None, None, None, *_cut(fault)) for fault in line.faults]
    problems += line_problems(line, schema)
    attempt = _Attempt(line, schema)
    if line.accels or not line.faults:
        problems += attempt.problems()
        problems += machine_problems(line, schema, attempt.winner)
    fatal = {"refused", "build"} | ({"machine"} if line.machine is not None else set[str]())
    return Verdict(not any(problem.kind in fatal for problem in problems), tuple(problems))


def _cut(fault: str) -> tuple[str, str]:
    """The reason and the remedy of a fault: the text before and after its last semicolon."""
    why, _, remedy = fault.rpartition("; ")
    return why, remedy


def command_line(x: Any) -> CommandLine:
    """``x`` in any of its forms as a command line. Raises ComposeError for other types."""
    if isinstance(x, CommandLine):
        return x
    if isinstance(x, str):
        return read(x)
    if isinstance(x, Recipe):
        return _of_maps((fold(cast("Recipe[Any]", x)),))
    if isinstance(x, OptionMap):
        return _of_maps((x,))
    if isinstance(x, Fallback):
        return _of_maps(tuple(map(fold, x)))
    if isinstance(x, (list, tuple)):
        items = cast("list[Any]", x)
        if all(isinstance(item, str) for item in items):
            return read(items)
        if all(isinstance(item, OptionMap) for item in items):
            return _of_maps(items)
    other: object = cast("object", x)
    many = "; for a space check its points: [check(point, schema) for point in space]"
    raise ComposeError(
        f"check takes a recipe, option map, first_of(…) or a command line, got {type(other).__name__}"
        + (many if hasattr(other, "argvs") else "")
    )


def _of_maps(maps: Sequence[OptionMap]) -> CommandLine:
    accels = tuple(map(_accel_option, maps))
    return CommandLine(accels, faults=tuple(id_faults(accels)))


def _accel_option(options: OptionMap) -> AccelOption:
    if "accel" not in options:
        raise ComposeError(f"{options!r} chooses no accelerator; begin with one, as in tcg() | …")
    writes = tuple(Write(key, text) for key, text in options.items() if key not in ("accel", "id"))
    return AccelOption(options["accel"], writes, options.get("id"))


class _Attempt:
    """QEMU's attempt at one accelerator after the other."""

    def __init__(self, line: CommandLine, schema: Schema) -> None:
        self.line = line
        self.schema = schema
        self.accels = line.accels or tuple(
            AccelOption(name) for name in line.defaults if name in schema.accelerators
        )
        #: The accelerator that runs the guest, as far as the binary decides; None if none can.
        self.winner: AccelOption | None = None

    def problems(self) -> list[Problem]:
        """Every problem with the accelerators up to the first that starts."""
        problems: list[Problem] = []
        skipped: list[Problem] = []  # fatal only if no later accelerator starts
        certain = True  # whether QEMU is sure to try the next one
        if not self.accels:
            why = f"{self.schema.name} has neither {' nor '.join(self.line.defaults)} to default to"
            return [Problem("build", None, None, None, why, "name one that it has")]
        for accel in self.accels:
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
                return skipped_as_ignored(skipped) + problems + ending + stopping
            if stopping:
                skipped += stopping
                continue
            self.winner = accel
            if accel.name in ALWAYS_STARTS:
                break
            certain = False
        if self.winner is None:
            return problems + skipped
        return skipped_as_ignored(skipped) + problems

    def _sorted(self, accel: AccelOption) -> tuple[list[Problem], list[Problem], list[Problem]]:
        """Problems that end QEMU, those that stop only this accelerator, and the rest."""
        ending: list[Problem] = []
        stopping: list[Problem] = []
        other: list[Problem] = []
        writes = self._writes(accel)
        last = {write.key: number for number, write in enumerate(writes)}
        for number, write in enumerate(writes):
            if write.flag is not None and self.schema.version >= (6, 0, 0):
                other.append(_flag(accel.name, write))
            for stage, problem in problems_of(self.schema, accel.name, write):
                if stage != "property" and last[write.key] != number:
                    continue  # start-up uses the last value only
                if write.key == "xen-version" and stage == "init" and not has_xen(self.line.machine or "pc"):
                    stopping.append(
                        problem.as_kind("machine", f"is for PC machines, not {self.line.machine}")
                    )
                elif problem.kind in ("host", "ignored"):
                    other.append(problem)
                elif stage == "init":
                    stopping.append(problem)
                else:
                    ending.append(problem)
        if accel.name in ACCELERATORS and accel.name not in ("kvm", *ALWAYS_STARTS):
            needs = ACCELERATORS[accel.name].needs
            why = f"needs {needs}"
            other.append(Problem("host", accel.name, None, None, why, "check that the host has it"))
        if counts_instructions(self.line.icount) and accel.name == "tcg":
            ending += [
                Problem("refused", "tcg", write.key, write.value,
                        "-icount runs on one thread only", "write thread=single, or leave -icount out")
                for write in writes if write.key == "thread" and write.value == "multi"
            ]  # fmt: skip
        return ending, stopping, other

    def _writes(self, accel: AccelOption) -> tuple[Write, ...]:
        """The writes that set properties of ``accel``: first those that -machine passes on, then its own."""
        known = self.schema.accelerators[accel.name]
        sugar = [Write(write.key.replace("_", "-"), write.value, write.flag) for write in self.line.sugar]
        if self.schema.version >= (6, 1, 0):  # before 6.1 each of several was applied
            sugar = list({write.key: write for write in sugar}.values())
        return (*(Write(key, value) for key, value, _ in sugar if key in known), *accel.writes)

    def _missing(self, accel: AccelOption) -> Problem:
        """The problem of an accelerator that this binary lacks, or that does not exist."""
        row = ACCELERATORS.get(accel.name)
        if row is None:
            if ":" in accel.name:
                parts = " ".join(f"-accel {part}" for part in accel.name.split(":"))
                return Problem("refused", accel.name, None, None, "is not an accelerator", f"write {parts}")
            names = [*self.schema.accelerators, *ACCELERATORS]
            return Problem("refused", accel.name or "''", None, None,
                           "is not an accelerator", nearest(accel.name, dict.fromkeys(names)))  # fmt: skip
        having = owners(accel.name, None, self.schema.target)
        why = f"{self.schema.name} is built without {row.name} (hosts: {row.hosts})"
        return Problem("build", accel.name, None, None, why,
                       f"of those captured {having}" if having else f"take a build for {row.hosts}")  # fmt: skip


def _flag(accel: str, write: Write) -> Problem:
    return Problem("deprecated", accel, None, str(write.flag),
                   "the bare word is deprecated", f"write {write.key}={write.value}")  # fmt: skip


def _on_fallback(problem: Problem) -> Problem:
    """The problem as one of hosts on which the accelerators before it do not start."""
    return problem.as_kind("host", f"only where QEMU falls back to it: {problem.why}")


def skipped_as_ignored(problems: list[Problem]) -> list[Problem]:
    """The problems of alternatives that QEMU skips, as ignored; without those that only its build lacks."""
    return [
        problem.as_kind("ignored", f"{problem.why}, so QEMU skips it")
        for problem in problems
        if problem.kind != "build"
    ]
