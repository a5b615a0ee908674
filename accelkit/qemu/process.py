"""A child process in a group of its own that never outlives this process, however this process ends.

On Linux the kernel kills a child when its parent dies, if the child has requested that with
PR_SET_PDEATHSIG (prctl(2)). A program of a few instructions, the guard, requests it between fork and
exec, so that no Python code runs there, which could deadlock in a program with threads. Two traps
remain:

- The parent may have died before the child made the request. So the guard compares its parent with the
  process that meant to start it, and ends if they differ. ``setpriv --pdeathsig`` of util-linux lacks
  this check.
- "Parent" means the thread that started the child: that thread must stay until the child has ended, as
  it does within the ``with`` block of :func:`start`.

For packagers: the guards are executables of 552 bytes (x86_64) and 568 bytes (aarch64), built from
guard/*.S by guard/build.sh, and kept in the repository so that installing needs no assembler. They are
written in assembly because a guard precedes every QEMU that is measured: without libc and dynamic linker
it costs a handful of system calls. A test checks that they equal what the sources build.

Without a guard for this CPU, or where it may not be executed, Python code makes the request between fork
and exec instead. On systems other than Linux a child can outlive a parent that is killed.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import struct_rusage
from typing import Final

PR_SET_PDEATHSIG: Final = 1
"""From Linux's include/uapi/linux/prctl.h."""

GUARDS: Final = Path(__file__).parent / "guard"
"""The guards; each is named after its CPU, as ``uname -m`` prints it."""


class Child:
    """A running process, the leader of its own session; :func:`start` starts one."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._result: tuple[int, struct_rusage] | None = None
        self.pid = process.pid
        self.pidfd: int | None = None
        """Readable once the process has ended; None where the system has no pidfds (macOS)."""
        if sys.platform == "linux":
            self.pidfd = os.pidfd_open(process.pid)

    def kill(self) -> None:
        """Kills the whole process group; does nothing once the process is reaped."""
        if self._result is None:  # afterwards the number may belong to another process group
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> tuple[int, struct_rusage]:
        """Waits for the end; the exit status (minus the signal that ended the process) and the usage."""
        if self._result is None:
            if sys.platform == "linux":
                os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
                self.kill()  # the processes it left behind, while no other group can have this number
            _, status, usage = os.wait4(self.pid, 0)
            self._result = os.waitstatus_to_exitcode(status), usage
            self._process.returncode = self._result[0]  # or Popen would wait for it as well
            if self.pidfd is not None:
                os.close(self.pidfd)
        return self._result


@contextmanager
def start(command: Sequence[str], *, stdout: int, stderr: int, keep: Sequence[int] = ()) -> Generator[Child]:
    """The process that runs ``command``; the end of the ``with`` block kills and reaps its whole group.

    It inherits ``stdout``, ``stderr`` and the descriptors ``keep``; its standard input is empty. Raises
    OSError if it cannot be started.
    """
    child = _spawn(command, stdout, stderr, keep)
    try:
        yield child
    finally:
        child.kill()
        child.reap()


def _spawn(command: Sequence[str], stdout: int, stderr: int, keep: Sequence[int]) -> Child:
    if (program := shutil.which(command[0])) is None:
        raise FileNotFoundError(errno.ENOENT, "no such program", command[0])
    prefix = guard()
    unguarded = prefix is None and sys.platform == "linux"
    process = subprocess.Popen(
        [*(prefix or ()), program, *command[1:]],
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
    """The words to put before a command so that it dies with this process; None without a guard."""
    program = os.path.join(GUARDS, os.uname().machine)
    if sys.platform != "linux" or not os.access(program, os.X_OK):  # False on a noexec mount as well
        return None
    return (program, str(os.getpid()))


def die_with_parent(parent: int) -> Callable[[], None]:
    """What the guard does, as a function to call between fork and exec in a child of ``parent``."""
    import ctypes  # only needed without a guard

    prctl = ctypes.CDLL(None).prctl  # looked up before fork: after it few calls are safe

    def request() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return request
