"""A child process with all its descendants, which never outlive this process, however this process ends.

On Linux a guard stands between this process and the command that it starts. The guard is the parent of
the command, and as its "subreaper" (PR_SET_CHILD_SUBREAPER, prctl(2)) it becomes the parent of each
process whose own parent ends: of a QEMU behind a wrapper script, behind ``setsid``, behind
``-daemonize``. When the command has ended, or when the guard gets SIGPWR, the guard kills what is left,
down to the last process, and reports. The kernel sends SIGPWR when this process dies, as the guard has
requested it (PR_SET_PDEATHSIG). Three traps remain:

- This process may have died before the guard made the request. So the guard compares its parent with the
  process that meant to start it, and ends if they differ.
- To the kernel the parent is the thread that started the guard: that thread must stay until the command
  has ended, as it does within the ``with`` block of :func:`start`.
- Somebody may kill the guard itself with SIGKILL. Then the kernel kills the command, and this process
  kills the group of both; a process that has left the group with ``setsid`` remains.

The guard starts the command with all signals at their defaults and none blocked, whatever this process
has inherited. Its report says how the command ended and what it took, through a pipe: wait(2) would not
say so where SIGCHLD is ignored, nor where the program that uses accelkit waits for all of its children.
Every signal but SIGPWR that reaches the guard goes on to the command.

A command that runs a container gets SIGTERM first, in time for podman to end it: see container.py.

For packagers: the guards are executables of about 1500 bytes, built from guard/*.S by guard/build.sh, and
kept in the repository so that installing needs no assembler. They are written in assembly because a guard
precedes every QEMU that is measured: without libc and dynamic linker it costs some 80 short system calls.
A test checks that they equal what the sources build. Where none of them can run, guard_in_python.py does
the same, and takes some 20 ms to start. On systems other than Linux there is no guard: the process group is
killed at the end, and a child can outlive a parent that is killed.
"""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage, struct_rusage
from typing import Final

GUARDS: Final = Path(__file__).parent / "guard"
"""The guards; each is named after its CPU, as ``uname -m`` prints it."""

IN_PYTHON: Final = Path(__file__).with_name("guard_in_python.py")

CHILDREN: Final = "/proc/thread-self/children"
"""Where the guard finds its children; a kernel without CONFIG_PROC_CHILDREN lacks it."""

END_SIGNAL: Final = 30
"""SIGPWR, which macOS lacks: ends the guard with its whole tree."""

RECORD: Final = struct.Struct("=4xi18q")
"""The end of a guard's report: four zeros, the command's status as wait(2) has it, its struct rusage."""

LAST_RESORT: Final = 60.0
"""Seconds that a guard has to end a tree before it is killed; only processes that hang in the kernel take long."""


@dataclass(frozen=True, slots=True)
class End:
    """How a command ended, and what it took with all its descendants that were waited for.

    ``status`` is its exit status, minus the signal if one ended it. ``user`` and ``system`` are seconds of
    CPU time; ``max_rss``, in KiB, is the peak memory of its largest process, None if unknown. ``left``
    are the names of processes that the command had left running, which are killed; ``others`` the names of
    those that could not be killed, as they belong to another user.
    """

    status: int
    user: float
    system: float
    max_rss: int | None
    voluntary_switches: int
    involuntary_switches: int
    left: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def notes(self) -> str:
        """Lines about processes that did not end with their command; empty if there were none."""
        notes = ""
        if self.left:
            notes += f"accelkit: ended what the command had left running: {', '.join(self.left)}\n"
        if self.others:
            notes += f"accelkit: may still run, as it belongs to another user: {', '.join(self.others)}\n"
        return notes


