"""Reading and judging a serial console; a pipe stands in for the guest."""

from __future__ import annotations

import os
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


def test_phases_are_timed_at_their_first_match(files: tuple[str, str]) -> None:
    console = Console(
        linux(*files, until="login: $", phases={"kernel": "^Linux", "init": "init", "no": "never"})
    )
    assert console.write(b"SeaBIOS\r\nLinux ver", 0.1) is None
    console.write(b"sion\r\nLinux\r\ninit", 0.2)
    console.write(b" init\r\n", 0.3)
    assert console.write(b"host login: ", 0.4) == "stop"
    assert console.watcher.log() == ConsoleLog(0.4, {"kernel": 0.1, "init": 0.2}, "", "host login: ")
    console.close()


def test_a_failure_is_reported_with_its_whole_line(files: tuple[str, str]) -> None:
    console = Console(linux(*files, until="login:"))
    assert console.write(b"[ 1.0] Kernel panic - not syncing: no", 0.1) is None
    assert console.write(b" init found\r\n", 0.2) == "stop"
    assert console.watcher.log().failure == "Kernel panic - not syncing: no init found"
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
