"""The guard as a Python program, for hosts on which its executable cannot run; process.py explains both.

    python -I -S guard_in_python.py REPORT PARENT GRACE PROGRAM [ARGUMENT …]

It also finds children where the kernel does not list them (CONFIG_PROC_CHILDREN), from /proc/PID/stat.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from contextlib import suppress
from resource import RUSAGE_CHILDREN, getrusage
from typing import NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
"""From Linux's include/uapi/linux/prctl.h."""

END_SIGNAL = signal.SIGPWR
"""Ends the tree. Nothing else sends it to an ordinary process."""

INTERVAL = 0.2
"""Seconds between two SIGTERMs: the init process of a container ignores the signal until it has installed a
handler (pid_namespaces(7)), so the first ones may be lost."""

DELAY = 5
"""Intervals before the first one: podman leaves a created, unstarted container if signalled earlier."""

NAMES = 64
"""At most so many names go into the report, which must fit into its pipe."""

RECORD = struct.Struct("=4xi18q")
"""The end of a report: four zeros, the command's status as wait(2) has it, its struct rusage (getrusage(2))."""


class Guard:
    """Starts a command, waits for its end, ends what it has started, and reports."""

    def __init__(self, parent: int, grace: int, words: list[str], report: int) -> None:
        self._report, self._grace, self._names = report, grace, NAMES
        self._status = int(signal.SIGKILL)  # of a command that could not even be killed
        self._prctl = ctypes.CDLL(None).prctl
        with suppress(PermissionError):  # it leads a group already
            os.setsid()
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_DFL)
        self._prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._prctl(PR_SET_PDEATHSIG, END_SIGNAL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the request
        guard = os.getpid()
        self._command = os.fork()
        if self._command == 0:
            self._become(guard, words)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        for name in os.listdir("/dev/fd") if os.path.isdir("/dev/fd") else ():
            if int(name) > 2 and int(name) != report:
                with suppress(OSError):
                    os.close(int(name))

    def _become(self, guard: int, words: list[str]) -> NoReturn:
        self._prctl(PR_SET_PDEATHSIG, signal.SIGTERM if self._grace else signal.SIGKILL, 0, 0, 0)
        if os.getppid() != guard:
            os._exit(1)
        os.close(self._report)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        with suppress(OSError):
            os.execv(words[0], words)  # noqa: S606 - no shell on purpose
        os.write(2, os.fsencode(f"{words[0]}: cannot be run\n"))
        os._exit(126)

    def watch(self) -> None:
        """Returns when the command has ended, or is to end, and with it all that it has started."""
        while True:
            number = signal.sigwait(signal.valid_signals())
            if number == END_SIGNAL:
                if not self._ends_by_sigterm():
                    self._clean(left_behind=False)
                return
            if number != signal.SIGCHLD:  # any other signal is meant for the command
                os.kill(self._command, number)
                continue
            while (process := self._reap(-1, os.WNOHANG)) > 0:
                if process == self._command:
                    if not self._grace:  # or podman has ended: leave conmon to remove its container
                        self._clean(left_behind=True)
                    return

    def report(self) -> NoReturn:
        """Writes the record, then kills the group: the guard, and what is left of a container's command."""
        usage = getrusage(RUSAGE_CHILDREN)
        times = (number for time in usage[:2] for number in divmod(round(time * 1_000_000), 1_000_000))
        with suppress(OSError):
            os.write(self._report, RECORD.pack(self._status, *times, *map(int, usage[2:])))
        os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def _ends_by_sigterm(self) -> bool:
        for turn in range(-DELAY, self._grace) if self._grace else ():
            if turn >= 0:
                os.killpg(0, signal.SIGTERM)  # the guard itself blocks it
            signal.sigtimedwait((signal.SIGCHLD,), INTERVAL)
            if self._reap(self._command, os.WNOHANG) == self._command:
                return True
        return False

    def _clean(self, *, left_behind: bool) -> None:
        """Kills all children; theirs become children of the guard, until there is none."""
        while True:
            while (process := self._reap(-1, os.WNOHANG)) > 0:
                pass
            if process < 0 or not (processes := children()):
                return
            killed = 0
            for process in processes:
                try:
                    os.kill(process, signal.SIGKILL)
                except OSError:  # it belongs to another user
                    self._name(process, "!")
                else:
                    killed += 1
                    if left_behind:
                        self._name(process, "")
            if not killed:
                return
            for _ in range(killed):
                self._reap(-1, 0)

    def _reap(self, which: int, options: int) -> int:
        """A process that has ended; 0 if none has; -1 without children."""
        try:
            process, status = os.waitpid(which, options)
        except ChildProcessError:
            return -1
        if process == self._command:
            self._status = status
        return process

    def _name(self, process: int, mark: str) -> None:
        self._names -= 1
        if self._names >= 0:
            with suppress(OSError), open(f"/proc/{process}/comm", "rb") as file:
                os.write(self._report, mark.encode() + file.read())


def children() -> list[int]:
    """The children of this process."""
    with suppress(OSError), open("/proc/thread-self/children", "rb") as file:
        return [int(word) for word in file.read().split()]
    own, numbers = os.getpid(), list[int]()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        with suppress(OSError, ValueError, IndexError), open(f"/proc/{int(name)}/stat", "rb") as file:
            if (
                int(file.read().rpartition(b")")[2].split()[1]) == own
            ):  # proc(5): behind the name, which may hold anything
                numbers.append(int(name))
    return numbers


if __name__ == "__main__":
    guard = Guard(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:], int(sys.argv[1]))
    guard.watch()
    guard.report()
