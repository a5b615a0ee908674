"""A child process in a group of its own, which does not outlive this process however it ends.

On Linux the kernel kills a child when its parent dies if the child has asked for it
(PR_SET_PDEATHSIG, prctl(2)). A program of a few instructions, the guard, asks between fork and exec
(guard/x86_64.S, guard/aarch64.S): no Python code runs there, which could deadlock in a program with
threads. Two traps remain:

- The parent may have died before the child asked. So the guard compares its parent with the process
  that meant to start it, and goes on only if they are the same.
- "Parent" means the thread that started the child: it must stay until the child has ended, as it
  does within the ``with`` block of a :class:`Child`.

Where there is no guard for the host's CPU, or it may not be run, Python code asks after all.
Elsewhere than on Linux nothing prevents that a child outlives a killed parent.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from resource import struct_rusage
from types import TracebackType
from typing import Final, Self

PR_SET_PDEATHSIG: Final = 1
"""Linux's include/uapi/linux/prctl.h."""

GUARDS: Final = Path(__file__).parent / "guard"
"""The guards, each named as ``uname -m`` says; build.sh there builds them."""


class Child:
    """A started process, leader of its session; leaving the ``with`` block ends and reaps it all."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._end: tuple[int, struct_rusage] | None = None
        self.pid = process.pid
        self.pidfd: int | None = None
        """Readable once the process has ended; None where there is no such thing (macOS)."""
        if sys.platform == "linux":
            self.pidfd = os.pidfd_open(process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.reap()

    def kill(self) -> None:
        """Kills the whole group; does nothing once it is reaped."""
        if self._end is None:  # afterwards its number may be another's
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> tuple[int, struct_rusage]:
        """Waits for the end: exit status (minus the signal if one did it), and what was used."""
        if self._end is None:
            if sys.platform == "linux":
                os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
                self.kill()  # what it left behind, while its number cannot be another group's
            _, status, usage = os.wait4(self.pid, 0)
            self._end = os.waitstatus_to_exitcode(status), usage
            self._process.returncode = self._end[0]  # else Popen would wait for it, too
            if self.pidfd is not None:
                os.close(self.pidfd)
        return self._end


def start(command: Sequence[str], *, stdout: int, stderr: int, keep: Sequence[int] = ()) -> Child:
    """The started command, with ``stdout``, ``stderr`` and the descriptors ``keep``; it reads nothing.

    Raises OSError if it cannot be started.
    """
    if (program := shutil.which(command[0])) is None:
        raise FileNotFoundError(errno.ENOENT, "no such program", command[0])
    in_front = guard()
    unguarded = in_front is None and sys.platform == "linux"
    process = subprocess.Popen(
        [*(in_front or ()), program, *command[1:]],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        pass_fds=tuple(keep),
        start_new_session=True,
        # Unsafe in a program with threads, so only without a guard.
        preexec_fn=die_with_parent(os.getpid()) if unguarded else None,  # noqa: PLW1509
    )
    try:
        return Child(process)
    except BaseException:
        process.kill()
        process.wait()
        raise


def guard() -> tuple[str, ...] | None:
    """The words in front of a command that make it die with this process; None without a guard."""
    program = os.path.join(GUARDS, os.uname().machine)
    if sys.platform != "linux" or not os.access(program, os.X_OK):  # in a folder of noexec, too
        return None
    return (program, str(os.getpid()))


def die_with_parent(parent: int) -> Callable[[], None]:
    """The same, to be called between fork and exec in a child of ``parent``."""
    import ctypes  # without a guard, only

    prctl = ctypes.CDLL(None).prctl  # looked up before fork: little is safe after it

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask
