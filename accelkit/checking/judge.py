"""judge: every rule put to one command line, in the order of QEMU's start, and the verdict that follows.

QEMU reads all options, then tries the accelerators one after the other. It skips one that is missing or cannot start;
a bad property ends QEMU; it never looks at those after the first that starts. Source: ``configure_accelerators`` in
``system/vl.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from typing import Final

from accelkit.checking.accelerators import Attempt
from accelkit.checking.command_line import fault_problems, line_problems
from accelkit.checking.machine import has_machine, machine_problems
from accelkit.checking.problem import FATAL, Problem, Verdict, fatal_first
from accelkit.checking.variables import unknown_problems, without_guesses
from accelkit.parsing.command_line import CommandLine
from accelkit.schemas.schema import Schema

_ACCEPTED: Final = Verdict(True, ())


def judge(line: CommandLine, schema: Schema) -> Verdict:
    """Whether the QEMU of ``schema`` accepts ``line``, with every problem.

    >>> from accelkit import bundled
    >>> from accelkit.parsing.lines import read
    >>> judge(read("-accel tcg -cpu host"), bundled("10.0")).accepted
    False
    """
    problems: list[Problem] = fault_problems(line, schema)
    problems += line_problems(line, schema)
    attempt = Attempt(line, schema)
    if line.accels or not line.faults or _names_none(line):
        problems += attempt.problems()
        problems += machine_problems(line, schema, attempt.winner or attempt.candidate)
    if line.variables:
        problems = without_guesses([*problems, *unknown_problems(line)], line.variables)
    if not problems:
        return _ACCEPTED
    kinds = {problem.kind for problem in problems}
    if "machine" in kinds and has_machine(line, schema):
        problems = [
            problem.as_kind("refused") if problem.kind == "machine" else problem for problem in problems
        ]
        kinds.add("refused")
    if not kinds.isdisjoint(FATAL):
        return Verdict(False, fatal_first(problems))
    return Verdict(None if "unknown" in kinds else True, tuple(problems))


def _names_none(line: CommandLine) -> bool:
    """Whether the line has options and names no accelerator in any of them, so that QEMU takes its default."""
    return bool(line.options) and not any(name == "accel" for name, _ in line.options)
