"""Asking the accelkit command: in this process, as one of its own, and in a conversation."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from support.tools import unavailable

from accelkit.cli import main

SCRIPT = Path(sysconfig.get_path("scripts")) / "accelkit"
TIMEOUT = 300.0
"""Seconds that bound a hang, on however slow a host."""


class Ran(NamedTuple):
    status: int
    out: str
    err: str


def ask(*words: str, stdin: bytes = b"") -> Ran:
    """``accelkit WORDS`` in this process, its streams as a shell gives them."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        io.TextIOWrapper(out, "utf-8") as stdout,
        io.TextIOWrapper(err, "utf-8", errors="backslashreplace") as stderr,
        io.TextIOWrapper(io.BytesIO(stdin), "utf-8", newline="\n") as given_in,
        mock.patch.multiple(sys, stdin=given_in, stdout=stdout, stderr=stderr),
    ):
        status = main(words)
        stdout.flush()
        stderr.flush()
        return Ran(status, out.getvalue().decode(errors="surrogateescape"), err.getvalue().decode())


def environment(**changes: str) -> dict[str, str]:
    """This one, without what would make Python flush or warn by itself."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | changes


def command(*words: str, stdin: bytes = b"", start: Sequence[str] = (str(SCRIPT),), **changes: str) -> Ran:
    """``accelkit WORDS`` as a process of its own."""
    done = subprocess.run(
        [*start, *words],
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT,
        env=environment(**changes),
        check=False,
    )
    return Ran(
        done.returncode,
        done.stdout.decode(errors="surrogateescape"),
        done.stderr.decode(errors="surrogateescape"),
    )


def installed_command() -> str:
    """The path of the command ``accelkit``, which a checkout has once it is installed."""
    if not SCRIPT.exists():
        unavailable(f"{SCRIPT} is not there: pip install -e .")
    return str(SCRIPT)


def lines(text: str) -> list[str]:
    return text.splitlines()


@contextlib.contextmanager
def conversation(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running ``accelkit WORDS`` with pipes; killed if it has not ended by itself."""
    # A shell lets what it starts in the background ignore Ctrl-C, and that would be inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "accelkit", *words], stdin=pipe, stdout=pipe, stderr=pipe, env=environment()
    )
    signal.signal(signal.SIGINT, before)
    try:
        yield process
    finally:
        process.kill()
        process.wait(TIMEOUT)
        for end in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(BrokenPipeError):
                end.close()


def answer_to(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    """What ``process`` answers to ``line`` before it gets any more input."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    answer = b""
    deadline = time.monotonic() + TIMEOUT
    while not answer.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"no answer to {line!r} while the pipe is open, only {answer!r}"
        read = os.read(process.stdout.fileno(), 1 << 16)
        assert read, f"the end instead of an answer to {line!r}"
        answer += read
    return answer
