"""Reading and judging a serial console; a pipe stands in for the guest."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from accelkit.guests.custom import SerialGuest
from accelkit.guests.makers import linux
from accelkit.measure.console import (
    MAX_CONSOLE_BYTES,
    MAX_LINE_BYTES,
    ConsoleLog,
    ConsoleWatcher,
    judge_console,
    seconds_of_run,
)
from accelkit.measure.outcome import Ending
from accelkit.measure.supervise import Run


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name in ("vmlinuz", "initrd"):
        (tmp_path / name).write_text(name)
    return str(tmp_path / "vmlinuz"), str(tmp_path / "initrd")


def run(ending: Ending = "exit", status: int = 0, stderr: str = "") -> Run:
    return Run(ending, status, 1.0, 0.5, 0.1, None, 0, 0, stderr)


class Console:
    """A console that writes one text before each look."""

    def __init__(self, guest: SerialGuest) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        self.watcher = ConsoleWatcher(guest, self._reader)

    def write(self, text: bytes, at: float, *, last: bool = False) -> Ending | None:
        os.write(self._writer, text)
        return self.watcher.look(at, last=last)

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


def test_a_phase_lasts_from_its_first_match_to_that_of_the_next(files: tuple[str, str]) -> None:
    console = Console(linux(*files, until="login: $", phases={"on": "", "kernel": "^Linux", "init": "init"}))
    assert console.write(b"SeaBIOS, init\r\nLinux ver", 0.1) is None
    console.write(b"sion\r\nLinux\r\ninit", 0.2)
    console.write(b" init\r\n", 0.3)
    assert console.write(b"host login: ", 0.4) == "stop"
    log = console.watcher.log()
    assert log == ConsoleLog(0.4, {"on": 0.0, "kernel": 0.1, "init": 0.2}, "", "host login: ")
    assert log.phases(0.5) == pytest.approx({"on": 0.1, "kernel": 0.1, "init": 0.3})
    assert log.phases(None) == pytest.approx({"on": 0.1, "kernel": 0.1})
    console.close()


def test_the_next_phase_is_looked_for_after_the_one_before(files: tuple[str, str]) -> None:
    """Also within a line that arrives in parts, and whose beginning has matched already."""
    console = Console(linux(*files, phases={"one": "ready", "two": "ready"}))
    for at, text in enumerate((b"rea", b"dy", b" and", b" ready", b"\nready\n"), 1):
        console.write(text, float(at))
    assert console.watcher.log().begins == {"one": 2.0, "two": 4.0}
    console.close()


def test_a_phase_begins_in_a_line_that_is_too_long_to_keep(files: tuple[str, str]) -> None:
    console = Console(linux(*files, phases={"one": "begin", "two": "begin"}))
    console.write(b"begin", 1.0)
    for _ in range(2):
        console.write(b"x" * 50_000, 2.0)
    console.write(b"begin", 3.0)
    assert console.watcher.log().begins == {"one": 1.0, "two": 3.0}
    console.close()


def test_a_failure_is_reported_with_its_whole_line(files: tuple[str, str]) -> None:
    console = Console(linux(*files, until="login:"))
    assert console.write(b"[ 1.0] Kernel panic - not syncing: no", 0.1) is None
    assert console.write(b" init found\r\n", 0.2) == "stop"
    log = console.watcher.log()
    assert (log.failure, log.before) == ("Kernel panic - not syncing: no init found", "")
    console.close()


@pytest.mark.parametrize(
    "parts",
    [
        (b"sh: gzip2: not found\n\nKernel panic - not syncing\n",),
        (b"sh: gzip2: not found\n", b"\nKernel panic - not syncing\n"),
    ],
)
def test_a_failure_is_told_with_the_line_before_it(files: tuple[str, str], parts: tuple[bytes, ...]) -> None:
    console = Console(linux(*files))
    assert [console.write(part, 0.1) for part in parts][-1] == "stop"
    assert judge_console(linux(*files), run("stop"), console.watcher.log()) == (
        "exception", "Kernel panic - not syncing; before it: 'sh: gzip2: not found'",
    )  # fmt: skip
    console.close()


def test_a_console_without_end_is_cut_off(files: tuple[str, str]) -> None:
    console = Console(linux(*files))
    sent = 0
    answer: Ending | None = None
    while answer != "flood":
        answer = console.write(b"x" * 60_000, 0.1, last=True)
        sent += 60_000
        assert len(console.watcher._line) <= MAX_LINE_BYTES
        assert sent <= MAX_CONSOLE_BYTES + 60_000
    console.close()


@pytest.mark.parametrize(
    ("until", "result", "log", "cause", "why"),
    [
        ("ok", run("stop"), ConsoleLog(1.0, last="ok"), "ok", ""),
        (None, run(), ConsoleLog(last="bye"), "ok", ""),
        ("ok", run(), ConsoleLog(last="bye"), "silent", "it ended, and 'ok' was not seen; last on the console: 'bye'"),
        ("ok", run("timeout", -9), ConsoleLog(), "timeout", "not ended in time; 'ok' was not seen; nothing on the console"),
        (None, run("timeout", -9), ConsoleLog(last="x"), "timeout",
         "not ended in time; the machine did not end; last on the console: 'x'"),
        ("ok", run("stop"), ConsoleLog(failure="Kernel panic", last="x"), "exception", "Kernel panic"),
        ("ok", run("flood", -9), ConsoleLog(last="x"), "flood",
         "more than 16777216 bytes on the console; killed; last on the console: 'x'"),
        ("ok", run("exit", -11, "a\nb"), ConsoleLog(), "crashed", "ended by SIGSEGV; QEMU said: b"),
        ("ok", run("exit", 1, "qemu: no"), ConsoleLog(), "refused", "qemu: no"),
        ("ok", run("exit", 127, "env: no"), ConsoleLog(), "missing", "env: no"),
        (None, run("exit", 3), ConsoleLog(last="x"), "crashed",
         "exit status 3, not one of (0,); last on the console: 'x'"),
    ],
)  # fmt: skip
def test_console_status_and_stderr_give_the_cause(
    until: str | None, result: Run, log: ConsoleLog, cause: str, why: str, files: tuple[str, str]
) -> None:
    assert judge_console(linux(*files, until=until), result, log) == (cause, why)


def test_a_run_in_which_a_phase_did_not_begin_has_failed(files: tuple[str, str]) -> None:
    guest = linux(*files, phases={"boot": "", "work": "^go"})
    log = ConsoleLog(begins={"boot": 0.0}, last="bye")
    assert judge_console(guest, run("stop"), log) == (
        "silent", "it ended, and the phase 'work' did not begin: '^go' was not seen; last on the console: 'bye'",
    )  # fmt: skip
    assert judge_console(guest, run("stop"), ConsoleLog(begins={"boot": 0.0, "work": 1.0})) == ("ok", "")


def test_the_value_is_when_the_pattern_was_seen_or_the_machine_ended(files: tuple[str, str]) -> None:
    ended = replace(run("stop"), ended=0.75)
    assert seconds_of_run(linux(*files), run(), ConsoleLog()) == 1.0
    assert seconds_of_run(linux(*files), ended, ConsoleLog()) == 0.75
    assert seconds_of_run(linux(*files, until="x"), ended, ConsoleLog(0.5)) == 0.5
    assert seconds_of_run(linux(*files, until="x"), ended, ConsoleLog()) is None
