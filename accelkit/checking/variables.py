"""What nobody can say: values that only a shell knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accelkit.checking.problem import Problem
from accelkit.parsing.command_line import CommandLine


def variable_in(text: str | None, variables: Sequence[str]) -> str | None:
    """The first of ``variables`` that is a piece of ``text``; None if none is.

    >>> variable_in("${SIZE}M", ["$A", "${SIZE}"])
    '${SIZE}'
    """
    if text is None:
        return None
    return next((name for name in variables if name in text), None)


def of_variable(name: str, accel: str | None, key: str | None, value: str | None) -> Problem:
    """The problem of a value that the variable ``name`` decides."""
    what = "a variable"
    if name.startswith("${{"):
        what = "an expression of the workflow"
    elif name.startswith("$") and not name.startswith("$("):
        what = "a shell variable"
    return Problem("unknown", accel, key, value, f"{name} is {what}", "its value decides")


def unknown_problems(line: CommandLine) -> Iterator[Problem]:
    """The values outside ``-accel`` that decide and are not known."""
    variables = line.variables
    for option, text in (("-machine", line.machine), ("-cpu", (line.cpu or "").split(",")[0])):
        if (name := variable_in(text, variables)) is not None:
            yield of_variable(name, None, None, f"{option} {text}")
    for write in line.icount:
        if (name := variable_in(f"{write.key}={write.value}", variables)) is not None:
            yield of_variable(name, None, None, f"-icount {write.flag or f'{write.key}={write.value}'}")
    for option, texts in (("-device", line.devices), ("-global", line.globals)):
        for text in texts:
            if (name := variable_in(text.split(",")[0], variables)) is not None:
                yield of_variable(name, None, None, f"{option} {text}")
    for stray in line.strays:
        if (name := variable_in(stray.word, variables)) is not None:
            yield of_variable(name, None, None, stray.word)


def without_guesses(problems: Sequence[Problem], variables: Sequence[str]) -> list[Problem]:
    """``problems`` without those that were found in the name of a variable: these are unknown, each once."""
    kept: dict[Problem, None] = {}
    for problem in problems:
        if problem.kind != "unknown" and (name := _guessed(problem, variables)) is not None:
            kept[of_variable(name, problem.accel, problem.property, problem.value)] = None
        else:
            kept[problem] = None
    return list(kept)


def _guessed(problem: Problem, variables: Sequence[str]) -> str | None:
    texts = (problem.accel, problem.property, problem.value, problem.why)
    return next((name for text in texts if (name := variable_in(text, variables)) is not None), None)
