"""The guard, by which a child dies with its parent: what it does, and that it is what its source builds."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
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
    """What runs the guard of a target on this host: the aarch64 one in QEMU's user emulation, and the other way."""
    target = request.param
    emulator = () if os.uname().machine == target else (tool(f"qemu-{target}"),)
    return (*emulator, str(process.GUARDS / target))


def run(words: Sequence[str]) -> tuple[int, str, str]:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_it_becomes_the_program_with_its_words_and_its_environment(
    guard: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCELKIT_TEST", "kept")
    script = 'echo "$0/$1/$2/$ACCELKIT_TEST/$PPID"; exit 7'
    words = (*guard, str(os.getpid()), "/bin/sh", "-c", script, "a", "b  c", "")
    assert run(words) == (7, f"a/b  c//kept/{os.getpid()}\n", "")


def test_a_child_whose_parent_is_gone_already_does_not_start(guard: tuple[str, ...]) -> None:
    """As if the parent died between fork and the question to the kernel: the child sees another one."""
    for parent in (1, os.getppid(), os.getpid() + 10, os.getpid() * 10):
        assert run((*guard, str(parent), "/bin/echo", "started")) == (1, "", "")


def test_what_cannot_be_run_is_named(guard: tuple[str, ...], tmp_path: Path) -> None:
    text = tmp_path / "qemu-system-none"
    text.write_text("no program\n")
    text.chmod(0o755)
    for program in (str(text), str(tmp_path), str(tmp_path / "absent")):
        assert run((*guard, str(os.getpid()), program)) == (126, "", f"{program}: cannot be run\n")


def test_it_has_the_kernel_kill_the_program_when_the_parent_dies(guard: tuple[str, ...]) -> None:
    """The parent is a process between us and the program; it tells the program's number and is killed."""
    code = "import subprocess, sys, os; subprocess.run([*sys.argv[1:-4], str(os.getpid()), *sys.argv[-3:]])"
    words = [sys.executable, "-c", code, *guard, "PARENT", "/bin/sh", "-c", "echo $$; exec sleep 600"]
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


def test_one_is_found_for_this_host_and_none_where_it_may_not_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert process.guard() == (str(process.GUARDS / os.uname().machine), str(os.getpid()))
    shutil.copy(process.GUARDS / os.uname().machine, tmp_path)
    monkeypatch.setattr(process, "GUARDS", tmp_path)
    assert process.guard() is not None
    (tmp_path / os.uname().machine).chmod(0o644)
    assert process.guard() is None


def test_it_is_byte_for_byte_what_the_source_builds(tmp_path: Path) -> None:
    for target in TARGETS:
        other = "" if os.uname().machine == target else f"{target}-linux-gnu-"
        for program in ("as", "ld"):
            tool(f"{other}{program}")
    subprocess.run([process.GUARDS / "build.sh", tmp_path], check=True, timeout=120)
    for target in TARGETS:
        assert (tmp_path / target).read_bytes() == (process.GUARDS / target).read_bytes()
        assert os.access(process.GUARDS / target, os.X_OK)