class Child:
    """A running command behind its guard; :func:`start` starts one. ``report`` is our end of the report's pipe."""

    def __init__(self, process: subprocess.Popen[bytes], report: int, own_peak: int) -> None:
        self._process, self._report, self._own_peak = process, report, own_peak
        self._end: End | None = None
        self.pid = process.pid
        """The guard's; without a guard the command's."""
        self.pidfd: int | None = None
        """Readable once the command has ended, with its descendants; None without pidfds (macOS)."""
        if sys.platform == "linux":
            self.pidfd = os.pidfd_open(process.pid)

    def kill(self) -> None:
        """Makes the whole tree end, and returns before it has; does nothing once the child is reaped."""
        if self._end is not None:  # the number may belong to another process by now
            return
        with suppress(ProcessLookupError):
            if sys.platform == "linux" and self.pidfd is not None:
                signal.pidfd_send_signal(self.pidfd, END_SIGNAL)
                signal.pidfd_send_signal(self.pidfd, signal.SIGCONT)  # it may have been stopped
            else:
                os.killpg(self.pid, signal.SIGKILL)

    def ends(self, seconds: float) -> bool:
        """Whether the command ends within ``seconds``."""
        if self._end is not None:
            return True
        if self.pidfd is not None:
            poller = select.poll()
            poller.register(self.pidfd, select.POLLIN)
            return bool(poller.poll(1000 * seconds))
        deadline = time.monotonic() + seconds
        while self._process.poll() is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def reap(self) -> End:
        """Waits for the end of the command and its descendants."""
        if self._end is None:
            self._end = self._guarded_end() if sys.platform == "linux" else self._plain_end()
            os.close(self._report)
            if self.pidfd is not None:
                os.close(self.pidfd)
        return self._end

    def _guarded_end(self) -> End:
        assert self.pidfd is not None
        select.select([self.pidfd], [], [])
        status, usage = -signal.SIGKILL, None
        with suppress(
            ChildProcessError
        ):  # SIGCHLD is ignored, or another part of this program has waited for it
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)  # while no other group can have this number
            _, _, usage = os.wait4(self.pid, 0)
        self._process.returncode = status  # or Popen would wait for it as well
        report = b""
        with suppress(BlockingIOError):
            while data := os.read(self._report, 1 << 16):
                report += data
        return _end_of(report) or _end_by(status, usage, self._own_peak)

    def _plain_end(self) -> End:
        if self._process.returncode is not None:  # ends() has seen it
            return _end_by(self._process.returncode, None, self._own_peak)
        _, status, usage = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return _end_by(self._process.returncode, usage, self._own_peak)


def _end_of(report: bytes) -> End | None:
    """What the guard reports; None if it was killed before it could."""
    names, zero, rest = report.partition(b"\0")
    if len(record := zero + rest) != RECORD.size:
        return None
    status, *usage = RECORD.unpack(record)
    lines = [line.decode(errors="replace") for line in names.splitlines()]
    return End(
        status=os.waitstatus_to_exitcode(status),
        user=usage[0] + usage[1] / 1_000_000,
        system=usage[2] + usage[3] / 1_000_000,
        max_rss=usage[4],
        voluntary_switches=usage[16],
        involuntary_switches=usage[17],
        left=tuple(line for line in lines if not line.startswith("!")),
        others=tuple(dict.fromkeys(line[1:] for line in lines if line.startswith("!"))),
    )


def _end_by(status: int, usage: struct_rusage | None, own_peak: int) -> End:
    """The end of a command without a report; its peak may hide behind ``own_peak``, that of this process."""
    if usage is None:
        return End(status, 0.0, 0.0, None, 0, 0)
    peak = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return End(
        status, usage.ru_utime, usage.ru_stime, peak if usage.ru_maxrss > own_peak else None,
        usage.ru_nvcsw, usage.ru_nivcsw,
    )  # fmt: skip


@contextmanager
def start(
    command: Sequence[str], *, stdout: int, stderr: int, keep: Sequence[int] = (), grace: int = 0
) -> Generator[Child]:
    """The process that runs ``command``; the end of the ``with`` block ends and reaps its whole tree.

    It inherits ``stdout``, ``stderr`` and the descriptors ``keep``; its standard input is empty. With
    ``grace`` it gets up to so many SIGTERMs before it is killed. Raises OSError if it cannot be started.
    """
    child = _spawn(command, stdout, stderr, keep, grace)
    try:
        yield child
    finally:
        child.kill()
        if not child.ends(LAST_RESORT):
            os.killpg(child.pid, signal.SIGKILL)
        child.reap()


def _spawn(command: Sequence[str], stdout: int, stderr: int, keep: Sequence[int], grace: int) -> Child:
    if (program := shutil.which(command[0])) is None:
        raise FileNotFoundError(errno.ENOENT, "no such program", command[0])
    report, writer = os.pipe()
    try:
        prefix = guard(writer, grace)
        process = subprocess.Popen(
            [*prefix, program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(*keep, *([writer] if prefix else ())),
            start_new_session=not prefix,  # the guard makes its own
        )
        try:
            os.set_blocking(report, False)
            return Child(process, report, getrusage(RUSAGE_SELF).ru_maxrss)
        except BaseException:
            process.send_signal(END_SIGNAL if prefix else signal.SIGKILL)
            process.wait()
            raise
    except BaseException:
        os.close(report)
        raise
    finally:
        os.close(writer)


def guard(report: int, grace: int = 0) -> tuple[str, ...]:
    """The words to put before a command so that it ends with this process; none where there is no guard."""
    if sys.platform != "linux":
        return ()
    program = os.path.join(GUARDS, os.uname().machine)
    # Not executable on a noexec mount as well.
    able = os.access(program, os.X_OK) and os.access(CHILDREN, os.R_OK)
    words = (program,) if able else (sys.executable, "-I", "-S", str(IN_PYTHON))
    return (*words, str(report), str(os.getpid()), str(grace))
