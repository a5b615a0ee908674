"""Judging a run of a command."""

from __future__ import annotations

import pytest

from accelkit.guests.makers import command
from accelkit.measure.command import judge_command
from accelkit.measure.outcome import Ending
from accelkit.measure.supervise import Run


def run(ending: Ending = "exit", status: int = 0, stderr: str = "") -> Run:
    return Run(ending, status, 1.0, 0.5, 0.1, None, 0, 0, stderr)


@pytest.mark.parametrize(
    ("words", "result", "cause", "why"),
    [
        (["-S"], run(), "ok", ""),
        (["-S"], run("exit", 1, "qemu: no"), "refused", "qemu: no"),
        (
            ["x", "{accel}"],
            run("exit", 1, "x: no"),
            "crashed",
            "exit status 1, not one of (0,); it said: x: no",
        ),
        (["x", "{accel}"], run("exit", 127, "x: no"), "missing", "x: no"),
        (["-S"], run("exit", -6, ""), "crashed", "ended by SIGABRT"),
        (["-S"], run("timeout", -9, "a"), "timeout", "not ended in time; it said: a"),
        (["-S"], run("flood", -9), "flood", "more than 16777216 bytes of output; killed"),
    ],
)
def test_status_and_stderr_give_the_cause(words: list[str], result: Run, cause: str, why: str) -> None:
    assert judge_command(command(words), result) == (cause, why)
