"""The guards as programs: what they do on both CPUs, and that their sources build the same bytes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.tools import tool

from accelkit.qemu import process

TARGETS = ("x86_64", "aarch64")


@pytest.fixture(params=TARGETS)
def guard(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The command that runs the guard of a target on this host; the one for another CPU in QEMU's user emulation."""
    target = request.param
    emulator = () if os.uname().machine == target else (tool(f"qemu-{target}"),)
    return (*emulator, str(process.GUARDS / target))


def run(guard: Sequence[str], parent: int, *words: str) -> tuple[int | None, str, str]:
    """The status in the guard's report, None without one; and what the command wrote."""
    report, writer = os.pipe()
    line = [*guard, str(writer), str(parent), "0", *words]
    process_ = subprocess.run(
        line, capture_output=True, text=True, check=False, timeout=60, pass_fds=(writer,)
    )
    os.close(writer)
    with os.fdopen(report, "rb") as file:
        end = process._end_of(file.read())
    return None if end is None else end.status, process_.stdout, process_.stderr


def test_the_guard_runs_the_program_with_its_words_and_its_environment(
    guard: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCELKIT_TEST", "kept")
    script = 'echo "$0/$1/$2/$ACCELKIT_TEST"; exit 7'
    words = ("/bin/sh", "-c", script, "a", "b  c", "")
    assert run(guard, os.getpid(), *words) == (7, "a/b  c//kept\n", "")


def test_a_child_does_not_start_when_its_parent_is_gone_already(guard: tuple[str, ...]) -> None:
    """As if the parent had died between fork and the request to the kernel: the guard has another parent."""
    for parent in (1, os.getppid(), os.getpid() + 10, os.getpid() * 10):
        assert run(guard, parent, "/bin/echo", "started") == (None, "", "")


def test_a_program_that_cannot_be_run_is_named(guard: tuple[str, ...], tmp_path: Path) -> None:
    text = tmp_path / "qemu-system-none"
    text.write_text("not a program\n")
    text.chmod(0o755)
    for program in (str(text), str(tmp_path), str(tmp_path / "absent")):
        assert run(guard, os.getpid(), program) == (126, "", f"{program}: cannot be run\n")


def test_the_program_ends_when_the_parent_dies(guard: tuple[str, ...]) -> None:
    """The parent is a process between this one and the program, which prints its number; then the parent is killed."""
    code = (
        "import subprocess, sys, os\n"
        "subprocess.run([*sys.argv[1:-3], '2', str(os.getpid()), '0', *sys.argv[-3:]])"
    )
    words = [sys.executable, "-c", code, *guard, "/bin/sh", "-c", "echo $$; exec sleep 600"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        try:
            parent.kill()
            assert select.select([child], [], [], 20)[0] == [child]
        finally:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            os.close(child)


def test_the_source_builds_the_same_bytes(tmp_path: Path) -> None:
    for target in TARGETS:
        other = "" if os.uname().machine == target else f"{target}-linux-gnu-"
        for program in ("as", "ld"):
            tool(f"{other}{program}")
    subprocess.run([process.GUARDS / "build.sh", tmp_path], check=True, timeout=120)
    for target in TARGETS:
        assert (tmp_path / target).read_bytes() == (process.GUARDS / target).read_bytes()
        assert os.access(process.GUARDS / target, os.X_OK)
