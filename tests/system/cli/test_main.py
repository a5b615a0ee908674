"""The accelkit command as a process of its own: how it starts, its streams, and how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest
from support.cli import SCRIPT, TIMEOUT, answer_to, command, conversation, environment, installed_command

import accelkit


@pytest.mark.parametrize(
    "start", [[str(SCRIPT)], [sys.executable, "-m", "accelkit"]], ids=["script", "module"]
)
def test_it_starts_as_a_script_and_as_a_module(start: list[str]) -> None:
    if start == [str(SCRIPT)]:
        installed_command()
    assert command("--version", start=start) == (0, f"accelkit {accelkit.__version__}\n", "")


def test_ctrl_c_gives_one_line_and_130() -> None:
    with conversation("check", "--version", "10.0", "-") as process:
        assert answer_to(process, b"kvm\n") == b"accept\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (130, b"", b"accelkit: interrupted\n")


def test_the_stream_ends_quietly_when_its_reader_leaves() -> None:
    with conversation("check", "--version", "10.0", "-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        answer_to(process, b"kvm\n")
        process.stdout.close()

        def feed() -> None:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                while True:
                    process.stdin.write(b"kvm\n" * 1000)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        assert process.wait(TIMEOUT) == 0
        assert process.stderr.read() == b""
        feeder.join(TIMEOUT)
        assert not feeder.is_alive()


@pytest.mark.parametrize(
    "words",
    [
        ["explain"],
        ["check", "kvm"],
        ["--help"],
        ["diff", "7.2", "11.1"],
        ["--version"],
        ["render", "--libvirt", "kvm"],
    ],
)
def test_no_reader_from_the_start_is_not_a_failure(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([sys.executable, "-m", "accelkit", *words], stdout=writer,
                              stderr=subprocess.PIPE, timeout=TIMEOUT, env=environment(), check=False)  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "words", [["explain"], ["check", "kvm"], ["--version"], ["check", "--version", "10.0", "-"]]
)
def test_a_full_disk_is_reported_in_one_line(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "accelkit", *words], stdout=full, input=b"kvm\n",
                              stderr=subprocess.PIPE, timeout=TIMEOUT, env=environment(), check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (2, b"accelkit: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "status"), [("check kvm", 0), ("check -", 0), ("check", 2), ("check kvm,x=1", 1)]
)
def test_closed_streams_change_no_status(closed: str, words: str, status: int) -> None:
    line = f'exec "$0" -m accelkit {words} {closed}'
    ran = command("-c", line, sys.executable, start=["/bin/sh"])
    assert ran.status == status
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_without_the_characters_is_shown_their_codes(encoding: str) -> None:
    ran = command("explain", "tb_size", start=[sys.executable, "-m", "accelkit"], PYTHONIOENCODING=encoding)
    assert (ran.status, ran.err) == (0, "")
    assert ("tb_size(…)" if encoding == "utf-8" else r"tb_size(\u2026)") in ran.out
